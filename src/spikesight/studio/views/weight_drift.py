"""The distribution of weights over the run: a column of a picture for every snapshot, on common bins."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.open_run import OpenRun
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

    A bin that lies across two common ones is divided by area.
    """
    edges = np.linspace(low, high, bins + 1)
    shares = np.zeros((bins, len(counts)), dtype=np.float32)
    for column, (histogram, (first, last)) in enumerate(zip(counts, ends, strict=True)):
        total = histogram.sum()
        if not total:
            continue
        if not last > first:
            shares[min(bins - 1, int(np.searchsorted(edges, first, side="right")) - 1), column] = 1.0
            continue
        below = np.concatenate([[0], np.cumsum(histogram)]) / total
        shares[:, column] = np.diff(np.interp(edges, np.linspace(first, last, len(histogram) + 1), below))
    return shares


VIEW = View(answer, "Weights", ("synapses",), Place.LANE)
