"""NWB 2: a file with a table of units that other tools (PyNWB, pynapple, Elephant) read; written with h5py.

Every unit of every layer whose single spikes were kept is a row, also a silent one: `id` counts from 0, `layer` and
`unit` say which it is, and `spike_times` are seconds. Source: nwb-schema.readthedocs.io, NWBFile and Units.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from spikesight.base.atomic import publish, storage, temporary_name
from spikesight.base.errors import RunError, TraceError
from spikesight.base.optional import require
from spikesight.runs.folder import Run
from spikesight.trace.exporters.contract import ROWS, Array, Content

VERSION: Final = "2.7.0"
"""Of the NWB schema that is followed."""

_EMPTY = ("acquisition", "analysis", "general", "processing", "stimulus/presentation", "stimulus/templates")
_CHUNK = 1 << 16


@dataclass(frozen=True)
class Nwb:
    """Writes an NWB file with a table of units."""

    what: str = "an NWB 2 file with a table of units"

    def write(self, content: Content, to: Path) -> list[str]:
        """Write the file `to`.   Errors: MissingExtra without h5py, TraceError where `to` is there, StorageFull."""
        h5py = require("h5py", "simulators")
        if to.exists():
            raise TraceError(f"{to} exists already: choose another name, or remove it first")
        temporary = temporary_name(to)
        try:
            with storage(to, TraceError):
                to.parent.mkdir(parents=True, exist_ok=True)
                with h5py.File(temporary, "w") as file:
                    _session(file, content)
                    _units(file.create_group("units"), content, h5py)
                publish(temporary, to)
        finally:
            temporary.unlink(missing_ok=True)
        return content.left_out({"spikes"})


NWB: Final = Nwb()


def _session(file: Any, content: Content) -> None:
    started, name = _started(content.folder)
    file.attrs.update(_of_type("NWBFile", "core"), nwb_version=VERSION)
    for group in _EMPTY:
        file.create_group(group)
    file["file_create_date"] = [datetime.now(UTC).isoformat()]
    file["identifier"] = name
    file["session_description"] = f"trace of {content.trace.header.simulator}, exported by Spikesight"
    file["session_start_time"] = started
    file["timestamps_reference_time"] = started


def _started(folder: Path) -> tuple[str, str]:
    """Return when the run began and what it is called; for a trace alone, the beginning of time and its folder."""
    try:
        facts = Run.open(folder).facts
        return str(facts["started"]), str(facts["name"])
    except (RunError, KeyError):
        return datetime.fromtimestamp(0, UTC).isoformat(), folder.resolve().name


def _units(group: Any, content: Content, h5py: Any) -> None:
    layers = content.layers
    if not layers:
        raise TraceError(f"{content.folder} has no layer whose single spikes were kept: there is no unit to write")
    names = np.concatenate([np.full(layer.size, layer.name, dtype=object) for layer in layers])
    numbers = np.concatenate([content.ids[layer.name] for layer in layers]).astype(np.int64)
    group.attrs.update(_of_type("Units", "core"), description="units of all layers, silent ones too")
    group.attrs["colnames"] = np.array(["layer", "unit", "spike_times"], dtype=h5py.string_dtype())
    ids = group.create_dataset("id", data=np.arange(len(numbers)))
    ids.attrs.update(_of_type("ElementIdentifiers", "hdmf-common"))
    layer = group.create_dataset("layer", data=names, dtype=h5py.string_dtype())
    _describe(layer, "layer of the unit")
    _describe(group.create_dataset("unit", data=numbers), "number of the unit where it came from")
    times = group.create_dataset(
        "spike_times", (0,), np.float64, maxshape=(None,), chunks=(_CHUNK,), compression="gzip"
    )
    _describe(times, "spike times of each unit in seconds")
    times.attrs["resolution"] = content.trace.header.tick
    ends = np.cumsum(np.concatenate([_fill(times, content, layer.name) for layer in layers]))
    index = group.create_dataset("spike_times_index", data=ends.astype(np.uint64))
    index.attrs.update(_of_type("VectorIndex", "hdmf-common"), description="where the spike times of each unit end")
    index.attrs["target"] = times.ref


def _fill(times: Any, content: Content, layer: str) -> Array:
    """Append the spike times of `layer`, unit after unit, and return how many each unit has (n,)."""
    counts = np.asarray(content.trace.unit_counts(layer), np.int64)
    for first, stop in _stretches(counts):
        found = content.trace.spikes(layer, units=range(first, stop))
        order = np.argsort(found.unit, kind="stable")
        start = len(times)
        times.resize((start + len(order),))
        times[start:] = found.t[order]
    return counts


def _stretches(counts: Array) -> Iterator[tuple[int, int]]:
    """Yield stretches of units that have about a million spikes together."""
    whole, first = np.cumsum(counts), 0
    while first < len(counts):
        before = whole[first - 1] if first else 0
        stop = max(int(np.searchsorted(whole, before + ROWS, side="right")), first + 1)
        yield first, stop
        first = stop


def _of_type(kind: str, namespace: str) -> dict[str, str]:
    return {"namespace": namespace, "neurodata_type": kind, "object_id": str(uuid.uuid4())}


def _describe(column: Any, description: str) -> None:
    column.attrs.update(_of_type("VectorData", "hdmf-common"), description=description)
