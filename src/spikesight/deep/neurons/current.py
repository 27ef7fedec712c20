"""Leaky integrate-and-fire with synapses that conduct for a while."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from spikesight.deep.neurons.neuron import Neuron
from spikesight.deep.neurons.parameters import PerChannel, per_channel
from spikesight.equations import synaptic
from spikesight.equations.reset import Reset, ToValue
from spikesight.equations.surrogate import ArcTan, Surrogate

NEAR = 1e-4
"""Where so close, (exp(d) - 1) / d is 1 + d / 2 to the last digit of single precision."""


class CUBA(Neuron):
    """Current-based leaky integrate-and-fire: the input is added to a current i, which fades with `tau_syn` and drives
    v, which leaks with `tau`.

    Times in seconds. `tau`, `tau_syn` and `threshold` may be sequences, one number for each channel; `learn` names what
    is learned of "decay", "decay_syn", "threshold", "rest", "landing".
    Errors: InputError for times that are not positive or equal, and those of `Neuron`.
    """

    def __init__(
        self,
        tau: PerChannel = 10e-3,
        tau_syn: PerChannel = 5e-3,
        threshold: PerChannel = 1.0,
        reset: Reset = ToValue(0.0),
        *,
        refractory: float = 0.0,
        dt: float = 1e-3,
        surrogate: Surrogate = ArcTan(),  # noqa: B008 (frozen)
        through_reset: bool = True,
        learn: Sequence[str] = (),
    ) -> None:
        params = per_channel(
            synaptic.Params, tau=tau, tau_syn=tau_syn, threshold=threshold, reset=reset, refractory=refractory
        )
        super().__init__(
            synaptic.EQUATION, params, dt=dt, surrogate=surrogate, through_reset=through_reset, learn=learn
        )

    def tied(self, values: dict[str, Any]) -> dict[str, Any]:
        """See `Neuron`: what a current moves the membrane by follows from both decays.

        tau_syn / (tau_syn - tau) (decay_syn - decay) is a decay (exp(d) - 1) / d, with a = dt / tau and
        d = a - dt / tau_syn; so written it has its limit, a decay, where the decays have become equal.
        """
        if {"decay", "decay_syn"} & set(self.learn):
            membrane, synapse = (self._tensor(values[name]) for name in ("decay", "decay_syn"))
            leak = -torch.log(membrane)
            apart = leak + torch.log(synapse)
            near = apart.abs() < NEAR
            far = torch.where(near, torch.ones_like(apart), apart)
            values["transfer"] = leak * membrane * torch.where(near, 1.0 + apart / 2.0, torch.expm1(far) / far)
            values["gain"] = 1.0 - membrane
        return self._landed(values, self.params[0].reset)
