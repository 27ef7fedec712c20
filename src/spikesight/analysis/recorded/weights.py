"""How the weights of a projection drift: their distribution over time, and what changed between snapshots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.frames import Columns
from spikesight.trace.reader import Trace
from spikesight.trace.tabular import Tabular, cells


@dataclass(frozen=True, eq=False)
class WeightHistograms(Tabular):
    """Distributions of weights at K snapshots: t (K,) seconds, stim, mean, std (K,), counts (K, B) between common
    `edges` (B + 1,).

    Each snapshot was counted in bins of its own; these are shared out by how much of them lies in a common bin, so
    counts are no whole numbers, but their sums are those of the weights.
    """

    t: np.ndarray
    stim: np.ndarray
    mean: np.ndarray
    std: np.ndarray
    edges: np.ndarray
    counts: np.ndarray

    def columns(self) -> Columns:
        """Return a row per snapshot and bin."""
        axes = {"snapshot": np.arange(len(self.t)), "bin": np.arange(self.counts.shape[1])}
        low, high = (np.broadcast_to(ends, self.counts.shape) for ends in (self.edges[:-1], self.edges[1:]))
        return cells(axes, {"t": self.t, "low": low, "high": high, "count": self.counts})


@dataclass(frozen=True, eq=False)
class WeightChanges(Tabular):
    """What changed between successive snapshots, from t_start to t_end (K,) seconds.

    mean, absolute, largest (K,): of the changes, of their sizes, the largest size. part (K,) of the synapses that
    changed at all; zeros (K,) the part that is exactly 0 at the end, such as pruned ones. of_unit (K, n_post): mean
    size of the changes of each post unit. Weights that are not finite are left out.
    """

    t_start: np.ndarray
    t_end: np.ndarray
    mean: np.ndarray
    absolute: np.ndarray
    largest: np.ndarray
    part: np.ndarray
    zeros: np.ndarray
    of_unit: np.ndarray

    def columns(self) -> Columns:
        """Return a row per pair of snapshots, without the single units."""
        names = ("t_start", "t_end", "mean", "absolute", "largest", "part", "zeros")
        return {name: getattr(self, name) for name in names}


def weight_histograms(trace: Trace, projection: str, bins: int = 64) -> WeightHistograms:
    """Return the distribution of the weights of `projection` at every snapshot, in bins common to all.

    No weights are read, only what was counted when they were recorded.
    Errors: UnknownName, InputError for less than one bin.
    """
    if bins < 1:
        raise InputError(f"bins is at least 1, got {bins}")
    found = trace.snapshots(projection)
    edges = _common_edges(found["low"], found["high"], bins)
    ranges = zip(found["histogram"], found["low"], found["high"], strict=True)
    counts = np.array([shared_out(*one, edges) for one in ranges]).reshape(len(found["t"]), bins)
    return WeightHistograms(found["t"], found["stim"], found["mean"], found["std"], edges, counts)


def weight_changes(trace: Trace, projection: str, t: tuple[float, float] | None = None) -> WeightChanges:
    """Return what changed between each two successive snapshots of `projection` within the window `t`.

    Two snapshots are in memory at a time. Fewer than two in the window have no changes.
    Errors: UnknownName, TraceError for a snapshot that cannot be read.
    """
    times = trace.snapshots(projection)["t"]
    chosen = np.arange(len(times))
    if t is not None:
        chosen = np.flatnonzero((times >= t[0]) & (times < t[1]))
    n_post = trace.header.projection(projection).shape[1]
    rows = list(_changes(trace, projection, chosen))
    numbers = np.array([numbers for numbers, _ in rows], dtype=np.float64).reshape(len(rows), 5)
    mean, absolute, largest, part, zeros = numbers.T
    of_unit = np.array([of_unit for _, of_unit in rows], dtype=np.float64).reshape(len(rows), n_post)
    t_start, t_end = times[chosen[:-1]], times[chosen[1:]]
    return WeightChanges(t_start, t_end, mean, absolute, largest, part, zeros, of_unit)


def _changes(trace: Trace, projection: str, chosen: np.ndarray) -> Iterator[tuple[tuple[float, ...], np.ndarray]]:
    before = trace.weights(projection, int(chosen[0])) if len(chosen) > 1 else np.zeros((0, 0))
    for number in chosen[1:]:
        after = trace.weights(projection, int(number))
        change = after.astype(np.float64) - before
        known = np.isfinite(change)
        size = np.abs(np.where(known, change, 0.0))
        many, per_unit = max(1, known.sum()), np.maximum(1, known.sum(axis=0))
        mean = np.where(known, change, 0.0).sum() / many
        moved, zeros = np.count_nonzero(size) / many, np.count_nonzero(after == 0.0) / after.size
        yield (mean, size.sum() / many, size.max(), moved, zeros), size.sum(axis=0) / per_unit
        before = after


def _common_edges(low: np.ndarray, high: np.ndarray, bins: int) -> np.ndarray:
    known = np.isfinite(low)
    if not known.any():
        return np.linspace(0.0, 1.0, bins + 1)
    lowest, highest = float(low[known].min()), float(high[known].max())
    return np.linspace(lowest, highest if highest > lowest else lowest + 1.0, bins + 1)


def shared_out(histogram: np.ndarray, low: float, high: float, edges: np.ndarray) -> np.ndarray:
    """Return counts in equal bins from `low` to `high` as counts between `edges`: each bin by the area that lies there.

    Shapes: histogram (B,), edges (C + 1,) -> (C,). Where `low` is not finite there is nothing to count.
    """
    shared = np.zeros(len(edges) - 1)
    if not np.isfinite(low):
        return shared
    if high > low:
        own = np.linspace(low, high, len(histogram) + 1)
        shared = np.diff(np.interp(edges, own, np.concatenate([[0], np.cumsum(histogram)])))
    else:
        shared[min(int(np.searchsorted(edges, low, side="right")) - 1, len(shared) - 1)] = histogram.sum()
    return shared
