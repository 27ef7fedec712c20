"""Stronger inputs fire earlier: laws from a value to the time of its only spike, and back.

An input of 0 never fires, whatever the law. In steps or in seconds, as each says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies, smallest
from spikesight.encoding.rank import checked_intensities

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Linear:
    """``t = (1 - x / largest) duration`` seconds; what is at or above `largest` fires at 0.

    Source: Falez et al. 2019, whose duration is 1.   Errors: InputError for a duration or largest not above 0.
    """

    duration: float = 1.0
    largest: float = 1.0

    def __post_init__(self) -> None:
        _check_above_0(duration=self.duration, largest=self.largest)

    def __call__(self, intensities: ArrayLike) -> Latencies:
        """Return the latencies of intensities (B, ...).   Errors: InputError for negative or NaN ones."""
        x = checked_intensities(intensities).astype(np.float64)
        return Latencies(np.where(x > 0.0, np.maximum(1.0 - x / self.largest, 0.0) * self.duration, np.inf))

    def decode(self, latencies: Latencies) -> Values:
        """Return the intensities (B, ...) of latencies in seconds, 0 for never."""
        return np.where(latencies.fired, (1.0 - _seconds(latencies) / self.duration) * self.largest, 0.0)


@dataclass(frozen=True)
class LinearSteps:
    """The steps of `Linear`, rounded down: 0 for the largest, `steps` - 1 for the faintest that is not 0.

    Errors: InputError for fewer than one step, and a largest value not above 0.
    """

    steps: int
    largest: float = 1.0

    def __post_init__(self) -> None:
        _check_above_0(steps=self.steps, largest=self.largest)

    def __call__(self, intensities: ArrayLike) -> Latencies:
        """Return the latencies of intensities (B, ...).   Errors: InputError for negative or NaN ones."""
        x = checked_intensities(intensities).astype(np.float64)
        step = np.floor(np.maximum(1.0 - x / self.largest, 0.0) * self.steps)
        times = np.where(x > 0, np.minimum(step, self.steps - 1), self.steps)
        return Latencies(times.astype(smallest(self.steps)), self.steps)

    def decode(self, latencies: Latencies) -> Values:
        """Return the middle of each step's intensities, 0 for never.   Errors: InputError for seconds."""
        middle = 1.0 - (latencies.times + 0.5) / latencies.in_steps
        return np.where(latencies.fired, middle * self.largest, 0.0)


@dataclass(frozen=True)
class GreySteps:
    """``t = floor((largest - g) steps / largest)``: white at 0, black never.

    With uint8 values the division is one of whole numbers, exact. A value so dark that its step is `steps` never fires.
    Source: the code of S4NN (255 and 256 steps).   Errors: InputError for fewer than one step or a largest below 1.
    """

    steps: int = 256
    largest: int = 255

    def __post_init__(self) -> None:
        _check_above_0(steps=self.steps, largest=self.largest)

    def __call__(self, intensities: ArrayLike) -> Latencies:
        """Return the latencies of grey values (B, ...).   Errors: InputError for NaN or values outside 0 to largest."""
        g = checked_intensities(intensities)
        if g.size and g.max() > self.largest:
            raise InputError(f"grey values lie between 0 and {self.largest}, the largest is {g.max():g}")
        whole = g.dtype.kind in "ui"
        dark = self.largest - (g.astype(np.int64) if whole else g.astype(np.float64))
        times = dark * self.steps // self.largest
        return Latencies(times.astype(smallest(self.steps)), self.steps)


@dataclass(frozen=True)
class Inverse:
    """``t = scale / x`` seconds.   Source: SDNN and R-STDP's C# code.   Errors: InputError for a scale not above 0."""

    scale: float = 1.0

    def __post_init__(self) -> None:
        _check_above_0(scale=self.scale)

    def __call__(self, intensities: ArrayLike) -> Latencies:
        """Return the latencies of intensities (B, ...).   Errors: InputError for negative or NaN ones."""
        x = checked_intensities(intensities).astype(np.float64)
        with np.errstate(divide="ignore", over="ignore"):
            return Latencies(self.scale / x)

    def decode(self, latencies: Latencies) -> Values:
        """Return the intensities (B, ...) of latencies in seconds, 0 for never."""
        with np.errstate(divide="ignore"):
            return self.scale / _seconds(latencies)


@dataclass(frozen=True)
class Logarithmic:
    """``t = tau ln(x / (x - threshold))`` seconds: the first spike of a leaky neuron that is driven by x.

    What is at or below the threshold never fires.   Errors: InputError for a tau or threshold not above 0.
    """

    tau: float
    threshold: float

    def __post_init__(self) -> None:
        _check_above_0(tau=self.tau, threshold=self.threshold)

    def __call__(self, intensities: ArrayLike) -> Latencies:
        """Return the latencies of intensities (B, ...).   Errors: InputError for negative or NaN ones."""
        x = checked_intensities(intensities).astype(np.float64)
        fires = x > self.threshold
        over = np.where(fires, x, 2.0 * self.threshold)
        return Latencies(np.where(fires, -self.tau * np.log1p(-self.threshold / over), np.inf))

    def decode(self, latencies: Latencies) -> Values:
        """Return the intensities (B, ...) of latencies in seconds, 0 for never; infinite for a spike at 0."""
        t = np.where(latencies.fired, _seconds(latencies), 1.0)
        with np.errstate(divide="ignore"):
            return np.where(latencies.fired, self.threshold / -np.expm1(-t / self.tau), 0.0)


def _seconds(latencies: Latencies) -> Values:
    if latencies.steps is not None:
        raise InputError("latencies in seconds are needed, these are in steps")
    return latencies.times.astype(np.float64)


def _check_above_0(**values: float) -> None:
    for name, value in values.items():
        if not value > 0:
            raise InputError(f"'{name}' is above 0, got {value}")
