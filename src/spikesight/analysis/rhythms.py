"""Rhythms of a population: the power spectrum of its rate, and power and peak in a band."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError


class Band(NamedTuple):
    """Frequencies from `low` up to, and without, `high`, in hertz."""

    low: float
    high: float


DELTA, THETA, ALPHA, BETA, GAMMA = Band(0.5, 4.0), Band(4.0, 8.0), Band(8.0, 13.0), Band(13.0, 30.0), Band(30.0, 100.0)

BANDS = {"delta": DELTA, "theta": THETA, "alpha": ALPHA, "beta": BETA, "gamma": GAMMA}
"""The bands by name."""


class Spectrum(NamedTuple):
    """A one-sided power spectral density: frequencies hertz (F,), power (F,) in the square of the signal's unit per
    hertz.
    """

    hertz: NDArray[np.float64]
    power: NDArray[np.float64]


def spectrum(rate: NDArray[Any], dt: float, window: float = 1.0) -> Spectrum:
    """Return the spectrum of a population's rate (T,), one value every `dt` seconds, without its mean.

    Welch's method: Hann windows of `window` seconds that overlap by half, so frequencies are 1 / window apart. The
    spectrum of n independent Poisson trains of rate r each (rate = mean over them) is flat: 2 r / n.
    Errors: InputError where the signal is shorter than a window, or a window than two values.
    """
    from scipy.signal import welch  # here: it takes long to load, and few who come by the package need it

    rate = np.asarray(rate, np.float64)
    values = round(window / dt)
    if rate.ndim != 1 or not 2 <= values <= len(rate):
        raise InputError(
            f"a window of {window} s is {values} values of {dt} s: two or more, and no more than the signal has; "
            f"got a signal of shape {rate.shape}"
        )
    hertz, power = welch(rate, 1 / dt, nperseg=values)
    return Spectrum(hertz, power)


def band_power(of: Spectrum, band: Band) -> float:
    """Return the variance of the signal in `band`, in the square of its unit; half the squared amplitude of a sine."""
    inside = _inside(of, band)
    return float(of.power[inside].sum() * (of.hertz[1] - of.hertz[0]))


def peak(of: Spectrum, band: Band) -> float:
    """Return the frequency in `band` at which the power is highest, in hertz."""
    inside = _inside(of, band)
    return float(of.hertz[inside][of.power[inside].argmax()])


def _inside(of: Spectrum, band: Band) -> NDArray[np.bool_]:
    inside = (of.hertz >= band.low) & (of.hertz < band.high)
    if not inside.any():
        raise InputError(
            f"no frequency of this spectrum lies from {band.low} to {band.high} Hz: they are "
            f"{of.hertz[1] - of.hertz[0]:g} Hz apart, up to {of.hertz[-1]:g}. Take a longer window, or finer bins"
        )
    return inside
