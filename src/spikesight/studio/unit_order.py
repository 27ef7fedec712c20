"""The order in which a raster shows the units of a population, and counts of spikes in that order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from spikesight.analysis import Grid, preferred_class
from spikesight.analysis.space_order import hilbert_order
from spikesight.studio.moments import classes
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.trace.schema import Layer

ORDERS: Final = ("index", "rate", "class", "space")
GROUPS: Final = 256
"""So many units are always counted one by one; see `Trace.rows_for`."""
MOST_SPIKES = 2_000_000
"""In a window with more spikes, a large population is ordered by groups of units, which are counted already."""
MOST_CELLS = 2**23
"""Of units x bins, before rows are put together."""


@dataclass(frozen=True)
class Order:
    """`units` (units,) from the top down, None for 0, 1, 2, ...; `note` says what was ordered by.

    `class_of_unit` (units,) is the class that each unit stands for or prefers, -1 for none; None where not asked for.
    """

    units: np.ndarray | None
    note: str
    class_of_unit: np.ndarray | None = None


def order(run: OpenRun, layer: Layer, by: str) -> Order:
    """Return the order of the units of `layer` by one of `ORDERS`; where it has none such, by index, and why."""
    return run.remembered(("order", layer.name, by), lambda: _order(run, layer, by))


def dead(run: OpenRun, layer: Layer) -> np.ndarray:
    """Return the units that never spiked in the run: (K,) int32, empty where only some units were recorded."""
    if layer.recorded.units is not None:
        return np.zeros(0, np.int32)
    return np.flatnonzero(spikes_of_units(run, layer) == 0).astype(np.int32)


def spikes_of_units(run: OpenRun, layer: Layer) -> np.ndarray:
    """Return how many spikes of each unit were recorded in the whole run: (units,) int64."""
    return run.remembered(("unit counts", layer.name), lambda: run.trace.unit_counts(layer.name))


def _order(run: OpenRun, layer: Layer, by: str) -> Order:
    if by == "rate":
        busiest = np.argsort(-spikes_of_units(run, layer), kind="stable")
        return Order(busiest, "by rate over the whole run, most active on top")
    if by == "class":
        return _by_class(run, layer)
    if by == "space":
        return _by_space(layer)
    return Order(None, "by index")


def _by_class(run: OpenRun, layer: Layer) -> Order:
    of_unit, how = class_of_unit(run, layer)
    if of_unit is None:
        return Order(None, f"by index: {how}")
    last = np.where(of_unit < 0, np.iinfo(np.int32).max, of_unit)
    units = np.lexsort((-spikes_of_units(run, layer), last))
    return Order(units, f"by {how}, most active on top", of_unit)


def class_of_unit(run: OpenRun, layer: Layer) -> tuple[np.ndarray | None, str]:
    """Return the class of each unit of `layer` (units,) int32, -1 for none, and how it is known.

    None, and why, where no stimulus has a label.
    """
    try:
        known = classes(run)
        if known.layer == layer.name:
            return known.of_unit, "the class that a unit stands for"
    except Empty as reason:
        return None, str(reason)
    found = run.remembered(("class counts", layer.name), lambda: run.trace.class_counts(layer.name))
    if not len(found.classes):
        return None, "the stimuli have no labels"
    means = found.spikes / np.maximum(found.shown, 1)[:, None]
    best = preferred_class(means)
    return np.where(best < 0, -1, found.classes[best]).astype(np.int32), "the class that a unit answers to most"


def _by_space(layer: Layer) -> Order:
    if len(layer.shape) not in (2, 3):
        return Order(None, f"by index: the units of {layer.name} do not lie in a picture")
    height, width = layer.shape[-2:]
    curve, channels = hilbert_order(height, width), layer.size // (height * width)
    units = (np.arange(channels)[:, None] * height * width + curve).ravel()
    return Order(units, "along a Hilbert curve: what is close in the picture is close here")


@dataclass(frozen=True)
class Rows:
    """Spikes in rows: `counts` (rows, bins) uint32 of `units_in_row` (rows,) units; `units`, `note` as in `Order`."""

    counts: np.ndarray
    units_in_row: np.ndarray
    units: np.ndarray | None
    note: str


def rows_on(run: OpenRun, layer: Layer, grid: Grid, most_rows: int, chosen: Order, spikes: int) -> Rows:
    """Return the spikes of `layer` on `grid` in at most `most_rows` rows, its units in the order `chosen`.

    `spikes` is how many there are in the window: what decides whether units can be counted one by one.
    """
    trace, size = run.trace, layer.size
    if chosen.units is None:
        rows = trace.rows_for(layer.name, min(size, most_rows))
        return Rows(trace.raster_on(layer.name, grid, rows), _sizes(size, rows), None, chosen.note)
    rows = min(size, most_rows)
    few = layer.recorded.rows and spikes <= MOST_SPIKES and size * grid.bins <= MOST_CELLS
    if size <= GROUPS or few:
        counts = trace.raster_on(layer.name, grid, size)[chosen.units]
        return Rows(_together(counts, rows), _sizes(size, rows), chosen.units, chosen.note)
    return _grouped(run, layer, grid, most_rows, chosen)


def _grouped(run: OpenRun, layer: Layer, grid: Grid, most_rows: int, chosen: Order) -> Rows:
    """Groups of neighbours by the mean place of their units: too many spikes to count each unit on its own."""
    assert chosen.units is not None
    groups = run.trace.rows_for(layer.name, min(layer.size, most_rows, GROUPS))
    group = np.arange(layer.size) * groups // layer.size
    place = np.empty(layer.size)
    place[chosen.units] = np.arange(layer.size)
    sizes = _sizes(layer.size, groups)
    best = np.argsort(np.bincount(group, place) / sizes, kind="stable")
    units = np.argsort(np.argsort(best, kind="stable")[group], kind="stable")
    note = f"{chosen.note}; groups of {layer.size // groups} units at this zoom"
    return Rows(run.trace.raster_on(layer.name, grid, groups)[best], sizes[best], units, note)


def _sizes(size: int, rows: int) -> np.ndarray:
    """Return how many units each row holds when unit u is in row u * rows // size: (rows,) int32."""
    return np.bincount(np.arange(size) * rows // size, minlength=rows).astype(np.int32)


def _together(counts: np.ndarray, rows: int) -> np.ndarray:
    starts = np.searchsorted(np.arange(len(counts)) * rows // len(counts), np.arange(rows))
    together: np.ndarray = np.add.reduceat(counts, starts, axis=0)
    return together.astype(np.uint32)
