"""How far learning has come, stage by stage: how near the weights are to their ends, where each stage stopped."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View
from spikesight.studio.views.scalars import points
from spikesight.trace.schema import Projection

CURVE = "convergence of "
"""How scalars begin that learners write of a stage."""
CONVERGED = 0.01
"""Published for layers that learn by STDP: Kheradpisheh et al. 2018."""


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `curves`: name, t (seconds) and value, the mean of w (1 - w) over the weights of a stage.

    It is what the run wrote as "convergence of ...". Where it wrote none, it is that of the snapshots of each
    projection whose weights lie between 0 and 1. `end` is the last moment at which the curve moved, None where it is
    the last point that there is; `converged` is the value at which the published networks stop.
    """
    t0, t1 = run.seconds(run.window(query))
    whole = run.remembered("convergence", lambda: _written(run) or _of_snapshots(run))
    if not whole:
        raise Empty("No weights between 0 and 1 were recorded, and no curve of how they converge.")
    last = max(float(t[-1]) for t, _ in whole.values())
    curves = [
        {"name": name, "end": _end(t, value, last), "now": float(value[-1]), **points(t, value, query.bins)}
        for name, (t, value) in whole.items()
    ]
    return {"t0": t0, "t1": t1, "curves": curves, "converged": CONVERGED}


def _written(run: OpenRun) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    names = [name for name in run.trace.scalar_names() if name.startswith(CURVE)]
    found = {name.removeprefix(CURVE): run.trace.scalars(name) for name in names}
    return {name: (t, np.asarray(value, np.float64)) for name, (t, value) in _in_turn(found)}


def _in_turn(curves: dict[str, Any]) -> list[tuple[str, Any]]:
    """The stage that began first comes first."""
    return sorted(curves.items(), key=lambda one: float(one[1][0][0]))


def _of_snapshots(run: OpenRun) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    found = {}
    for one in run.trace.header.projections:
        curve = _curve(run, one)
        if curve is not None:
            found[one.name] = curve
    return found


def _curve(run: OpenRun, projection: Projection) -> tuple[np.ndarray, np.ndarray] | None:
    if f"weights/{projection.name}" not in run.trace.tables:
        return None
    known = run.trace.snapshots(projection.name)
    if not np.isfinite(known["low"]).all() or not (np.min(known["low"]) >= 0.0 and np.max(known["high"]) <= 1.0):
        return None
    # The mean of w (1 - w) by the mean and the deviation of w, which are kept: no weights need be read.
    mean, std = (np.asarray(known[name], np.float64) for name in ("mean", "std"))
    return np.asarray(known["t"], np.float64), mean - mean**2 - std**2


def _end(t: np.ndarray, value: np.ndarray, last: float) -> float | None:
    moved = np.flatnonzero(np.diff(value) != 0)
    end = float(t[moved[-1] + 1]) if len(moved) else float(t[-1])
    return end if end < last else None


VIEW = View(answer, "Convergence", ("synapses",), Place.LANE)
