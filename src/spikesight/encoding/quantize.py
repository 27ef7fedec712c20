"""A leaky integrate-and-fire neuron as a quantiser: a constant input, an observation window, a count of spikes.

A value u drives a neuron that starts at 0 and is reset to 0. Its first spike comes after

    delay(u) = -tau ln(1 - threshold / (R u))

(never, where R u does not exceed the threshold), each later one after the same time and the refractory time. The count
in a window T is the index of the quantiser: a dead zone that ends at u(T), then cells that are uniform while T is
short against tau times the count, of width threshold tau / (R T). Without leak (tau infinite, a `Capacitor`) they are
uniform throughout.

The neuron is `equations.leaky.Params`: what is quantised here in closed form is what an executor simulates step by
step. Values and threshold share one unit, grey levels for example (R = 1); seconds for the rest.

Source: Doutsi, Fillatre, Antonini & Gaulmin, Neuro-inspired quantization, ICIP 2018; the formulas are the exact
solution of Gerstner & Kistler 2002, section 4.1, for a constant current.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.equations.leaky import Charge, Params
from spikesight.equations.reset import ToValue
from spikesight.equations.time_constants import gain

Values = NDArray[np.float64]
Counts = NDArray[np.int64]

NEURON = Params(tau=20e-3, threshold=10.0)
"""For grey levels of 0 to 255: 20 ms, a threshold of 10, an input of 1 per grey level."""

ROUNDING = 1e-9
"""Of an interval: a spike at the very end of the window counts, whichever way its time was rounded."""

FAINTEST = 1e-300
"""Thresholds per second: what climbs slower takes longer than any number of seconds."""


def checked_neuron(neuron: Params) -> Params:
    """Return `neuron`.

    Errors: InputError where it does not start at 0 and return to 0, or is driven by kicks instead of a current.
    """
    if neuron.rest != 0.0 or neuron.reset != ToValue(0.0):
        raise InputError(
            f"a quantiser starts from 0 and is reset to 0, this neuron has rest {neuron.rest} and {neuron.reset}: "
            "shift the values instead"
        )
    if isinstance(neuron.drive, Charge):
        raise InputError("a quantiser is driven by a constant current: use drive=Resistor(...) or Capacitor(...)")
    if neuron.threshold <= 0.0 or neuron.refractory < 0.0:
        raise InputError(
            f"a threshold above 0 and a refractory time of 0 or more are needed, got {neuron.threshold} and "
            f"{neuron.refractory}"
        )
    return neuron


def dead_zone(neuron: Params) -> float:
    """Return threshold / R, the value that never makes `neuron` fire however long it is watched; 0 without leak."""
    return 0.0 if math.isinf(neuron.tau) else neuron.threshold / (_climb(neuron) * neuron.tau)


def delay(values: NDArray[Any], neuron: Params) -> Values:
    """Return the time to the first spike, infinite where there is none.

    Shapes: values (...) -> (...).   Units: seconds.   Errors: InputError on NaN, or a neuron that is no quantiser.
    """
    climb = _climb(checked_neuron(neuron)) * _checked(values)
    driven = climb > neuron.threshold * FAINTEST
    straight: Values = np.divide(neuron.threshold, climb, out=np.full(climb.shape, math.inf), where=driven)
    if math.isinf(neuron.tau):
        return straight
    fires = straight < neuron.tau
    return np.where(fires, -neuron.tau * np.log1p(-np.where(fires, straight, 0.0) / neuron.tau), math.inf)


def inverse(delays: NDArray[Any], neuron: Params) -> Values:
    """Return the values whose first spike comes after `delays`: the decoder of a perfect clock.

    Shapes: delays (...) -> (...). An infinite delay gives the end of the dead zone, no delay an infinite value.
    Errors: InputError on negative delays or NaN.
    """
    d = _checked(delays)
    if d.size and d.min() < 0.0:
        raise InputError(f"delays are seconds >= 0, the lowest is {d.min():g}")
    leaky = math.isfinite(neuron.tau)
    span = -neuron.tau * np.expm1(-d / neuron.tau) if leaky else d
    values: Values = np.divide(
        neuron.threshold / _climb(neuron), span, out=np.full(d.shape, math.inf), where=span > 0.0
    )
    return values


def count(values: NDArray[Any], neuron: Params, window: float) -> Counts:
    """Return the number of spikes within `window` seconds, its last instant included.

    Shapes: values (...) -> (...).   Errors: as `delay`; InputError where the window is not positive.
    """
    return _spikes_within(delay(values, neuron), neuron.refractory, _checked_window(window))


def clocked_delay(values: NDArray[Any], neuron: Params, dt: float) -> Values:
    """Return the delay as a clock of period `dt` measures it: rounded up to a whole number of ticks.

    Shapes, units, errors: as `delay`.
    """
    return dt * np.ceil(delay(values, neuron) / dt - ROUNDING)


def clocked_count(values: NDArray[Any], neuron: Params, window: float, dt: float) -> Counts:
    """Return the number of spikes of a simulation in exact exponential steps of `dt`: it rounds every interval up.

    Shapes, errors: as `count`; a window of less than a tick holds no spike. An executor gives the same numbers.
    """
    ticks = round(_checked_window(window) / dt)
    return _spikes_within(clocked_delay(values, neuron, dt), dt * round(neuron.refractory / dt), dt * ticks)


def level(n: NDArray[Any], neuron: Params, window: float) -> Values:
    """Return u_n, the value from which on there are `n` spikes in `window`; halves give values within a cell.

    Shapes: n (...) -> (...). u_0 is 0; infinite where refractory times alone fill the window.
    Errors: InputError on negative numbers.
    """
    numbers = _checked(n)
    if numbers.size and numbers.min() < 0.0:
        raise InputError(f"spikes are counted from 0, got {numbers.min():g}")
    some = numbers > 0.0
    whole = np.divide(window + neuron.refractory, numbers, out=np.zeros(numbers.shape), where=some)
    reached = inverse(np.maximum(whole - neuron.refractory, 0.0), neuron)
    return np.where(some, reached, 0.0)


def uniform_step(neuron: Params, window: float) -> float:
    """Return threshold tau / (R window), the width of the cells in the limit of short intervals."""
    return neuron.threshold / (_climb(neuron) * window)


class Quantiser(Protocol):
    """Turns values (...) into counts of spikes (...), and knows from which value on there are n of them."""

    def __call__(self, values: NDArray[Any]) -> Counts:
        """Return how often each value makes its neuron fire."""

    def level(self, n: NDArray[Any]) -> Values:
        """Return the value from which on there are `n` spikes."""


@dataclass(frozen=True)
class LifQuantizer:
    """One neuron per value, watched for `window` seconds. Values of either sign: see `OnOff`."""

    neuron: Params = NEURON
    window: float = 100e-3

    def __post_init__(self) -> None:
        checked_neuron(self.neuron)
        _checked_window(self.window)

    def __call__(self, values: NDArray[Any]) -> Counts:
        """Return the counts; 0 for negative values.   Errors: InputError on NaN."""
        return count(values, self.neuron, self.window)

    def level(self, n: NDArray[Any]) -> Values:
        """Return u_n: cell n is [u_n, u_(n + 1))."""
        return level(n, self.neuron, self.window)


@dataclass(frozen=True)
class ClockedLifQuantizer:
    """The same, simulated in steps of `dt` seconds: every interval is rounded up to whole steps."""

    neuron: Params = NEURON
    window: float = 100e-3
    dt: float = 0.1e-3

    def __post_init__(self) -> None:
        checked_neuron(self.neuron)
        _checked_window(self.window)
        if not 0.0 < self.dt <= self.window:
            raise InputError(f"a step lasts more than 0 and at most the window of {self.window} s, got {self.dt}")

    def __call__(self, values: NDArray[Any]) -> Counts:
        """Return the counts; 0 for negative values.   Errors: InputError on NaN."""
        return clocked_count(values, self.neuron, self.window, self.dt)

    def level(self, n: NDArray[Any]) -> Values:
        """Return the levels of a perfect clock: what a decoder assumes that does not know the encoder's."""
        return level(n, self.neuron, self.window)


