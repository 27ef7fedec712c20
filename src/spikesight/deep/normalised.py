"""Layers of normalised neurons: weights and neurons in one, as thresholds and what a spike takes follow from weights.

With lateral connections a spike takes from every neuron that shares its inputs, as much as their weights are alike:
what it has told, the others need not tell again.
Source: Zimmer et al. 2019; Pellegrini, Zimmer & Masquelier, IEEE SLT 2021.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from spikesight.base.errors import InputError
from spikesight.deep.temporal import Temporal
from spikesight.equations.normalised import TINY
from spikesight.equations.surrogate import Sigmoid, Surrogate
from spikesight.executors.lateral_op import Neurons, run

DECAY, THRESHOLD, SPREAD, GAIN = 0.7, 1.0, 0.01, 0.15
"""Means and deviation that decays and thresholds are drawn with; weights have a deviation of `GAIN` / sqrt(fan in)."""

FLAT = Sigmoid(10.0, scale=0.1)
"""sigmoid(10 u) sigmoid(-10 u): a peak of 1/4. The derivative of sigmoid(10 u) is ten times as large, `STEEP`."""

STEEP = Sigmoid(10.0)


class NormalisedState(NamedTuple):
    """Membranes and what the last spikes take from them, (B, C, ...); the inputs (B, ..., frames) still needed."""

    v: Tensor
    taken: Tensor
    past: Tensor


class Normalised(Temporal):
    """What such layers have in common: `weight` (C, ...), a learned `decay` for the layer, a learned `threshold` (C,).

    A decay is held within 0 to 1, a threshold at 0 or above, where they are used.
    Errors: InputError for a layer without inputs or neurons.
    """

    decayed = ("weight",)
    fires = True

    def __init__(self, shape: tuple[int, ...], lateral: bool, surrogate: Surrogate, through_reset: bool) -> None:
        super().__init__()
        if min(shape) < 1:
            raise InputError(f"weights of shape {shape} make no layer: each number is 1 at least")
        self.lateral, self.surrogate, self.through_reset = lateral, surrogate, through_reset
        fan_in = math.prod(shape[1:])
        self.weight = nn.Parameter(GAIN / math.sqrt(fan_in) * torch.randn(shape))
        self.decay = nn.Parameter(DECAY + SPREAD * torch.randn(()))
        self.threshold = nn.Parameter(THRESHOLD + SPREAD * torch.randn(shape[0]))

    def neurons(self) -> Neurons:
        """Return the constants of the neurons as they are now."""
        flat, threshold = self.weight.flatten(1), self.threshold.clamp(min=0.0)
        norm = flat.square().sum(1)
        taking = flat @ flat.T if self.lateral else threshold * norm
        return Neurons(self.decay.clamp(0.0, 1.0), norm + TINY, threshold, taking)

    def fired(self, current: Tensor, state: NormalisedState | None) -> tuple[Tensor, Tensor, Tensor]:
        """Return spikes (T, B, C, ...) of a current, and v and taken (B, C, ...) after it.

        Errors: InputError where the state has another shape, or a parameter is no number any more.
        """
        who = type(self).__name__
        begun = (torch.zeros_like(current[0]),) * 2 if state is None else (state.v, state.taken)
        shapes = {tuple(one.shape) for one in begun}
        if shapes != {tuple(current.shape[1:])}:
            raise InputError(f"the state of {who} has shapes {sorted(shapes)}, expected {tuple(current.shape[1:])}")
        neurons = self.neurons()
        if not torch.compiler.is_compiling() and not bool(torch.isfinite(neurons.taking).all()):
            raise InputError(f"{who}: weights or thresholds are no numbers any more: training has diverged")
        v, taken = (one.reshape(*current.shape[1:3], -1) for one in begun)
        whole = current.reshape(*current.shape[:3], -1)
        spikes, v, taken = run(whole, v, taken, neurons, self.surrogate, self.through_reset)
        return spikes.reshape(current.shape), v.reshape(current.shape[1:]), taken.reshape(current.shape[1:])

    @abstractmethod
    def run(self, x: Tensor, state: NormalisedState | None = None) -> tuple[Tensor, NormalisedState]:
        """See `Temporal`."""


class NormalisedDense(Normalised):
    """All inputs (T, B, n) to `neurons` neurons: spikes (T, B, neurons)."""

    def __init__(
        self,
        inputs: int,
        neurons: int,
        *,
        lateral: bool = False,
        surrogate: Surrogate = FLAT,
        through_reset: bool = True,
    ) -> None:
        super().__init__((neurons, inputs), lateral, surrogate, through_reset)

    def run(self, x: Tensor, state: NormalisedState | None = None) -> tuple[Tensor, NormalisedState]:
        """See `Temporal`.   Errors: InputError for inputs or a state of another shape."""
        if x.ndim != 3 or x.shape[2] != self.weight.shape[1] or not len(x):
            raise InputError(f"this layer takes (T, B, {self.weight.shape[1]}), got {tuple(x.shape)}")
        spikes, v, taken = self.fired(functional.linear(x, self.weight), state)
        return spikes, NormalisedState(v, taken, x[0, :, :0])

    def extra_repr(self) -> str:
        """Return the sizes."""
        neurons, inputs = self.weight.shape
        return f"{inputs}, {neurons}, lateral={self.lateral}"


class NormalisedConv(Normalised):
    """A convolution over time and frequency with `kernel` taps, `dilation` apart, for (T, B, channels, F).

    As published it looks ahead: half of its taps lie in the future, ends are filled with zeros, and the output is as
    long as the input; such a layer cannot go on from a state. With `causal` it sees the past alone, and can. Output:
    spikes (T, B, neurons, F).
    """

    def __init__(
        self,
        channels: int,
        neurons: int,
        kernel: tuple[int, int],
        dilation: tuple[int, int] = (1, 1),
        *,
        lateral: bool = True,
        causal: bool = False,
        surrogate: Surrogate = FLAT,
        through_reset: bool = True,
    ) -> None:
        super().__init__((neurons, channels, *kernel), lateral, surrogate, through_reset)
        if min(dilation) < 1:
            raise InputError(f"taps lie 1 or more apart, got {dilation}")
        self.dilation, self.causal = dilation, causal

    def run(self, x: Tensor, state: NormalisedState | None = None) -> tuple[Tensor, NormalisedState]:
        """See `Temporal`.   Errors: InputError for inputs or a state of another shape, and a state unless causal."""
        if x.ndim != 4 or x.shape[2] != self.weight.shape[1] or not len(x):
            raise InputError(f"this layer takes (T, B, {self.weight.shape[1]}, F), got {tuple(x.shape)}")
        if state is not None and not self.causal:
            raise InputError("a convolution that looks ahead cannot go on from a state: make it with causal=True")
        reach, across = ((k - 1) * d for k, d in zip(self.weight.shape[2:], self.dilation, strict=True))
        steps, bands = len(x), x.shape[3]
        seen = x.permute(1, 2, 0, 3)
        sides = (-(-across // 2), -(-across // 2))
        if self.causal:
            past = seen.new_zeros(*seen.shape[:2], reach, bands) if state is None else state.past
            if past.shape != (*seen.shape[:2], reach, bands):
                raise InputError(f"the state holds frames {tuple(past.shape)} of another input than {tuple(x.shape)}")
            seen = torch.cat([past, seen], 2)
            padded = functional.pad(seen, sides)
        else:
            padded = functional.pad(seen, (*sides, -(-reach // 2), -(-reach // 2)))
        current = functional.conv2d(padded, self.weight, dilation=self.dilation)[:, :, :steps, :bands]
        kept = seen[:, :, seen.shape[2] - reach :] if self.causal else seen[:, :, :0]
        spikes, v, taken = self.fired(current.permute(2, 0, 1, 3), state)
        return spikes, NormalisedState(v, taken, kept)

    def extra_repr(self) -> str:
        """Return the sizes."""
        neurons, channels, *kernel = self.weight.shape
        return f"{channels}, {neurons}, {tuple(kernel)}, {self.dilation}, lateral={self.lateral}, causal={self.causal}"


class NormalisedReadout(nn.Module):
    """Scores without a state or spikes: (N, n) to (N, K), `x W / norm - threshold`; their mean over time is read."""

    def __init__(self, inputs: int, classes: int) -> None:
        super().__init__()
        if min(inputs, classes) < 1:
            raise InputError(f"a readout has an input and a class at least, got {inputs} and {classes}")
        self.weight = nn.Parameter(GAIN / math.sqrt(inputs) * torch.randn(classes, inputs))
        self.threshold = nn.Parameter(THRESHOLD + SPREAD * torch.randn(classes))

    def forward(self, x: Tensor) -> Tensor:
        """Return the scores."""
        norm = self.weight.square().sum(1) + TINY
        return functional.linear(x, self.weight) / norm - self.threshold


class LeakyReadout(Temporal):
    """Membranes that never fire, divided by the norm: (T, B, n) to (T, B, K), whose largest over time is read."""

    def __init__(self, inputs: int, classes: int) -> None:
        super().__init__()
        self.readout = NormalisedReadout(inputs, classes)
        self.decay = nn.Parameter(DECAY + SPREAD * torch.randn(()))

    def run(self, x: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """See `Temporal`; the state is the membranes (B, K)."""
        weight, decay = self.readout.weight, self.decay.clamp(0.0, 1.0)
        current = functional.linear(x, weight)
        v = torch.zeros_like(current[0]) if state is None else state
        if v.shape != current.shape[1:]:
            raise InputError(f"the state has shape {tuple(v.shape)}, expected {tuple(current.shape[1:])}")
        membranes = []
        for now in current:
            v = now + decay * (v - now)
            membranes.append(v)
        norm = weight.square().sum(1) + TINY
        return torch.stack(membranes) / norm - self.readout.threshold, v
