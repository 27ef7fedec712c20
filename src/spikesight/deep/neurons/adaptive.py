"""Leaky integrate-and-fire with an adaptive threshold."""

from __future__ import annotations

from collections.abc import Sequence

from spikesight.deep.neurons.leaky import Drive, Leaking
from spikesight.deep.neurons.parameters import PerChannel, per_channel
from spikesight.equations import adaptive
from spikesight.equations.leaky import Resistor
from spikesight.equations.reset import Reset, Subtract
from spikesight.equations.surrogate import ArcTan, Surrogate


class ALIF(Leaking):
    """Adaptive leaky integrate-and-fire: each spike raises the threshold by `jump`, which fades with `tau_theta`.

    It fires where v exceeds (>) threshold + theta. Times in seconds; `tau`, `threshold`, `tau_theta` and `jump` may be
    sequences, one number for each channel; `learn` names what is learned of "decay", "decay_theta", "jump",
    "threshold", "gain", "rest", "landing".   Source: Bellec et al., NeurIPS 2018.
    Errors: InputError for times that are not positive, for NoReset, and those of `Neuron`.
    """

    def __init__(
        self,
        tau: PerChannel = 20e-3,
        threshold: PerChannel = 1.0,
        reset: Reset = Subtract(),  # noqa: B008 (frozen)
        *,
        tau_theta: PerChannel = 200e-3,
        jump: PerChannel = 0.1,
        drive: Drive = Resistor(),  # noqa: B008 (frozen)
        refractory: float = 0.0,
        dt: float = 1e-3,
        surrogate: Surrogate = ArcTan(),  # noqa: B008 (frozen)
        through_reset: bool = True,
        learn: Sequence[str] = (),
    ) -> None:
        params = per_channel(
            adaptive.Params,
            tau=tau,
            threshold=threshold,
            reset=reset,
            tau_theta=tau_theta,
            jump=jump,
            drive=drive,
            refractory=refractory,
        )
        more = {"dt": dt, "surrogate": surrogate, "through_reset": through_reset, "learn": learn}
        super().__init__(adaptive.EQUATION, params, **more)
