"""What activity cost: synaptic operations over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.frames import Columns
from spikesight.trace.reader import Trace
from spikesight.trace.schema import counts_table, spikes_table
from spikesight.trace.tabular import Tabular, cells


@dataclass(frozen=True, eq=False)
class Synops(Tabular):
    """Synaptic operations of L `layers` in bins between `edges` (B + 1,) seconds: operations (L, B).

    One for each synapse that a spike reaches: spikes times the fan-out of the projections of the trace that leave the
    layer. A circuit lists those with a weight for each pair; sparse and one-to-one wiring is not counted.
    correct (B,) int64: stimuli answered right, in the bin in which they ended. per_correct (L,): operations for each
    right answer, NaN without one. `missing` are layers with projections whose spikes were not, or not all, recorded:
    what they cost is not in the sum.
    """

    layers: tuple[str, ...]
    edges: np.ndarray
    operations: np.ndarray
    correct: np.ndarray
    per_correct: np.ndarray
    missing: tuple[str, ...]

    def columns(self) -> Columns:
        """Return a row per layer and bin."""
        shape = self.operations.shape
        axes = {"layer": np.array(self.layers, dtype=object), "bin": np.arange(shape[1])}
        t_start, t_end = (np.broadcast_to(ends, shape) for ends in (self.edges[:-1], self.edges[1:]))
        return cells(axes, {"t_start": t_start, "t_end": t_end, "operations": self.operations})


def synops(trace: Trace, t: tuple[float, float] | None = None, bins: int = 200) -> Synops:
    """Return the synaptic operations of each layer over the window `t`, in about `bins` bins of whole ticks.

    The bins cover the window and may reach beyond it by less than a bin at each end; all layers have the same ones.
    Fan-out is what the trace says of a projection when it begins: synapses that were pruned later still count.
    Errors: InputError where no layer with projections was recorded, or for a window without ticks.
    """
    fan_out: dict[str, float] = {}
    for projection in trace.header.projections:
        fan_out[projection.pre] = fan_out.get(projection.pre, 0.0) + projection.fan_out
    layers = tuple(name for name in fan_out if is_whole(trace, name))
    if not layers:
        raise InputError(
            f"no layer with projections was recorded as a whole (projections leave {', '.join(fan_out) or 'none'}): "
            "record with Probe('<layer>.spikes')"
        )
    # The widest of the layers' grids: its bins are made of whole bins of the others.
    grid = max((trace.grid(name, t, bins) for name in layers), key=lambda one: one.width)
    counts = np.array([trace.raster_on(name, grid, rows=1)[0] for name in layers], dtype=np.float64)
    operations = counts * np.array([fan_out[name] for name in layers])[:, None]
    correct = _right_answers(trace, grid.first, grid.width, grid.bins)
    per_correct = operations.sum(axis=1) / correct.sum() if correct.any() else np.full(len(layers), np.nan)
    edges = (grid.first + grid.width * np.arange(grid.bins + 1)) * trace.header.tick_ns / 1e9
    return Synops(
        layers, edges, operations, correct, per_correct, tuple(name for name in fan_out if name not in layers)
    )


def is_whole(trace: Trace, layer: str) -> bool:
    """Whether all spikes of `layer` were recorded, single ones or their numbers.   Errors: UnknownName."""
    recorded = trace.header.layer(layer).recorded
    there = not {spikes_table(layer), counts_table(layer)}.isdisjoint(trace.tables)
    return there and recorded.units is None and recorded.every == 1


def _right_answers(trace: Trace, first: int, width: int, bins: int) -> np.ndarray:
    shown = trace.stimuli()
    ended = np.rint(shown["t_end"] / trace.header.tick).astype(np.int64) - 1
    place = (ended[np.ma.filled(shown["correct"], False)] - first) // width
    return np.bincount(place[(place >= 0) & (place < bins)], minlength=bins)
