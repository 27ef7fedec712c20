"""Several traces as one: one after the other on the axis of time, or each at the time it has. One alone is packed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from spikesight.base.errors import InputError
from spikesight.base.progress import SILENT, Progress
from spikesight.trace.frames import Columns
from spikesight.trace.maintenance.opened import Opened, opened
from spikesight.trace.maintenance.packer import Packer
from spikesight.trace.maintenance.parts import Part
from spikesight.trace.schema import Header, counts_table

PART: Final = "part"
"""The name of the marks that say where a part begins."""


@dataclass(frozen=True)
class Placed:
    """Where a part lies in the merged trace: first and last tick, first and last stimulus (None without any)."""

    run: str
    ticks: tuple[int, int]
    stim: tuple[int, int] | None


def merge(
    folders: Sequence[Path], to: Path, run: str, *, keep_times: bool = False, progress: Progress = SILENT
) -> list[Placed]:
    """Write the traces in `folders` as one trace, of `run`, into the folder `to`; return where the parts lie.

    Each begins at the tick after the one before has ended, and its stimuli are numbered on; the first stays where it
    is, and with `keep_times` all do: for pieces cut out of one run. A mark says where each begins. A single trace is
    packed: rows of many small segments come into few big ones, and no mark is added.
    Errors: InputError for traces that do not fit together, TraceError, StorageFull; then `to` is not a trace yet.
    """
    with ExitStack() as held:
        traces = [held.enter_context(opened(folder)) for folder in folders]
        header = replace(_common([trace.header for trace in traces]), run=run)
        parts, placed = _one_after_the_other(traces, keep_times)
        _check_counts(header, parts)
        marks = [_marks(placed)] if len(parts) > 1 else []
        tables = {table for trace in traces for table in trace.store.tables()}
        packer = held.enter_context(Packer(to, header, progress))
        for table in sorted(tables | {"marks"} if marks else tables):
            packer.table(table, parts, marks if table == "marks" else ())
        packer.finish()
    return placed


def rows_in(folders: Sequence[Path]) -> int:
    """Return how many rows the traces in `folders` have together: the steps of a merge.   Errors: TraceError."""
    total = 0
    for folder in folders:
        with opened(folder) as trace:
            total += sum(trace.rows().values())
    return total


def _one_after_the_other(traces: Sequence[Opened], keep_times: bool) -> tuple[list[Part], list[Placed]]:
    parts: list[Part] = []
    placed: list[Placed] = []
    for trace in traces:
        ticks, stim = trace.store.extent() or (0, 0), trace.stimuli()
        stays = keep_times or not placed
        later = 0 if stays else placed[-1].ticks[1] + 1 - ticks[0]
        numbered = [one.stim[1] for one in placed if one.stim is not None]
        further = 0 if stays or stim is None or not numbered else numbered[-1] + 1 - stim[0]
        parts.append(Part(trace.store, later=later, further=further))
        moved = None if stim is None else (stim[0] + further, stim[1] + further)
        placed.append(Placed(trace.header.run, (ticks[0] + later, ticks[1] + later), moved))
    return parts, placed


def _check_counts(header: Header, parts: Sequence[Part]) -> None:
    """Bins of counts begin at multiples of their width: by anything else they cannot be moved."""
    for layer in header.layers:
        for part in parts if not layer.recorded.rows else ():
            found = part.store.query(counts_table(layer.name), "SELECT coalesce(max(width), 1) AS width FROM rows")
            if part.later % max(int(found["width"][0]), 1):
                raise InputError(
                    f"of layer '{layer.name}' only counts in bins of {found['width'][0]} ticks were kept, which cannot "
                    f"be moved by {part.later} ticks: leave the layer out with `spikesight trace cut --layers`"
                )


def _marks(placed: Sequence[Placed]) -> Columns:
    return {
        "t": np.array([part.ticks[0] for part in placed], np.int64),
        "name": np.array([PART] * len(placed), dtype=object),
        "text": np.array([f"{number}: {part.run}" for number, part in enumerate(placed, start=1)], dtype=object),
    }


def _common(headers: Sequence[Header]) -> Header:
    """Return the header of the whole. What differs and does not matter (data set, seed) is that of the first."""
    first = headers[0]
    for other in headers[1:]:
        for fact in ("tick_ns", "time", "classes", "layers", "projections"):  # labels count the names of classes
            if getattr(other, fact) != getattr(first, fact):
                raise InputError(
                    f"the traces of {first.run} and {other.run} differ in {fact} ({getattr(first, fact)} and "
                    f"{getattr(other, fact)}): only traces of one network and task, in ticks of one length, can be "
                    "merged. `spikesight trace cut --layers` leaves layers out"
                )
    return first
