"""Two runs in figures: accuracy, rates, selectivity and weights over the window that they share."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.alignment import Pair, pair
from spikesight.studio.moments import stimuli
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.synapses import at_cursor
from spikesight.studio.tuning import tuning
from spikesight.studio.view import Place, View


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `rows`: {what, unit, one, other}, numbers or None where one run does not have them."""
    both = pair(run, query)
    windows = ((run, both.window), (both.other, both.other_window))
    rows = [_row("Accuracy", "%", *(_accuracy(one, window) for one, window in windows))]
    rows.append(_row("Stimuli", "", *(_stimuli(one, window) for one, window in windows)))
    for mine, _ in both.layers:
        rates = [one.trace.count(mine.name, window) / mine.size / (window[1] - window[0]) for one, window in windows]
        rows.append(_row(f"{mine.name}: rate", "Hz", *rates))
        silent = [float((one.trace.unit_counts(mine.name, window) == 0).mean()) * 100 for one, window in windows]
        rows.append(_row(f"{mine.name}: silent units", "%", *silent))
        index = [_selectivity(one, mine.name, window) for one, window in windows]
        if any(value is not None for value in index):
            rows.append(_row(f"{mine.name}: selectivity", "", *index))
    return {"names": [run.name, both.other.name], "rows": rows + _weights(both)}


def _row(what: str, unit: str, one: float | None, other: float | None) -> dict[str, Any]:
    return {"what": what, "unit": unit, "one": one, "other": other}


def _accuracy(run: OpenRun, window: tuple[float, float]) -> float | None:
    try:
        shown = stimuli(run)
    except Empty:
        return None
    correct = shown.correct[shown.within(*window)]
    known = correct[correct >= 0]
    return float(known.mean()) * 100 if len(known) else None


def _stimuli(run: OpenRun, window: tuple[float, float]) -> float | None:
    try:
        here = stimuli(run).within(*window)
    except Empty:
        return None
    return float(here.stop - here.start)


def _selectivity(run: OpenRun, layer: str, window: tuple[float, float]) -> float | None:
    """The mean selectivity index of the units that fired, over the stimuli of the window."""
    try:
        index = tuning(run, Query(*window), layer).index
    except Empty:
        return None
    return float(np.nanmean(index)) if np.isfinite(index).any() else None


def _weights(both: Pair) -> list[dict[str, Any]]:
    rows = []
    there = {p.name for p in both.other.trace.header.projections}
    for projection in both.one.trace.header.projections:
        name = projection.name
        if name not in there or not all(f"weights/{name}" in run.trace.tables for run in (both.one, both.other)):
            continue
        w = [_snapshot(run, name, at) for run, at in ((both.one, both.at), (both.other, both.other_at))]
        rows.append(_row(f"{name}: mean weight", "", *(float(one.mean()) for one in w)))
        rows.append(_row(f"{name}: mean where not 0", "", *(_mean_kept(one) for one in w)))
        rows.append(_row(f"{name}: weights at 0", "%", *(float((one == 0).mean()) * 100 for one in w)))
    return rows


def _mean_kept(w: np.ndarray) -> float | None:
    return float(w[w != 0].mean()) if (w != 0).any() else None


def _snapshot(run: OpenRun, projection: str, at: float) -> np.ndarray:
    place, _ = at_cursor(run, np.asarray(run.trace.snapshots(projection)["t"]), Query(at=at))
    return run.remembered(("weights", projection, place), lambda: run.trace.weights(projection, place))


VIEW = View(answer, "In figures", ("compare",), Place.SIDE, options=("align",))
