"""The second look at a recording: its pieces become the tables of a trace."""

from __future__ import annotations

import numpy as np

from spikesight.base.progress import Progress
from spikesight.trace.importers.contract import ROWS, Array, Samples, Shown, Spikes, Weights
from spikesight.trace.importers.plan import Plan, variable
from spikesight.trace.importers.ticks import ticks
from spikesight.trace.writer import TraceWriter


class Writing:
    """Writes the pieces of a plan. Spikes of a layer are gathered to about a million and put into the order of time."""

    def __init__(self, plan: Plan, writer: TraceWriter) -> None:
        self._plan, self._writer = plan, writer
        self._waiting: dict[str, list[tuple[Array, Array, Array]]] = {name: [] for name in plan.layers}
        self._projections = plan.projections
        self._piece = max(plan.piece_ns() // plan.tick.ns, 1)
        self._origin = min(int(plan.span_ns[0] // plan.tick.ns), 0)
        shown = sorted(plan.shown, key=lambda one: one.t_start)
        self._starts = self._ticks(np.array([one.t_start for one in shown], np.float64))
        self._numbers = np.array([one.number for one in shown], np.int32)

    def write(self, progress: Progress) -> None:
        """Write everything.   Errors: as `TraceWriter`, and those of the importer."""
        for one in self._plan.shown:  # before their spikes, which can then be counted by class as they are sealed
            self._stimulus(one)
        for piece in self._plan.recording.pieces():
            if isinstance(piece, Spikes):
                self._spikes(piece)
            elif isinstance(piece, Samples):
                self._samples(piece)
            elif isinstance(piece, Weights):
                self._weights(piece)
            progress.advance(1)
        for name in self._waiting:
            self._flush(name)

    def _spikes(self, piece: Spikes) -> None:
        t, unit = self._ticks(piece.t), self._plan.layers[piece.layer].places.of(piece.unit)
        stim = self._during(t) if piece.stim is None else piece.stim.astype(np.int32)
        waiting = self._waiting[piece.layer]
        waiting.append((t, unit, stim))
        if sum(len(one[0]) for one in waiting) >= ROWS:
            self._flush(piece.layer)

    def _flush(self, name: str) -> None:
        waiting, self._waiting[name] = self._waiting[name], []
        if not waiting:
            return
        t, unit, stim = (np.concatenate(column) for column in zip(*waiting, strict=True))
        order = np.lexsort((unit, t, stim))
        self._writer.spikes(self._plan.names[name], t[order], unit[order], stim[order])

    def _samples(self, piece: Samples) -> None:
        unit = self._plan.layers[piece.layer].places.of(piece.unit)
        with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite
            value = piece.value.astype(np.float32)
        self._writer.values(self._plan.names[piece.layer], variable(piece), self._ticks(piece.t), unit, value)

    def _weights(self, piece: Weights) -> None:
        t = self._ticks(np.array([piece.t], np.float64))
        name = self._projections[piece.projection]
        self._writer.weights(name, int(t[0]), int(self._during(t)[0]), piece.w)

    def _stimulus(self, one: Shown) -> None:
        first, stop = self._ticks(np.array([one.t_start, one.t_end], np.float64)).tolist()
        correct = one.label == one.prediction if one.label >= 0 and one.prediction >= 0 else None
        self._writer.stimulus(
            stim=one.number, t_start=first, t_end=stop, label=one.label, prediction=one.prediction, correct=correct
        )

    def _ticks(self, t: Array) -> Array:
        return ticks(t, self._plan.recording.unit_ns, self._plan.tick.ns)

    def _during(self, t: Array) -> Array:
        """Return the number of the stimulus that began last, or of the piece of time."""
        if not len(self._starts):
            return ((t - self._origin) // self._piece).astype(np.int32)
        return self._numbers[np.maximum(np.searchsorted(self._starts, t, side="right") - 1, 0)]
