"""Intervals between the spikes of one unit, on a logarithmic axis, and how regular they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis import cv, cv2, local_variation
from spikesight.studio.chosen import chosen_unit, with_spikes
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View

BINS_A_DECADE = 8


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return the intervals of `query.unit` in the window: `counts` (K,) in bins with `edges` (K + 1,) seconds.

    `density` (K,) is their share per decade, which is fair to bins of different width. `cv`, `cv2`, `lv` are 0 for a
    clock and 1 for a Poisson process, NaN for fewer than three spikes. Without two spikes there is no interval, and
    spikes in the same tick are one here.
    """
    layer, unit = chosen_unit(run, query)
    with_spikes(layer)
    train = run.trace.spikes(layer.name, t=run.seconds(run.window(query)), units=[unit])
    ticks = np.unique(np.rint(train.t / run.tick))
    lengths = np.diff(ticks)
    edges = tick_edges(int(lengths.max(initial=0)))
    counts = np.histogram(lengths, edges)[0]
    alone = np.zeros(len(ticks), dtype=np.int64)
    return {
        "layer": layer.name,
        "unit": unit,
        "spikes": len(train.t),
        "edges": edges * run.tick,
        "counts": counts.astype(np.int32),
        "density": counts / max(1, len(lengths)) / np.diff(np.log10(edges)),
        "mean": float(lengths.sum()) * run.tick / len(lengths) if len(lengths) else float("nan"),
        "cv": float(cv(ticks, alone, 1)[0]),
        "cv2": float(cv2(ticks, alone, 1)[0]),
        "lv": float(local_variation(ticks, alone, 1)[0]),
    }


def tick_edges(longest: int) -> np.ndarray:
    """Return edges in ticks, halfway between whole ones, that grow by an eighth of a decade and hold 1 to `longest`.

    No bin is narrower than a tick: bins that no interval can fall into would draw gaps that are not there.
    """
    decades = np.log10(max(longest, 1) + 1)
    whole = np.unique(np.ceil(np.logspace(0, decades, max(2, int(np.ceil(decades * BINS_A_DECADE)) + 1))))
    edges: np.ndarray = np.append(whole[whole <= longest], longest + 1) - 0.5
    return np.unique(edges)


VIEW = View(answer, "Intervals", ("neurons",), Place.SIDE)
