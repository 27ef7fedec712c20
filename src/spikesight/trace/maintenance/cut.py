"""A part of a trace as a trace of its own: a window of time or of stimuli, all layers or some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from spikesight.base.errors import InputError
from spikesight.base.progress import SILENT, Progress
from spikesight.trace.maintenance.opened import Opened, opened
from spikesight.trace.maintenance.packer import Packer
from spikesight.trace.maintenance.parts import Part
from spikesight.trace.maintenance.tables import belongs
from spikesight.trace.schema import Header
from spikesight.trace.windows import Window


def cut(
    folder: Path,
    to: Path,
    run: str,
    *,
    t: tuple[float, float] | None = None,
    stim: tuple[int, int] | None = None,
    layers: Sequence[str] | None = None,
    progress: Progress = SILENT,
) -> None:
    """Write a part of the trace in `folder` as a trace, of `run`, into the folder `to`.

    The part is the window t[0] <= time < t[1] (seconds; infinite ends are open) or the stimuli stim[0] <= number <
    stim[1] with what was recorded while they were shown; without either, everything. `layers` are kept with the
    projections between them. Times and numbers stay as they are. A stimulus belongs to the window in which it begins,
    so windows that touch share nothing and `merge(..., keep_times=True)` of them is the whole.
    Errors: InputError for a window of time and of stimuli at once, one without rows, or none of the stimuli;
    UnknownName for a layer that the trace has not; TraceError, StorageFull; then `to` is not a trace yet.
    """
    if t is not None and stim is not None:
        raise InputError("a window of time and one of stimuli at once: give one of them")
    with opened(folder) as trace:
        header = replace(_with_layers(trace.header, layers), run=run)
        if stim is not None and (counted := [layer.name for layer in header.layers if not layer.recorded.rows]):
            raise InputError(
                f"of {', '.join(counted)} only counts were kept, which are not cut by stimuli: cut by time, or name "
                "the other layers with `layers`"
            )
        part = _part(trace, t, stim)
        with Packer(to, header, progress) as packer:
            for table in trace.store.tables():
                if belongs(table, header):
                    packer.table(table, [part])
            if not packer.rows:
                raise InputError(f"there is nothing to cut out: no row of {folder} lies in that window")
            packer.finish()


def _part(trace: Opened, t: tuple[float, float] | None, stim: tuple[int, int] | None) -> Part:
    if stim is None:
        window = None if t is None else Window.of(t, trace.header.tick)
        return Part(trace.store, ticks=None if window is None else (window.first, window.stop))
    first, stop = int(stim[0]), int(stim[1])
    if stop <= first:
        raise InputError(f"stimuli are given as first:stop with first < stop, got {first}:{stop}")
    query = """SELECT count(*) AS shown, coalesce(min(t_start), 0) AS first, coalesce(max(t_end), 0) AS stop
               FROM rows WHERE stim >= $first AND stim < $stop"""
    found = trace.store.query("stimuli", query, {"first": first, "stop": stop}, stim=(first, stop - 1))
    if not found["shown"][0]:
        raise InputError(f"{trace.folder} has no stimulus from {first} up to {stop}")
    return Part(trace.store, ticks=(int(found["first"][0]), int(found["stop"][0])), stim=(first, stop))


def _with_layers(header: Header, layers: Sequence[str] | None) -> Header:
    if layers is None:
        return header
    kept = tuple(header.layer(name) for name in dict.fromkeys(layers))
    names = {layer.name for layer in kept}
    projections = tuple(one for one in header.projections if {one.pre, one.post} <= names)
    return replace(header, layers=kept, projections=projections)
