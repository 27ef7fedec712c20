"""How well the units of a layer are: dead, silent since, saturated, regular, irregular, bursting."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.recorded.sampling import ends, recorded_units
from spikesight.analysis.recorded.unit_intervals import intervals
from spikesight.analysis.recorded.unit_rates import rates
from spikesight.base.errors import InputError
from spikesight.trace.grids import Grid
from spikesight.trace.reader import Trace
from spikesight.trace.tabular import Tabular

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

SPIKES = 2_000_000
"""Regularity is told from about so many spikes of a layer, in the middle of the window: more would only take longer."""

PIECES, PIECE = 8, 64
"""Whether a unit answers everything is told from so many pieces of so many stimuli, spread over the window."""


@dataclass(frozen=True)
class Limits:
    """Where a state begins.

    alpha: a unit is silent from its last spike on where its own earlier rate makes so long a silence less probable than
    this, all units allowed for (Bonferroni).
    saturated: at this part of the highest possible rate, one spike a tick; at a half, a unit fires at least every other
    time it can, and its rate has no room left to say more.
    answers: a unit that spikes in this part of all stimuli tells them apart by its rate at best.
    bursting: this part of the intervals is shorter than a quarter of their mean; where stimuli are shown, than a
    quarter of the time that a stimulus takes by the spikes of the unit in it. Of Poisson spikes it is 22 % (1 less
    exp(-1/4)), of regular ones nothing; in bursts of k spikes, (k - 1) / k. A definition of our own, without a length
    of time; for others see Cotterill et al., J. Neurophysiol. 116 (2016) 306-321.
    regular: of the local variation of intervals at most this; it is 1 for Poisson spikes and around 0.5 for regularly
    spiking cells (Shinomoto et al., PLoS Comput. Biol. 5 (2009) e1000433): halfway is the border.
    spikes: so many, or as many pairs of intervals as so many in a row have, are needed to tell whether a unit is
    regular; with 20 the local variation is known to about a quarter.
    Errors: InputError for limits that are not positive.
    """

    alpha: float = 0.01
    saturated: float = 0.5
    answers: float = 0.99
    bursting: float = 0.5
    regular: float = 0.75
    spikes: int = 20

    def __post_init__(self) -> None:
        if not min(self.alpha, self.saturated, self.answers, self.regular, self.bursting, self.spikes) > 0.0:
            raise InputError(f"limits are above 0, got {self}")


@dataclass(frozen=True, eq=False)
class Health(Tabular):
    """The units of a layer in a window; arrays are (units,) where not said otherwise.

    spikes int64 and hertz in the window. recorded: a unit that was not is in no other state.
    dead: without a spike in the whole trace. silent_since: seconds, NaN where it is not silent; to within a bin.
    saturated: by its rate. answers: the part of stimuli it spiked in, NaN where none were shown. short_intervals: the
    part that counts as short (`Limits.bursting`), and local_variation: NaN where a unit has too few spikes. bursting by
    the one, otherwise regular or irregular by the other.
    Over time, t (B + 1,) edges of bins in seconds: quiet (B,) units without a spike, saturated_then (B,) units so.
    """

    recorded: Flags
    spikes: NDArray[np.int64]
    hertz: Numbers
    dead: Flags
    silent_since: Numbers
    saturated: Flags
    answers: Numbers
    answers_everything: Flags
    short_intervals: Numbers
    local_variation: Numbers
    regular: Flags
    irregular: Flags
    bursting: Flags
    t: Numbers
    quiet: NDArray[np.int64]
    saturated_then: NDArray[np.int64]

    @property
    def silent(self) -> Flags:
        """Units that spiked once, and do no more."""
        return np.isfinite(self.silent_since)

    @property
    def summary(self) -> dict[str, int]:
        """How many units are in each state."""
        names = ("recorded", "dead", "silent", "saturated", "answers_everything", "regular", "irregular", "bursting")
        return {name: int(getattr(self, name).sum()) for name in names}

    def columns(self) -> dict[str, np.ndarray]:
        """Return a row per unit."""
        names = (
            "recorded", "spikes", "hertz", "dead", "silent_since", "saturated", "answers", "answers_everything",
            "short_intervals", "local_variation", "regular", "irregular", "bursting",
        )  # fmt: skip
        return {"unit": np.arange(len(self.spikes)), **{name: getattr(self, name) for name in names}}


def last_silences(counts: NDArray[Any], alpha: float) -> NDArray[np.int64]:
    """Return from which bin on each unit is silent to the end: (units,) int64, -1 where it is not.

    A unit is where its mean rate until its last spike, r spikes a bin, makes k empty bins improbable: exp(-r k) below
    `alpha` over the number of units that spiked at all.   Shapes: counts (units, bins).
    """
    counts = np.asarray(counts)
    spiked = counts.any(axis=1)
    last = counts.shape[1] - np.argmax(counts[:, ::-1] > 0, axis=1)
    empty = counts.shape[1] - last
    log_p = -counts.sum(axis=1) / np.maximum(last, 1) * empty
    improbable = spiked & (log_p < math.log(alpha / max(1, int(spiked.sum()))))
    return np.where(improbable, last, -1)


def health(
    trace: Trace, layer: str, t: tuple[float, float] | None = None, limits: Limits | None = None, bins: int = 64
) -> Health:
    """Return how the units of `layer` are in the window `t` (default: the whole trace), and over time in `bins`.

    Reads every spike of the layer once, to count, and some millions of them for regularity. Where stimuli were shown,
    intervals within a stimulus are told of only: pauses between them would make bursts of all that answers.
    Errors: UnknownName; InputError for a window that ends before it starts, or without ticks.
    """
    limits = limits or Limits()
    recorded = recorded_units(trace, layer)
    window = ends(trace, t)
    grid = trace.grid(layer, window, bins)
    counts = trace.raster_on(layer, grid).astype(np.int64)
    edges = (grid.first + grid.width * np.arange(grid.bins + 1)) * trace.header.tick_ns / 1e9
    fired = rates(trace, layer, window)
    dead = recorded & (trace.unit_counts(layer) == 0)
    since = last_silences(_until_the_end(counts, grid, trace), limits.alpha)
    most = limits.saturated / trace.header.tick
    answers = _answers(trace, layer, window)
    middle = _some(trace, layer, window, int(fired.spikes.sum()))
    between = intervals(trace, layer, middle, within_stimuli="stimuli" in trace.tables)
    enough = between.pairs >= limits.spikes - 2
    lv = np.where(enough, between.local_variation, np.nan)
    short = np.where(enough, between.short, np.nan)
    bursting = short >= limits.bursting
    return Health(
        recorded=recorded,
        spikes=fired.spikes,
        hertz=fired.hertz,
        dead=dead,
        silent_since=np.where(since >= 0, edges[np.maximum(since, 0)], np.nan),
        saturated=fired.hertz >= most,
        answers=np.where(recorded, answers, np.nan),
        answers_everything=answers >= limits.answers,
        short_intervals=short,
        local_variation=lv,
        regular=(lv <= limits.regular) & ~bursting,
        irregular=(lv > limits.regular) & ~bursting,
        bursting=bursting,
        t=edges,
        quiet=((counts == 0) & recorded[:, None]).sum(axis=0),
        saturated_then=(counts >= most * grid.width * trace.header.tick).sum(axis=0),
    )


def _until_the_end(counts: NDArray[np.int64], grid: Grid, trace: Trace) -> NDArray[np.int64]:
    """Without a last bin that reaches beyond the trace: it is not as long as the others."""
    return counts[:, :-1] if grid.bins > 1 and grid.end > trace.extent[1] + 1 else counts


def _some(trace: Trace, layer: str, window: tuple[float, float], spikes: int) -> tuple[float, float]:
    """The middle of the window, with about `SPIKES` of its spikes."""
    if spikes <= SPIKES:
        return window
    middle, half = (window[0] + window[1]) / 2.0, (window[1] - window[0]) * SPIKES / spikes / 2.0
    return middle - half, middle + half


def _answers(trace: Trace, layer: str, window: tuple[float, float]) -> Numbers:
    """The part of the stimuli within the window in which each unit spiked (units,), from some of them."""
    facts, shown = trace.header.layer(layer), trace.stimuli()
    within = (
        (shown["t_start"] >= window[0]) & (shown["t_end"] <= window[1]) & (shown["stim"] % facts.recorded.every == 0)
    )
    numbers = np.sort(shown["stim"][within])
    if not len(numbers):
        return np.full(facts.size, np.nan)
    pieces = np.array_split(numbers, PIECES) if len(numbers) > PIECES * PIECE else [numbers]
    answered, asked = np.zeros(facts.size), 0
    for piece in pieces:
        some = piece[:PIECE] if len(pieces) > 1 else piece
        counts = trace.spike_counts(layer, (int(some[0]), int(some[-1]) + 1))[some - some[0]]
        answered += (counts > 0).sum(axis=0)
        asked += len(some)
    return answered / asked
