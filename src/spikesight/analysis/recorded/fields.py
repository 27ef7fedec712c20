"""What neurons had learned at a moment: their receptive fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spikesight.analysis.receptive_fields import fields
from spikesight.base.errors import InputError
from spikesight.trace.frames import Columns
from spikesight.trace.reader import Trace
from spikesight.trace.tabular import Tabular, cells


@dataclass(frozen=True, eq=False)
class ReceptiveFields(Tabular):
    """fields (N, height, width): the weights of each `unit` (N,) at the `snapshot` of time `t` (seconds)."""

    projection: str
    snapshot: int
    t: float
    unit: np.ndarray
    fields: np.ndarray

    def columns(self) -> Columns:
        """Return a row per unit and place."""
        height, width = self.fields.shape[1:]
        axes = {"unit": self.unit, "y": np.arange(height), "x": np.arange(width)}
        return cells(axes, {"weight": self.fields})


def receptive_fields(
    trace: Trace, projection: str, t: float | None = None, units: Sequence[int] | None = None
) -> ReceptiveFields:
    """Return the fields of `units` (default: all) of the post layer at the moment `t` (default: the last).

    They are those of the newest snapshot up to then; before the first one, of the first. Channels of the pre layer
    are summed. Of a convolution, `units` are maps, and fields their kernels.
    Errors: UnknownName, InputError where no weights were recorded, the pre layer is no picture, or a unit is missing.
    """
    facts = trace.header.projection(projection)
    snapshot, at = snapshot_at(trace, projection, t)
    shape = facts.kernel.shape if facts.kernel else trace.header.layer(facts.pre).shape
    pictures = fields(trace.weights(projection, snapshot), shape)
    chosen = np.arange(len(pictures)) if units is None else np.asarray(units, dtype=np.int64)
    if len(chosen) and not 0 <= chosen.min() <= chosen.max() < len(pictures):
        what = "maps" if facts.kernel else "units"
        raise InputError(f"{facts.post} has {what} 0 to {len(pictures) - 1}, got {chosen.min()} to {chosen.max()}")
    return ReceptiveFields(projection, snapshot, at, chosen, pictures[chosen])


def snapshot_at(trace: Trace, projection: str, t: float | None) -> tuple[int, float]:
    """Return the number and the time of the snapshot that holds at `t` (seconds; None: the last one).

    Errors: UnknownName, InputError where no weights were recorded.
    """
    times = trace.snapshots(projection)["t"]
    if not len(times):
        raise InputError(f"no weights of '{projection}' were recorded: record with Probe(\"{projection}.w\", every=50)")
    number = len(times) - 1 if t is None else max(0, int(np.searchsorted(times, t, side="right")) - 1)
    return number, float(times[number])
