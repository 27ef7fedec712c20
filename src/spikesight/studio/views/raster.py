"""Spikes of every population in a window: counts on a grid, or single spikes where there are few; and rates."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis import Grid, covering_grid, rate
from spikesight.analysis.silences import silent_periods
from spikesight.studio.moments import stimuli
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.unit_order import ORDERS, Order, class_of_unit, dead, order, rows_on
from spikesight.studio.view import Place, View
from spikesight.trace.schema import Layer

MOST_TICKS = 4000
"""So many spikes of a population are drawn one by one; more are drawn as density."""
RATE_BINS = 200
"""Bins of the rate where spikes are drawn one by one; elsewhere it has the bins of the density."""
SHORTEST_RATE_BIN = 5e-3
"""Seconds; in shorter bins a rate of a few spikes is noise."""
MOST_CLASSES = 4096
"""Units of a population whose classes are told with every raster; of more, only where they are the order."""


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return, for every population, the number of spikes in the window, its rate, and a raster that fits the asker.

    The option `sort` orders the units: `units` (units,) from the top down, None for by index, and `sorted`, in words.
    `folded` names populations, with commas between, of which only the rate is wanted.
    """
    window = run.window(query)
    t0, t1 = run.seconds(window)
    by, folded = query.choice("sort", ORDERS), query.text("folded").split(",")
    layers = [
        _folded(run, layer, window, query) if layer.name in folded else _layer(run, layer, window, query, by)
        for layer in run.trace.header.layers
    ]
    return {"t0": t0, "t1": t1, "sort": by, "layers": layers}


def _told(layer: Layer, spikes: int) -> dict[str, Any]:
    return {"name": layer.name, "size": layer.size, "spikes": spikes, "ticks": None, "counts": None, "grid": None}


def _folded(run: OpenRun, layer: Layer, window: tuple[int, int], query: Query) -> dict[str, Any]:
    grid = run.trace.grid(layer.name, run.seconds(window), query.bins)
    counts = run.trace.raster_on(layer.name, grid, 1)[0]
    return {
        **_told(layer, run.spikes_in(layer.name, window)),
        "folded": True,
        "rate": _rate(run, layer, grid, counts),
        "silences": _silences(run, layer, grid, counts),
    }


def _layer(run: OpenRun, layer: Layer, window: tuple[int, int], query: Query, by: str) -> dict[str, Any]:
    spikes, chosen = run.spikes_in(layer.name, window), order(run, layer, by)
    told = {
        **_told(layer, spikes),
        "folded": False,
        "class_of_unit": _classes(run, layer, chosen),
        "dead": dead(run, layer),
    }
    if spikes <= MOST_TICKS and layer.recorded.rows:
        return {**told, **_ticks(run, layer, window, chosen)}
    return {**told, **_density(run, layer, window, query, chosen, spikes)}


def _classes(run: OpenRun, layer: Layer, chosen: Order) -> np.ndarray | None:
    if chosen.class_of_unit is not None:
        return chosen.class_of_unit
    named = layer.name == run.readout().name and layer.size <= MOST_CLASSES
    return class_of_unit(run, layer)[0] if named else None


def _ticks(run: OpenRun, layer: Layer, window: tuple[int, int], chosen: Order) -> dict[str, Any]:
    """Times travel from the start of the window: there float32 is finer than a tick, however long the run."""
    found = run.trace.spikes(layer.name, t=run.seconds(window))
    ticks = np.rint(found.t / run.tick).astype(np.int64)
    grid = covering_grid(*window, RATE_BINS, least_width=max(1, round(SHORTEST_RATE_BIN / run.tick)))
    places = grid.bin_of(ticks)
    counts = np.bincount(places[(places >= 0) & (places < grid.bins)], minlength=grid.bins)
    return {
        "ticks": {"t": ((ticks - window[0]) * run.tick).astype(np.float32), "unit": found.unit.astype(np.int32)},
        "units": _plain(chosen.units),
        "sorted": chosen.note,
        "rate": _rate(run, layer, grid, counts),
        "silences": _silences(run, layer, grid, counts),
    }


def _density(
    run: OpenRun, layer: Layer, window: tuple[int, int], query: Query, chosen: Order, spikes: int
) -> dict[str, Any]:
    grid = run.trace.grid(layer.name, run.seconds(window), query.bins)
    found = rows_on(run, layer, grid, query.rows, chosen, spikes)
    in_bins = found.counts.sum(axis=0)
    return {
        "counts": _narrow(found.counts),
        "units_in_row": found.units_in_row,
        "units": _plain(found.units),
        "sorted": found.note,
        "grid": {"first": grid.first * run.tick, "width": grid.width * run.tick},
        "rate": _rate(run, layer, grid, in_bins),
        "silences": _silences(run, layer, grid, in_bins),
    }


def _rate(run: OpenRun, layer: Layer, grid: Grid, counts: np.ndarray) -> dict[str, Any]:
    hz = rate(counts, grid.width * run.tick, layer.size).astype(np.float32)
    return {"first": grid.first * run.tick, "width": grid.width * run.tick, "hz": hz}


def _silences(run: OpenRun, layer: Layer, grid: Grid, counts: np.ndarray) -> np.ndarray:
    """Return unusual silences as (K, 2) seconds; bins before and after the run are not silent, they are not there.

    Nor is a layer silent where its spikes were not recorded: with only some presentations recorded, nothing is told.
    """
    if layer.recorded.every > 1:
        return np.zeros((0, 2))
    first, last = grid.bin_of(np.array(run.trace.extent)).clip(0, grid.bins - 1)
    found = [(first + one.start, first + one.end) for one in silent_periods(counts[first : last + 1])]
    seconds = (grid.first + np.array(found, dtype=float).reshape(-1, 2) * grid.width) * run.tick
    return np.asarray(seconds[np.diff(seconds)[:, 0] >= run.remembered("pause", lambda: _usual_pause(run))])


def _usual_pause(run: OpenRun) -> float:
    """Seconds that a silence lasts at least: between stimuli, and in one that drives nothing, silence is usual."""
    try:
        shown = stimuli(run)
    except Empty:
        return 0.0
    return float(np.median(shown.t_end - shown.t_start))


def _plain(units: np.ndarray | None) -> np.ndarray | None:
    return None if units is None else units.astype(np.int32)


def _narrow(counts: np.ndarray) -> np.ndarray:
    """Return counts in the smallest type that holds them all."""
    most = int(counts.max(initial=0))
    return counts.astype(np.uint8 if most < 2**8 else np.uint16 if most < 2**16 else np.uint32)


VIEW = View(answer, "Raster", ("raster",), Place.LANE, options=("sort", "folded"))
