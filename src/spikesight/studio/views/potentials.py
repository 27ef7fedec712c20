"""A state variable of recorded units in a window, such as their potential, and their spikes."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View
from spikesight.trace.reader import Values
from spikesight.trace.schema import Layer

MOST_UNITS = 4
"""Curves in one lane; more are a tangle."""
MOST_SAMPLES = 400_000
"""Samples that are read for a window."""
LOOK = 4000
"""Ticks at the start of the window in which is looked which units were recorded, and how often."""
MOST_SPIKES = 2000


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `lines`, one per unit: t (from `t0`) and value; of many samples, the lowest and the highest of each bin.

    The option `of` names the variable, such as "exc.v"; the first one recorded where it is not given. Of its units, the
    chosen one is shown where it was recorded, else the first few. `spikes` (from `t0`) are those of the same unit.
    Where there is no line, `why` says so.   Errors: Empty where no variable was recorded; UnknownName.
    """
    window = run.window(query)
    known = [f"{layer.name}.{name}" for layer in run.trace.header.layers for name in run.trace.variables(layer.name)]
    if not known:
        how = 'A probe such as Probe("exc.v", units=(0, 1)) records one.'
        raise Empty(f"No state variable was recorded.{run.advice(how)}")
    of = query.choice("of", known)
    layer, variable = run.layer(of.rpartition(".")[0]), of.rpartition(".")[2]
    units, why = _units(run, layer, variable, window, query)
    t0 = window[0] * run.tick
    found = run.trace.values(layer.name, variable, t=run.seconds(window), units=units)
    return {
        "of": of,
        "known": known,
        "layer": layer.name,
        "t0": t0,
        "t1": window[1] * run.tick,
        "lines": [_line(run, layer, found, unit, t0, query) for unit in units],
        "why": why,
    }


def _units(
    run: OpenRun, layer: Layer, variable: str, window: tuple[int, int], query: Query
) -> tuple[list[int], str | None]:
    """Return the units to show; none where the window holds no sample, or too many, and which."""
    start, end = window
    look = run.trace.values(layer.name, variable, t=run.seconds((start, min(end, start + LOOK))))
    recorded = np.unique(look.unit)
    if not len(recorded):
        return [], f"No value of {layer.name}.{variable} was recorded in this window."
    asked = layer.name == run.asked_layer(query).name and query.unit in recorded
    units = [int(query.unit)] if asked and query.unit is not None else recorded[:MOST_UNITS].tolist()
    per_unit = len(look.t) / len(recorded) * max(1.0, (end - start) / LOOK)
    if per_unit * len(units) > MOST_SAMPLES:
        many = f"this window holds about {per_unit:,.0f} samples of a unit"
        return [], f"Zoom in to see {layer.name}.{variable}: {many}."
    return units, None


def _line(run: OpenRun, layer: Layer, found: Values, unit: int, t0: float, query: Query) -> dict[str, Any]:
    own = found.unit == unit
    t, value = _ends_of_bins(found.t[own], found.value[own], query.bins)
    t1 = float(found.t.max(initial=t0)) + run.tick
    spikes = run.trace.spikes(layer.name, t=(t0, t1), units=[unit]).t if layer.recorded.rows else np.zeros(0)
    return {
        "unit": unit,
        "t": (t - t0).astype(np.float32),
        "value": value.astype(np.float32),
        "spikes": (spikes[:MOST_SPIKES] - t0).astype(np.float32),
    }


def _ends_of_bins(t: np.ndarray, value: np.ndarray, bins: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest and the highest sample of each bin, in their order, where there are more than two a bin."""
    each = len(t) // bins
    if each <= 2:
        return t, value
    whole = len(t) // each * each
    parts = value[:whole].reshape(-1, each)
    places = np.sort(np.stack([parts.argmin(axis=1), parts.argmax(axis=1)], axis=1), axis=1)
    kept = (places + np.arange(len(parts))[:, None] * each).ravel()
    kept = np.concatenate([kept, np.arange(whole, len(t))])
    return t[kept], value[kept]


VIEW = View(answer, "Potentials", ("raster",), Place.LANE, options=("of",))
