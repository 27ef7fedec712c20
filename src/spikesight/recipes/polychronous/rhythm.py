"""How strong a rhythm is: the power of the network's rate, in units of what independent Poisson neurons have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.rhythms import Band, Spectrum, band_power, peak, spectrum
from spikesight.circuits.engine import Fired

DELTA = Band(2.0, 5.0)
"""2 to 4 Hz, at one hertz a bin."""
GAMMA = Band(30.0, 71.0)
AUDIBLE = Band(20.0, 71.0)
"""Where the fast rhythm's peak is looked for: a little below the published band too."""


def per_millisecond(fired: Mapping[str, Fired], steps: int) -> NDArray[np.int64]:
    """Spikes of all populations in each step, (steps,)."""
    return np.bincount(np.concatenate([one.step for one in fired.values()]), minlength=steps)


def over_poisson(counts: NDArray[np.int64], neurons: int, dt: float) -> Spectrum:
    """Spectrum of the mean rate of `neurons`, in units of 2 r / n, that of independent Poisson neurons of rate r.

    `counts` (steps,) of `dt` seconds, a second or more. A silent network has no rhythm: zeros.
    """
    rate = counts / (neurons * dt)
    found = spectrum(rate, dt)
    return Spectrum(found.hertz, found.power / (2.0 * rate.mean() / neurons) if counts.any() else found.power)


def density(of: Spectrum, band: Band) -> float:
    """Mean power of a band, per hertz."""
    inside = (of.hertz >= band.low) & (of.hertz < band.high)
    return band_power(of, band) / (float(inside.sum()) * float(of.hertz[1] - of.hertz[0]))


def strengths(counts: Sequence[NDArray[np.int64]], neurons: int, dt: float) -> dict[str, float]:
    """Return delta and gamma over Poisson, and where the fast rhythm's peak is (hertz) and how high, over Poisson."""
    found = over_poisson(np.concatenate(counts), neurons, dt)
    fastest = peak(found, AUDIBLE)
    return {
        "delta": density(found, DELTA),
        "gamma": density(found, GAMMA),
        "fast_peak_hz": fastest,
        "fast_peak": float(found.power[found.hertz == fastest][0]),
    }
