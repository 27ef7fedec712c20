"""Leaky integration without spikes, for the output of a network."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from spikesight.base.errors import InputError
from spikesight.deep.neurons.leaky import Drive, Leaking
from spikesight.deep.neurons.parameters import PerChannel, per_channel, wide
from spikesight.equations import leaky
from spikesight.equations.leaky import Resistor


class LeakyIntegrator(Leaking):
    """Membranes that never fire: the output is v (T, B, ...) after each step, for a readout to reduce.

    `tau` in seconds, infinite with `Charge` for a plain sum; it may be a sequence, one number for each channel. `learn`
    names what is learned of "decay", "gain", "rest". Of half precision, v is float32 until it is given out.
    Errors: those of `LIF`, and InputError for a sequence without a step.
    """

    fires = False

    def __init__(
        self,
        tau: PerChannel = 20e-3,
        *,
        drive: Drive = Resistor(),  # noqa: B008 (frozen)
        dt: float = 1e-3,
        learn: Sequence[str] = (),
    ) -> None:
        params = per_channel(leaky.Params, tau=tau, threshold=math.inf, drive=drive)
        super().__init__(leaky.EQUATION, params, dt=dt, learn=learn)

    def run(self, x: Tensor, state: Any | None = None) -> tuple[Tensor, Any]:
        """See `Temporal`."""
        v, ready = self.begun(x, state)
        if not len(x):
            raise InputError(f"a membrane is integrated over a step at least, got an input of {tuple(x.shape)}")
        constants, membranes = self.constants(x), []
        for current in x.to(wide(x.dtype)):
            v, _ = leaky.advance(v, ready, current, ready, torch.where, *constants)  # ready in every step
            membranes.append(v)
        return torch.stack(membranes).to(x.dtype), leaky.State(v, ready)