@dataclass(frozen=True)
class OnOff:
    """Values of either sign: one neuron for what is above 0 and one for what is below, of which at most one fires."""

    quantizer: Quantiser

    def __call__(self, values: NDArray[Any]) -> Counts:
        """Return counts (2, ...): of the ON neurons, then of the OFF neurons.   Errors: InputError on NaN."""
        signed = _checked(values)
        return np.stack([self.quantizer(np.maximum(side, 0.0)) for side in (signed, -signed)])


def _climb(neuron: Params) -> float:
    """Return how fast an input of 1 moves a membrane at 0: 1 / C, which is R / tau."""
    return neuron.drive.gain(neuron.tau, 1.0) / gain(neuron.tau, 1.0)


def _spikes_within(delays: Values, refractory: float, window: float) -> Counts:
    period = delays + refractory
    fires = np.isfinite(period)
    number = np.divide(window + refractory, period, out=np.zeros(period.shape), where=fires)
    return np.floor(number + ROUNDING).astype(np.int64)


def _checked(values: NDArray[Any]) -> Values:
    array = np.asarray(values, np.float64)
    if np.isnan(array).any():
        raise InputError(f"{int(np.isnan(array).sum())} of {array.size} values are NaN: clean the input first")
    return array


def _checked_window(window: float) -> float:
    if not 0.0 < window < math.inf:
        raise InputError(f"neurons are watched for a positive number of seconds, got {window}")
    return window
