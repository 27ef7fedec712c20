"""Moments like this one: stimuli that a layer answered alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.earliness import answers, fires_once
from spikesight.base.errors import InputError
from spikesight.trace.frames import Columns
from spikesight.trace.reader import Trace
from spikesight.trace.tabular import Tabular

CELLS = 4_000_000
"""Spike counts in memory at a time (32 MB)."""


@dataclass(frozen=True, eq=False)
class Similar(Tabular):
    """The stimuli `stim` (K,) that a layer answered most alike, the nearest first, and how much: cosine (K,), 0 to 1.

    `silent` stimuli among those searched had no spikes, so that they resemble nothing.
    """

    stim: NDArray[np.int64]
    cosine: NDArray[np.float64]
    silent: int

    def columns(self) -> Columns:
        """Return a row per stimulus."""
        return {"stim": self.stim, "cosine": self.cosine}


def similar(trace: Trace, layer: str, stim: int, count: int = 10, among: tuple[int, int] | None = None) -> Similar:
    """Return the `count` stimuli that `layer` answered most like `stim`, which is not among them.

    An answer is how many spikes every unit fired, or how early where none fires twice (`earliness.answers`); two are
    compared by the cosine between them, so that only which units answer matters, not how strongly all do. `among` are
    the stimuli searched, (first, stop), by default all. They are read in pieces, and memory stays below about 100 MB
    however long the trace; ties go to the earlier one.
    Errors: UnknownName; InputError where `stim` had no spikes in this layer, or `count` is below 1.
    """
    if count < 1:
        raise InputError(f"count is at least 1, got {count}")
    once = fires_once(trace, layer)
    asked = answers(trace, layer, (stim, stim + 1), once)[0]
    if not asked.any():
        raise InputError(f"'{layer}' did not spike during stimulus {stim}: there is no answer to compare")
    asked /= np.linalg.norm(asked)
    first, stop = _all_of(trace) if among is None else (int(among[0]), int(among[1]))
    best, cosines, silent = np.zeros(0, np.int64), np.zeros(0), 0
    facts = trace.header.layer(layer)
    every, step = facts.recorded.every, max(1, CELLS // facts.size)
    for start in range(first, stop, step):
        numbers = np.arange(start, min(start + step, stop))
        counts = answers(trace, layer, (start, int(numbers[-1]) + 1), once)
        norm = np.linalg.norm(counts, axis=1)
        known, spoke = numbers % every == 0, norm > 0.0
        silent += int((known & ~spoke).sum())
        spoke &= numbers != stim
        best = np.concatenate([best, numbers[spoke]])
        cosines = np.concatenate([cosines, np.minimum(counts[spoke] @ asked / norm[spoke], 1.0)])
        order = np.lexsort((best, -cosines))[:count]
        best, cosines = best[order], cosines[order]
    return Similar(best, cosines, silent)


def _all_of(trace: Trace) -> tuple[int, int]:
    numbers = trace.stimuli()["stim"]
    return (int(numbers.min()), int(numbers.max()) + 1) if len(numbers) else (0, 0)
