"""What is said about the activity of a balanced network: how much, how irregular, how much together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis import Grid, binned
from spikesight.analysis.rhythms import Band, peak, spectrum
from spikesight.analysis.synchrony import chi, fano_factor
from spikesight.analysis.trains import cv, mean_rates
from spikesight.trace.reader import Trace

BIN = 1e-3
"""Seconds."""

WINDOW = 0.25
"""Seconds of the windows of the spectrum: frequencies are 4 Hz apart."""

RHYTHM = Band(8.0, 500.0)


@dataclass(frozen=True)
class Activity:
    """Mean `rate` (hertz), mean `cv` of the intervals, `chi` and `fano` of counts in bins of 1 ms, and the frequency
    at which the population's rate has most power. `fano` grows with the number of neurons, if they are synchronous.
    """

    rate: float
    cv: float
    chi: float
    fano: float
    rhythm_hz: float


class Spikes(NamedTuple):
    """Spikes of `n` neurons in `steps` steps of `dt` seconds: tick (N,) from 0, unit (N,)."""

    tick: NDArray[np.int64]
    unit: NDArray[np.int64]
    n: int
    steps: int
    dt: float


def recorded(folder: Path, sizes: Mapping[str, int], t: tuple[float, float], dt: float) -> Spikes:
    """Read what populations fired from t[0] to t[1] seconds; the first neurons of each, so many as `sizes` says."""
    ticks, units, before = [], [], 0
    with Trace.open(folder) as trace:
        for name, size in sizes.items():
            found = trace.spikes(name, t=t)
            ticks.append(np.rint((found.t - t[0]) / dt).astype(np.int64))
            units.append(found.unit.astype(np.int64) + before)
            before += size
    return Spikes(np.concatenate(ticks), np.concatenate(units), before, round((t[1] - t[0]) / dt), dt)


def activity(spikes: Spikes) -> Activity:
    """Measure how neurons fired."""
    tick, unit, n, steps, dt = spikes
    width = round(BIN / dt)
    counts = binned(Grid(0, width, steps // width), tick, unit, n)
    irregular = cv(tick, unit, n)
    of = spectrum(counts.mean(axis=1) / BIN, BIN, min(WINDOW, len(counts) * BIN))
    measurable = irregular[np.isfinite(irregular)]
    return Activity(
        rate=float(mean_rates(unit, n, steps * dt).mean()),
        cv=float(measurable.mean()) if measurable.size else float("nan"),
        chi=chi(counts),
        fano=fano_factor(counts),
        rhythm_hz=peak(of, RHYTHM),
    )


def poisson_like(spikes: Spikes, random: np.random.Generator) -> Spikes:
    """Return Poisson trains: each neuron fires as often as it did, at times drawn anew."""
    times = np.bincount(spikes.unit, minlength=spikes.n)
    ticks = random.integers(0, spikes.steps, int(times.sum()))
    return spikes._replace(tick=ticks, unit=np.repeat(np.arange(spikes.n), times))
