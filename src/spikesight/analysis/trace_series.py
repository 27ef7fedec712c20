"""What a trace holds as series over time: everything that may change, and where the studio shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.recorded.operations import is_whole, synops
from spikesight.analysis.recorded.weights import weight_changes
from spikesight.trace.grids import Grid
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Layer, Projection

Numbers = NDArray[np.float64]

BINS: Final = 8192
"""Activity is looked at in about so many bins over the whole run: a short dip of a long run still fills some."""

COARSE_BINS: Final = 512
"""State variables, which have no aggregates, are averaged in so many."""

CLASSES: Final = 20
"""Of more classes, only the most frequent ones are followed."""

WORDS: Final = {"accuracy": 1, "loss": -1, "error": -1}
"""Scalars with such a word in their name tell how well the network does: 1 higher is better, -1 lower."""


@dataclass(frozen=True)
class View:
    """What to open to see something: the name of a tab of the studio, and its parameters (times in seconds)."""

    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Series:
    """A series over time: value (N,) at times t (N,) ascending, in seconds; values belong to the time from t on.

    `about` is what it measures, "outcome" or "activity of exc": another series of the same is no explanation of it.
    `better` is 1 where higher values mean that the network does better, -1 where lower ones do, 0 where neither:
    accuracy, loss, everything else. `percent`: values are shares, to be told in percent.
    """

    name: str
    t: Numbers
    value: Numbers
    view: View
    about: str = ""
    unit: str = ""
    better: int = 0
    percent: bool = False

    @property
    def interval(self) -> float:
        """The median time between values, in seconds."""
        return float(np.median(np.diff(self.t))) if len(self.t) > 1 else 0.0


def activity(trace: Trace, layer: Layer, bins: int = BINS) -> tuple[Grid, NDArray[np.int64]]:
    """Return the spikes of a layer over the whole trace: the grid, and the spikes in each of its bins (bins,) int64.

    The grid ends with the last whole bin. Where only every k-th presentation was recorded, a bin covers at least two of
    these.
    """
    if layer.recorded.every > 1:
        bins = max(1, min(bins, len(trace.stimuli()["stim"]) // (2 * layer.recorded.every)))
    grid = trace.grid(layer.name, bins=bins)
    last = trace.extent[1] + 1
    whole = Grid(grid.first, grid.width, max(1, (last - grid.first) // grid.width))
    return whole, trace.raster_on(layer.name, whole, rows=1)[0].astype(np.int64)


def outcomes(trace: Trace) -> Iterator[Series]:
    """Yield accuracy and loss by stimulus, as far as they are known."""
    stimuli = trace.stimuli()
    known = ~np.ma.getmaskarray(stimuli["correct"])
    if known.any():
        right = np.asarray(stimuli["correct"][known], np.float64)
        yield Series("accuracy", stimuli["t_start"][known], right, View("classes"), "outcome", better=1, percent=True)
    known = np.isfinite(stimuli["loss"])
    if known.any():
        loss = stimuli["loss"][known].astype(np.float64)
        yield Series("loss", stimuli["t_start"][known], loss, View("overview"), "outcome", better=-1)


def activities(trace: Trace, bins: int = BINS) -> dict[str, tuple[Grid, NDArray[np.int64]]]:
    """Return `activity` of every layer that spiked, by its name."""
    return {layer.name: activity(trace, layer, bins) for layer in trace.header.layers if trace.count(layer.name)}


def rates(trace: Trace, of: Mapping[str, tuple[Grid, NDArray[np.int64]]]) -> Iterator[Series]:
    """Yield the mean rate per unit of every layer, and the share of time without spikes, from its activity in `of`."""
    for name, (grid, counts) in of.items():
        layer = trace.header.layer(name)
        t, width = seconds(trace, grid), grid.width * trace.header.tick
        view, about = View("raster", {"layer": layer.name}), f"activity of {layer.name}"
        units = layer.size if layer.recorded.units is None else len(layer.recorded.units)
        yield Series(f"rate of {layer.name}", t, counts / (width * units), view, about, "Hz")
        if (counts == 0).any():
            silent = (counts == 0).astype(np.float64)
            yield Series(f"time without spikes of {layer.name}", t, silent, view, about, percent=True)


def operations(trace: Trace, bins: int = BINS) -> Iterator[Series]:
    """Yield the synaptic operations per second of all layers that were recorded as a whole, if there are any."""
    if any(is_whole(trace, one.pre) for one in trace.header.projections):
        found = synops(trace, bins=bins)
        per_second = found.operations.sum(axis=0) / np.diff(found.edges)
        yield Series("synaptic operations", found.edges[:-2], per_second[:-1], View("cost"), unit="1/s")


def synapses(trace: Trace) -> Iterator[Series]:
    """Yield what is known of the weights of every projection of which there are snapshots."""
    for projection in trace.header.projections:
        if f"weights/{projection.name}" not in trace.tables:
            continue
        found = trace.snapshots(projection.name)
        view = View("synapses", {"projection": projection.name})
        t, stages = np.unique(found["t"], return_index=True)
        yield from _no_numbers(projection, t, found["histogram"][stages], view)
        numbers = np.isfinite(found["mean"][stages])
        t, stages = t[numbers], stages[numbers]
        for name, words in (("mean", "mean weight"), ("std", "spread of weights"), ("high", "largest weight")):
            yield Series(f"{words} of {projection.name}", t, found[name][stages].astype(np.float64), view)
        yield from _zeros(projection, t, found["zeros"][stages], found["mean"][stages], view)
        if len(t) > 1:
            yield _weight_change(trace, projection, view)
            moved = _moved(found["histogram"][stages], found["low"][stages], found["high"][stages])
            per_second = moved / np.diff(t)
            yield Series(f"shift of the weight distribution of {projection.name}", t[:-1], per_second, view, unit="1/s")


def others(trace: Trace) -> Iterator[Series]:
    """Yield state variables, the mix of classes shown, and every scalar that was recorded."""
    for layer in trace.header.layers:
        for variable in trace.variables(layer.name):
            first, last = trace.extent
            grid = Grid(first, max(1, -(-(last + 1 - first) // COARSE_BINS)), min(COARSE_BINS, last + 1 - first))
            means = trace.mean_values(layer.name, variable, grid)
            known, view = np.isfinite(means), View("raster", {"layer": layer.name, "variable": variable})
            yield Series(f"mean {variable} of {layer.name}", seconds(trace, grid)[known], means[known], view)
    yield from _class_mix(trace)
    for name in trace.scalar_names():
        t, value = trace.scalars(name)
        known = np.isfinite(value)
        better = next((sign for word, sign in WORDS.items() if word in name.casefold()), 0)
        about, view = "outcome" if better else name, View("overview", {"scalar": name})
        yield Series(name, t[known], value[known], view, about, better=better)


def seconds(trace: Trace, grid: Grid) -> Numbers:
    """Return when each bin of `grid` starts, in seconds (bins,)."""
    starts: Numbers = (grid.first + grid.width * np.arange(grid.bins)) * trace.header.tick_ns / 1e9
    return starts


def _class_mix(trace: Trace) -> Iterator[Series]:
    stimuli = trace.stimuli()
    labelled = stimuli["label"] >= 0
    label, t = stimuli["label"][labelled], stimuli["t_start"][labelled]
    names = trace.header.classes
    for number in np.sort(np.argsort(-np.bincount(label), kind="stable")[:CLASSES]) if len(label) else ():
        called = names[number] if number < len(names) else str(number)
        share = (label == number).astype(np.float64)
        yield Series(f"share of class {called} shown", t, share, View("classes", {"class": int(number)}), percent=True)


def _no_numbers(projection: Projection, t: Numbers, histogram: NDArray[np.int64], view: View) -> Iterator[Series]:
    """The share of weights that are infinite or not a number, as where training diverged; nothing where none ever is.

    They are in no other series of the projection.
    """
    share = 1.0 - histogram.sum(axis=1) / (projection.shape[0] * projection.shape[1])
    if share.any():
        yield Series(f"weights that are no numbers of {projection.name}", t, share, view, percent=True)


def _zeros(projection: Projection, t: Numbers, zeros: NDArray[Any], mean: Numbers, view: View) -> Iterator[Series]:
    """The share of synapses that are exactly 0, and the mean of the others; nothing where none ever is."""
    size, known = projection.shape[0] * projection.shape[1], zeros >= 0
    if not (zeros > 0).any():
        return
    yield Series(f"synapses at 0 of {projection.name}", t[known], zeros[known] / size, view, percent=True)
    left = known & (zeros < size)
    of_those = mean[left] * size / (size - zeros[left])
    yield Series(f"mean of weights other than 0 of {projection.name}", t[left], of_those, view)


def _weight_change(trace: Trace, projection: Projection, view: View) -> Series:
    """The sum of absolute changes per synapse and second, between neighbouring snapshots, at the earlier one.

    Traces of the first format do not say it: then the weights themselves are read.
    """
    found = trace.snapshots(projection.name)
    t, apart, size = found["t"][:-1], np.diff(found["t"]), projection.shape[0] * projection.shape[1]
    change, numbers = found["changed"][1:] / size, np.isfinite(found["mean"])
    if not np.isfinite(change).any():
        change = weight_changes(trace, projection.name).absolute
    known = np.isfinite(change) & (apart > 0.0) & numbers[1:] & numbers[:-1]
    return Series(f"weight change of {projection.name}", t[known], change[known] / apart[known], view, unit="1/s")


def _moved(histogram: NDArray[np.int64], low: Numbers, high: Numbers) -> Numbers:
    """How far the distribution of weights moved between neighbouring snapshots, less the shift of its mean: (N - 1,).

    The mean distance between quantiles of the same rank (Wasserstein-1) of the distributions without their means, in
    units of the spread before: what pruning and hardening do, and scaling all weights alike does too.
    """
    ranks = (np.arange(64) + 0.5) / 64
    quantiles = np.array([_quantiles(*one, ranks) for one in zip(histogram, low, high, strict=True)])
    quantiles -= quantiles.mean(axis=1, keepdims=True)
    distance = np.abs(np.diff(quantiles, axis=0)).mean(axis=1)
    spread = quantiles[:-1].std(axis=1)
    moved: Numbers = np.divide(distance, spread, out=np.zeros(len(distance)), where=spread > 0.0)
    return moved


def _quantiles(histogram: NDArray[np.int64], low: float, high: float, ranks: Numbers) -> Numbers:
    total = histogram.sum()
    if not total:
        return np.zeros(len(ranks))
    edges = np.linspace(low, high, len(histogram) + 1)
    share = np.concatenate([[0.0], np.cumsum(histogram)]) / total
    return np.asarray(np.interp(ranks, share, edges), np.float64)
