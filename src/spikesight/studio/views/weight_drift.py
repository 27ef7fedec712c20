"""The distribution of weights over the run: a column of a picture for every snapshot, on common bins."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis.recorded.weights import shared_out
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.synapses import recorded, spread
from spikesight.studio.view import Place, View

BINS = 64


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `share` (BINS, K) float32, the weights in equal bins from `low` to `high`, at `t` (K,) seconds.

    `mean` and `std` (K,) are those of the snapshots. Of more snapshots than `query.bins`, some evenly apart are shown.
    """
    projection, snapshots = recorded(run, query)
    places = spread(len(snapshots["t"]), query.bins)
    if not np.isfinite(snapshots["low"]).any():
        raise Empty(f"No weight of {projection.name} is a number.")
    low, high = float(np.nanmin(snapshots["low"])), float(np.nanmax(snapshots["high"]))
    t0, t1 = run.seconds(run.window(Query()))
    ends = np.stack([snapshots["low"], snapshots["high"]], axis=1)[places]
    return {
        "t0": t0,
        "t1": t1,
        "projection": projection.name,
        "t": snapshots["t"][places],
        "low": low,
        "high": high,
        "share": on_common_bins(snapshots["histogram"][places], ends, low, high, BINS),
        "mean": snapshots["mean"][places],
        "std": snapshots["std"][places],
    }


def on_common_bins(counts: np.ndarray, ends: np.ndarray, low: float, high: float, bins: int) -> np.ndarray:
    """Return histograms (K, B), each in equal bins between its own `ends` (K, 2), as shares in common ones: (bins, K).

    A bin that lies across common ones is shared out by area.
    """
    edges = np.linspace(low, high, bins + 1)
    shared = [shared_out(own, first, last, edges) for own, (first, last) in zip(counts, ends, strict=True)]
    totals = np.maximum(counts.sum(axis=1), 1)
    shares: np.ndarray = (np.array(shared).reshape(len(counts), bins) / totals[:, None]).T
    return shares.astype(np.float32)


VIEW = View(answer, "Weights", ("synapses",), Place.LANE)
