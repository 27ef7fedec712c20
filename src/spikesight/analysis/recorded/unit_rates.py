"""How often each neuron fired."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spikesight.analysis.recorded.sampling import ends, recorded_seconds, recorded_units
from spikesight.trace.frames import Columns
from spikesight.trace.reader import Trace
from spikesight.trace.tabular import Tabular
from spikesight.trace.windows import rate


@dataclass(frozen=True, eq=False)
class Rates(Tabular):
    """Mean rates over `seconds` of recording: spikes (units,) int64, hertz (units,); NaN for units not recorded."""

    t: tuple[float, float]
    seconds: float
    spikes: np.ndarray
    hertz: np.ndarray

    def columns(self) -> Columns:
        """Return a row per unit."""
        return {"unit": np.arange(len(self.hertz)), "spikes": self.spikes, "hertz": self.hertz}


def rates(trace: Trace, layer: str, t: tuple[float, float] | None = None) -> Rates:
    """Return the mean rate of each unit of `layer` in the window `t` (default: all of the trace).

    A window without recorded time has NaN. How the rate of a layer changes over time is `trace.rate`.
    Errors: UnknownName, InputError for a window that ends before it starts.
    """
    counts = trace.unit_counts(layer, t)
    window = ends(trace, t)
    seconds = recorded_seconds(trace, layer, window)
    known = recorded_units(trace, layer) & (seconds > 0)
    hertz = np.where(known, rate(counts, seconds or np.nan, size=1), np.nan)
    return Rates(window, seconds, counts, hertz)
