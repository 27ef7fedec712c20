"""Where in its input a network looked, from its spikes alone: the spike activation map, with controls beside it.

A spike counts by how soon it follows the earlier ones of the same unit: with exp(-gamma (t - t')) for each of them, so
short intervals count most. The map at a time is the sum over the channels at each place. Source: Kim & Panda,
"Visual explanations from spiking neural networks using inter-spike intervals", Sci. Rep. 11 (2021) 19037
(temporal spike contribution score, neuronal contribution score, map). Needs neither gradients nor labels; so it tells
where activity is, not what for. In layers that are no picture, each unit's score is spread over its receptive field
(the recorded weights): an extension of ours.

A map always looks like something. Two controls say how much of it is chance: the trains of spikes given to other units
of the layer (what remains is what any units would have shown), and every unit's spikes at other times (what remains is
due to how many spikes there are, not to their intervals). Both keep all counts. A map that resembles its control
explains nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.receptive_fields import fields
from spikesight.analysis.recorded.fields import snapshot_at
from spikesight.analysis.spike_units import checked_units
from spikesight.base.errors import InputError
from spikesight.trace.reader import Trace
from spikesight.trace.schema import VIRTUAL, Layer

Numbers = NDArray[np.float64]
Units = NDArray[np.int64]

GAMMA = 50.0
"""Per second, of simulated time: contributions fade in 20 ms, as membranes do."""

GAMMA_PER_STEP = 0.5
"""Of virtual time, whose ticks are the steps of a network that was trained by gradients: the value of the paper."""


@dataclass(frozen=True, eq=False)
class ActivationMap:
    """Maps (bins, height, width) between `edges` (bins + 1,) seconds, and controls of their sum over time.

    others, elsewhen (R, height, width): with trains given to other units, and with spikes at other times. like_others,
    like_elsewhen (R,): rank correlation (Spearman) of the map over all bins with each, NaN where one is the same
    everywhere. Near 1: this control looks alike, and the map tells nothing that it does not.
    """

    maps: Numbers
    edges: Numbers
    others: Numbers
    elsewhen: Numbers
    like_others: Numbers
    like_elsewhen: Numbers

    @property
    def whole(self) -> Numbers:
        """The map over all bins (height, width)."""
        return np.asarray(self.maps.sum(axis=0))


def contributions(t: NDArray[Any], unit: NDArray[Any], n: int, gamma: float) -> Numbers:
    """Return how much each spike counts: the sum of exp(-gamma (t - t')) over the earlier spikes t' of its unit.

    Shapes: t (N,), unit (N,) in any order -> (N,).   Units: t in seconds, gamma per second (or both by steps).
    Errors: InputError where `gamma` is below 0, lengths differ, or a unit is not one of `n`.
    """
    t, unit = np.asarray(t, np.float64), checked_units(unit, n)
    if not gamma >= 0.0 or t.shape != unit.shape:
        raise InputError(f"gamma is at least 0 and every spike has a unit, got {gamma}, {t.shape} and {unit.shape}")
    order = np.lexsort((t, unit))
    first = np.searchsorted(unit[order], np.arange(n))
    rank = np.arange(len(t)) - first[unit[order]]
    apart = np.diff(t[order], prepend=0.0)
    scores = np.zeros(len(t))
    by_rank = np.argsort(rank, kind="stable")
    ends = np.searchsorted(rank[by_rank], np.arange(1, int(rank.max(initial=-1)) + 2))
    for start, stop in pairwise(ends):  # the second spikes of all units, the third, ...
        now = by_rank[start:stop]
        scores[now] = (scores[now - 1] + 1.0) * np.exp(-gamma * apart[now])
    result = np.empty(len(t))
    result[order] = scores
    return result


def trains_of_others(unit: NDArray[Any], n: int, random: np.random.Generator) -> Units:
    """Return the units of spikes (N,) after every train was given to another place: a random order of the `n` units."""
    return np.asarray(random.permutation(n)[checked_units(unit, n)])


def ticks_elsewhen(unit: NDArray[Any], n: int, ticks: int, random: np.random.Generator) -> Units:
    """Return a tick of 0 to `ticks` - 1 for each spike of `unit` (N,): each as likely, none twice for one unit.

    So units keep their counts and lose their intervals.   Errors: InputError where a unit has more spikes than ticks.
    """
    unit = checked_units(unit, n)
    counts = np.bincount(unit, minlength=n)
    if counts.max(initial=0) > ticks:
        raise InputError(f"a unit has {counts.max()} spikes in {ticks} ticks: at most one a tick can be laid elsewhere")
    drawn = np.empty(len(unit), np.int64)
    crowded = counts > ticks // 4
    for one in np.flatnonzero(crowded):
        drawn[unit == one] = random.permutation(ticks)[: counts[one]]
    again = np.flatnonzero(~crowded[unit])
    while len(again):  # what falls on a tick that its unit has already is drawn once more
        drawn[again] = random.integers(0, ticks, len(again))
        loose = np.flatnonzero(~crowded[unit])
        first = np.unique(unit[loose] * ticks + drawn[loose], return_index=True)[1]
        again = np.delete(loose, first)
    return drawn


def rank_correlation(a: NDArray[Any], b: NDArray[Any]) -> float:
    """Return Spearman's correlation of two pictures of one shape; NaN where one is the same everywhere."""
    ranks = [one - one.mean() for one in (_ranks(a), _ranks(b))]
    size = math.sqrt(float((ranks[0] ** 2).sum() * (ranks[1] ** 2).sum()))
    return float(ranks[0] @ ranks[1]) / size if size else math.nan


def _ranks(values: NDArray[Any]) -> Numbers:
    """Return the rank of every value (N,) from 1; equal ones share the mean of theirs."""
    _, place, times = np.unique(np.ravel(values), return_inverse=True, return_counts=True)
    ranks: Numbers = np.cumsum(times) - (times - 1) / 2.0
    return ranks[place]


def picture(scores: Numbers, shape: tuple[int, ...], w: NDArray[Any] | None, inputs: tuple[int, ...]) -> Numbers:
    """Return scores (..., units) as pictures (..., height, width).

    With weights w (n_pre, units), each unit's score times its receptive field over `inputs`; without, the units lie in
    `shape`, (height, width) or (channels, height, width), and channels are summed.
    """
    if w is not None:
        return np.asarray(np.tensordot(scores, fields(w, inputs), axes=(-1, 0)), np.float64)
    lying = scores.reshape(*scores.shape[:-1], *shape)
    return lying.sum(axis=-3) if len(shape) == 3 else lying


def activation_map(
    trace: Trace,
    layer: str,
    t: tuple[float, float],
    bins: int = 1,
    gamma: float | None = None,
    controls: int = 20,
    seed: int = 0,
) -> ActivationMap:
    """Return where `layer` was active by its short intervals during the window `t`, such as one stimulus.

    `gamma` is per second, by default `GAMMA`, and `GAMMA_PER_STEP` a tick where time is virtual. `controls` of each
    kind are drawn. Spikes before the window do not count.
    Errors: UnknownName; InputError for a window without ticks, and for a layer that is no picture and that no recorded
    weights join to one.
    """
    facts, tick = trace.header.layer(layer), trace.header.tick
    gamma = gamma if gamma is not None else GAMMA_PER_STEP / tick if trace.header.time == VIRTUAL else GAMMA
    w, inputs = _joined(trace, facts, t[1])
    spikes = trace.spikes(layer, t)
    if not (t[1] - t[0] >= tick and math.isfinite(t[1] - t[0])) or bins < 1:
        raise InputError(f"a map needs a bin and a window of at least one tick ({tick} s), got {tuple(t)} and {bins}")
    random = np.random.default_rng(seed)

    first = round(t[0] / tick)
    ticks, unit = np.rint(spikes.t / tick).astype(np.int64) - first, spikes.unit.astype(np.int64)
    length = max(round(t[1] / tick) - first, int(ticks.max(initial=0)) + 1)

    def drawn(at: Units, of: Units, parts: int) -> Numbers:
        scores = contributions(at * tick, of, facts.size, gamma)
        cells = np.bincount(at * parts // length * facts.size + of, scores, parts * facts.size)
        return picture(cells.reshape(parts, facts.size).astype(np.float64), facts.shape, w, inputs)

    maps = drawn(ticks, unit, bins)
    others = [drawn(ticks, trains_of_others(unit, facts.size, random), 1)[0] for _ in range(controls)]
    elsewhen = [drawn(ticks_elsewhen(unit, facts.size, length, random), unit, 1)[0] for _ in range(controls)]
    whole = maps.sum(axis=0)
    nothing = np.zeros((0, *whole.shape))
    return ActivationMap(
        maps,
        np.linspace(t[0], t[1], bins + 1),
        np.array([*nothing, *others]).reshape(controls, *whole.shape),
        np.array([*nothing, *elsewhen]).reshape(controls, *whole.shape),
        np.array([rank_correlation(whole, one) for one in others]),
        np.array([rank_correlation(whole, one) for one in elsewhen]),
    )


def _joined(trace: Trace, layer: Layer, at: float) -> tuple[NDArray[Any] | None, tuple[int, ...]]:
    """Return the weights that lead to `layer` from a picture, as they were at `at`, and its shape; None: it is one."""
    if len(layer.shape) in (2, 3):
        return None, layer.shape
    for projection in trace.header.projections:
        shape = trace.header.layer(projection.pre).shape
        joins = projection.post == layer.name and not projection.kernel and len(shape) in (2, 3)
        if joins and f"weights/{projection.name}" in trace.tables:
            return trace.weights(projection.name, snapshot_at(trace, projection.name, at)[0]), shape
    raise InputError(
        f"'{layer.name}' is no picture (shape {layer.shape}), and no weights from one that lead to it were recorded: "
        "record them with Probe('<projection>.w', every=50), or choose another layer"
    )
