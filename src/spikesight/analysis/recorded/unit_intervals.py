"""How regularly each neuron fired."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from spikesight.analysis import trains
from spikesight.analysis.recorded.sampling import ends
from spikesight.base.errors import InputError
from spikesight.trace.frames import Columns
from spikesight.trace.reader import Trace
from spikesight.trace.tabular import Tabular

AT_ONCE: Final = 1 << 22
"""Spikes that are held in memory together, as far as whole units allow."""

BINS: Final = 64


@dataclass(frozen=True, eq=False)
class UnitIntervals(Tabular):
    """Intervals between spikes of single neurons, in seconds; NaN where a unit has too few.

    unit (N,); spikes (N,) int64; mean, cv, cv2, local_variation (N,) float64; counts (N, B) int64: intervals with
    edges[b] <= interval < edges[b + 1], those of no length in the first. The edges (B + 1,) are whole ticks, further
    apart the longer they are. short (N,) float64: the part of the intervals that are below a quarter of their mean;
    within stimuli, of the time that the stimulus took by the spikes that the unit had meanwhile. pairs (N,) int64:
    intervals that follow one another, of which cv2 and local_variation tell.
    """

    unit: np.ndarray
    spikes: np.ndarray
    mean: np.ndarray
    cv: np.ndarray
    cv2: np.ndarray
    local_variation: np.ndarray
    edges: np.ndarray
    counts: np.ndarray
    short: np.ndarray
    pairs: np.ndarray

    def columns(self) -> Columns:
        """Return a row per unit, without the counts."""
        names = ("unit", "spikes", "mean", "cv", "cv2", "local_variation")
        return {name: getattr(self, name) for name in names}


def intervals(
    trace: Trace,
    layer: str,
    t: tuple[float, float] | None = None,
    units: Sequence[int] | None = None,
    *,
    within_stimuli: bool = False,
) -> UnitIntervals:
    """Return what the intervals of `units` of `layer` (default: all) in the window `t` tell.

    `within_stimuli` leaves out those that begin during one stimulus and end during another.
    Spikes of a few units at a time are read, so a trace may have more than fit into memory.
    Errors: UnknownName, InputError for units that the layer has not, or that are given twice.
    """
    size = trace.header.layer(layer).size
    chosen = np.arange(size) if units is None else np.asarray(units, dtype=np.int64)
    if len(chosen) and not 0 <= chosen.min() <= chosen.max() < size:
        raise InputError(f"{layer} has units 0 to {size - 1}, got {chosen.min()} to {chosen.max()}")
    if len(np.unique(chosen)) < len(chosen):
        raise InputError(f"each unit is asked for once, got {chosen.tolist()}")
    spikes = trace.unit_counts(layer, t)[chosen]
    start, end = ends(trace, t)
    edges = _edges(max(2, round((end - start) / trace.header.tick)))
    parts = [_of(trace, layer, t, chosen[some], edges, within_stimuli) for some in _groups(spikes)]
    mean, cv, cv2, lv, short, pairs = np.concatenate([np.zeros((6, 0)), *(numbers for numbers, _ in parts)], axis=1)
    counts = np.concatenate([np.zeros((0, len(edges) - 1), dtype=np.int64), *(counted for _, counted in parts)])
    seconds = edges * trace.header.tick_ns / 1e9
    return UnitIntervals(chosen, spikes, mean, cv, cv2, lv, seconds, counts, short, pairs.astype(np.int64))


def _of(
    trace: Trace, layer: str, t: tuple[float, float] | None, units: np.ndarray, edges: np.ndarray, within: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Mean, CV, CV2, local variation, short part, pairs of `units` (6, n), and intervals between `edges` (n, bins)."""
    found, n = trace.spikes(layer, t, units=units.tolist()), len(units)
    place = np.full(trace.header.layer(layer).size, -1)
    place[units] = np.arange(n)
    # Whole ticks, so that intervals that are equal are equal numbers.
    ticks, unit = np.rint(found.t / trace.header.tick), place[found.unit]
    between = trains.intervals(ticks, unit, n, found.stim if within else None)
    bins = np.clip(np.searchsorted(edges, between.length, side="right") - 1, 0, len(edges) - 2)
    cells = np.bincount(between.unit * (len(edges) - 1) + bins, minlength=n * (len(edges) - 1))
    mean, tick = between.mean(n), trace.header.tick
    usual = _stimulus_ticks(trace, between.part) / between.spikes() if within else mean[between.unit]
    told = [mean * tick, between.cv(n), between.cv2(n), between.local_variation(n), between.below(usual / 4.0, n)]
    told.append(np.bincount(between.unit[between.follows], minlength=n).astype(np.float64))
    return np.array(told), cells.reshape(n, -1)


def _stimulus_ticks(trace: Trace, stim: np.ndarray) -> np.ndarray:
    """How many ticks each of `stim` (K,) took (K,) float64; NaN where it is not known."""
    shown = trace.stimuli()
    order = np.argsort(shown["stim"], kind="stable")
    known, ticks = shown["stim"][order], ((shown["t_end"] - shown["t_start"]) / trace.header.tick)[order]
    place = np.searchsorted(known, stim).clip(0, len(known) - 1)
    return np.where(known[place] == stim, ticks[place], np.nan)


def _edges(longest: int) -> np.ndarray:
    """Whole numbers from 1 to `longest` + 1, equally far apart by their ratio where that leaves no gap."""
    return np.unique(np.rint(np.geomspace(1, longest + 1, BINS + 1)))


def _groups(spikes: np.ndarray) -> Iterator[slice]:
    """Neighbouring units with at most `AT_ONCE` spikes together, or one alone."""
    start = 0
    while start < len(spikes):
        stop = start + max(1, int(np.searchsorted(np.cumsum(spikes[start:]), AT_ONCE, side="right")))
        yield slice(start, stop)
        start = stop
