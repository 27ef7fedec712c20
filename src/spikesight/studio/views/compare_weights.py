"""Two runs' weights at the cursor, on common bins."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.alignment import pair
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.synapses import at_cursor, recorded
from spikesight.studio.view import Place, View
from spikesight.studio.views.weight_drift import on_common_bins

BINS = 48


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `one` and `other` (BINS,), the share of the weights in equal bins from `low` to `high`, at the cursor.

    Errors: Empty where one of the runs has not recorded these weights.
    """
    both = pair(run, query)
    projection, mine = recorded(run, query)
    name = projection.name
    if all(one.name != name for one in both.other.trace.header.projections):
        raise Empty(f"{both.other.name} has no projection {name}.")
    _, its = recorded(both.other, Query(projection=name))
    places = [
        at_cursor(one, np.asarray(known["t"]), Query(at=at))[0]
        for one, known, at in ((run, mine, both.at), (both.other, its, both.other_at))
    ]
    ends = np.array(
        [[known[side][place] for side in ("low", "high")] for known, place in zip((mine, its), places, strict=True)]
    )
    low, high = float(np.nanmin(ends)), float(np.nanmax(ends))
    counts = np.stack([known["histogram"][place] for known, place in zip((mine, its), places, strict=True)])
    shares = on_common_bins(counts, ends, low, high, BINS)
    return {
        "names": [run.name, both.other.name],
        "projection": name,
        "snapshots": places,
        "low": low,
        "high": high,
        "one": shares[:, 0].copy(),
        "other": shares[:, 1].copy(),
        "mean": [float(known["mean"][place]) for known, place in zip((mine, its), places, strict=True)],
        "std": [float(known["std"][place]) for known, place in zip((mine, its), places, strict=True)],
    }


VIEW = View(answer, "Weights of both", ("compare",), Place.SIDE, options=("align",))
