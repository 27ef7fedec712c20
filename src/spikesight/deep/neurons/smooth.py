"""Neurons with a smooth threshold: a spike is a charge that is let through while the membrane crosses a zone.

``tau_syn ds/dt = -s + g(v) dv/dt`` with a gate g around the threshold whose integral is 1: every crossing deposits a
charge of 1, whatever the speed, and everything is differentiable: gradients are exact, no surrogate stands in for them.
Taken literally in steps the charge of a fast crossing is wrong (0 or 2 instead of 1), so it is deposited as the
difference of the primitive of g, which is 1 exactly. Where the membrane turns back inside the zone, it takes back what
it gave. Source: Huh & Sejnowski, Gradient descent for spiking neural networks, NeurIPS 2018.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor

from spikesight.base.errors import InputError
from spikesight.deep.temporal import Temporal
from spikesight.equations import leaky
from spikesight.equations.leaky import Charge, Resistor
from spikesight.equations.reset import NoReset, ToValue
from spikesight.equations.time_constants import check_positive, decay


class Gate(Protocol):
    """A density around the threshold, `half_width` (volts) to either side, told by its primitive."""

    @property
    def half_width(self) -> float:
        """Volts to either side of the threshold; a field of a frozen dataclass will do."""

    def primitive(self, u: Tensor) -> Tensor:
        """Return the integral of the gate up to u volts over the threshold: 0 before it, 1 behind it."""


@dataclass(frozen=True)
class BoxGate:
    """The same everywhere in the zone: 1 / (2 delta)."""

    half_width: float = 0.1

    def __post_init__(self) -> None:
        check_positive(half_width=self.half_width)

    def primitive(self, u: Tensor) -> Tensor:
        """See `Gate`."""
        return (0.5 + u / (2.0 * self.half_width)).clamp(0.0, 1.0)


@dataclass(frozen=True)
class TriangleGate:
    """Rising evenly to 1 / delta at the threshold, and falling."""

    half_width: float = 0.1

    def __post_init__(self) -> None:
        check_positive(half_width=self.half_width)

    def primitive(self, u: Tensor) -> Tensor:
        """See `Gate`."""
        z = (u / self.half_width).clamp(-1.0, 1.0)
        return torch.where(z < 0.0, (1.0 + z) ** 2 / 2.0, 1.0 - (1.0 - z) ** 2 / 2.0)


@dataclass(frozen=True)
class CosineGate:
    """(1 + cos(pi u / delta)) / (2 delta), smooth at the edges too."""

    half_width: float = 0.1

    def __post_init__(self) -> None:
        check_positive(half_width=self.half_width)

    def primitive(self, u: Tensor) -> Tensor:
        """See `Gate`."""
        z = (u / self.half_width).clamp(-1.0, 1.0)
        return (1.0 + z + torch.sin(math.pi * z) / math.pi) / 2.0


class SmoothState(NamedTuple):
    """Membrane (volts), and synaptic trace (charges), both (B, ...)."""

    v: Tensor
    s: Tensor


class SmoothLIF(Temporal):
    """Leaky neurons with a smooth threshold; the output (T, B, ...) is their synaptic trace s, not spikes of 0 and 1.

    A whole crossing of `gate`'s zone around `threshold` adds 1 to s, which fades with `tau_syn`; the paper's s is
    that over tau_syn. With `NoReset` the membrane comes back through the zone and takes its charge back. With
    `ToValue` it jumps once it has left the zone upwards, which deposits nothing; no gradient passes that jump.
    Times in seconds.   Errors: InputError for times that are not positive, and a reset into the zone.
    """

    def __init__(
        self,
        tau: float = 10e-3,
        tau_syn: float = 10e-3,
        threshold: float = 1.0,
        reset: ToValue | NoReset = ToValue(0.0),
        *,
        gate: Gate = CosineGate(0.3),
        drive: Resistor | Charge = Resistor(),  # noqa: B008 (frozen)
        dt: float = 1e-3,
    ) -> None:
        super().__init__()
        check_positive(tau_syn=tau_syn)
        if isinstance(reset, ToValue) and reset.value > threshold - gate.half_width:
            raise InputError(
                f"the reset to {reset.value} lies in the zone from {threshold - gate.half_width} to "
                f"{threshold + gate.half_width}, or above it: a lower value, or a narrower gate"
            )
        self.params = leaky.Params(tau=tau, threshold=math.inf, drive=drive)
        self.threshold, self.reset, self.gate, self.dt, self.tau_syn = threshold, reset, gate, dt, tau_syn
        self._constants = leaky.constants(self.params, dt)
        self._fading = decay(tau_syn, dt)

    def run(self, x: Tensor, state: SmoothState | None = None) -> tuple[Tensor, SmoothState]:
        """See `Temporal`."""
        if x.ndim < 2 or not len(x):
            raise InputError(f"SmoothLIF takes a current (T, B, ...) of a step at least, got {tuple(x.shape)}")
        v, s = (torch.zeros_like(x[0]), torch.zeros_like(x[0])) if state is None else state
        if v.shape != x.shape[1:]:
            raise InputError(f"the state of SmoothLIF has shape {tuple(v.shape)}, the input is {tuple(x.shape)}")
        traces = []
        for current in x:
            v, s = self._step(v, s, current)
            traces.append(s)
        return torch.stack(traces), SmoothState(v, s)

    def extra_repr(self) -> str:
        """Return threshold, gate, reset and times."""
        return f"tau={self.params.tau}, tau_syn={self.tau_syn}, threshold={self.threshold}, {self.gate}, {self.reset}"

    def _step(self, v: Tensor, s: Tensor, current: Tensor) -> tuple[Tensor, Tensor]:
        ready: Any = torch.zeros((), dtype=torch.int32, device=v.device)
        moved, _ = leaky.advance(v, ready, current, ready, torch.where, *self._constants)
        before, after = (self.gate.primitive(u - self.threshold) for u in (v, moved))
        s = self._fading * s + (after - before)
        if isinstance(self.reset, ToValue):
            over = moved - self.threshold >= self.gate.half_width
            moved = torch.where(over, torch.full_like(moved, self.reset.value), moved)
        return moved, s
