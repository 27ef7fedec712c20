"""Leaky integrate-and-fire, the same with a learned leak, and without leak."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from spikesight.base.errors import InputError
from spikesight.deep.neurons.neuron import Neuron
from spikesight.deep.neurons.parameters import PerChannel, per_channel
from spikesight.equations import leaky
from spikesight.equations.contract import Equation
from spikesight.equations.leaky import Capacitor, Charge, Resistor
from spikesight.equations.reset import Reset, ToValue
from spikesight.equations.surrogate import ArcTan, Surrogate

Drive = Capacitor | Resistor | Charge


class Leaking(Neuron):
    """What neurons with a leak, a drive and a reset have in common: constants that follow from learned ones."""

    def __init__(self, equation: Equation, params: tuple[Any, ...], **more: Any) -> None:
        super().__init__(equation, params, **more)
        if "decay" in self.learn and isinstance(params[0].drive, Capacitor):
            raise InputError("the gain of a Capacitor follows from tau: learn the decay with drive=Charge()")

    def tied(self, values: dict[str, Any]) -> dict[str, Any]:
        """See `Neuron`: a resistor's gain is R (1 - decay), subtraction lands the threshold lower."""
        drive = self.params[0].drive
        if "decay" in self.learn and "gain" not in self.learn and isinstance(drive, Resistor):
            values["gain"] = drive.resistance * (1.0 - values["decay"])
        return self._landed(values, self.params[0].reset)


class LIF(Leaking):
    """Leaky integrate-and-fire: v decays by exp(-dt / tau) in a step, gains the input, fires where it reaches the
    threshold.

    `tau`, `refractory` and `dt` in seconds. With `Charge` the input is added as it is; with `Resistor` it is the
    voltage that v would settle at. `tau` and `threshold` may be sequences, one number for each channel; `learn` names
    what is learned of "decay", "gain", "rest", "threshold", "landing".
    Errors: InputError for a tau that is not positive, and those of `Neuron`.
    """

    def __init__(
        self,
        tau: PerChannel = 2e-3,
        threshold: PerChannel = 1.0,
        reset: Reset = ToValue(0.0),
        *,
        drive: Drive = Charge(),  # noqa: B008 (frozen)
        refractory: float = 0.0,
        dt: float = 1e-3,
        surrogate: Surrogate = ArcTan(),  # noqa: B008 (frozen)
        through_reset: bool = True,
        learn: Sequence[str] = (),
    ) -> None:
        params = per_channel(
            leaky.Params, tau=tau, threshold=threshold, reset=reset, refractory=refractory, drive=drive
        )
        more = {"dt": dt, "surrogate": surrogate, "through_reset": through_reset, "learn": learn}
        super().__init__(leaky.EQUATION, params, **more)


class IF(LIF):
    """Integrate-and-fire: v gains the input, and keeps it until it fires."""

    def __init__(
        self,
        threshold: PerChannel = 1.0,
        reset: Reset = ToValue(0.0),
        *,
        refractory: float = 0.0,
        dt: float = 1e-3,
        surrogate: Surrogate = ArcTan(),  # noqa: B008 (frozen)
        through_reset: bool = True,
        learn: Sequence[str] = (),
    ) -> None:
        super().__init__(
            math.inf,
            threshold,
            reset,
            refractory=refractory,
            dt=dt,
            surrogate=surrogate,
            through_reset=through_reset,
            learn=learn,
        )


class PLIF(LIF):
    """Parametric leaky integrate-and-fire: a `LIF` whose decay is learned, as the sigmoid of a number.

    It begins with `tau` seconds; a sequence gives each channel a decay of its own, a single number one to all. As
    published the input is scaled by 1 - decay (`Resistor`).   Source: Fang et al., ICCV 2021.
    """

    def __init__(
        self,
        tau: PerChannel = 2e-3,
        threshold: PerChannel = 1.0,
        reset: Reset = ToValue(0.0),
        *,
        drive: Resistor | Charge = Resistor(),  # noqa: B008 (frozen)
        refractory: float = 0.0,
        dt: float = 1e-3,
        surrogate: Surrogate = ArcTan(),  # noqa: B008 (frozen)
        through_reset: bool = True,
    ) -> None:
        super().__init__(
            tau,
            threshold,
            reset,
            drive=drive,
            refractory=refractory,
            dt=dt,
            surrogate=surrogate,
            through_reset=through_reset,
            learn=("decay",),
        )
