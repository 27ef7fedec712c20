"""NWB: the tables of units in files of Neurodata Without Borders, 2.x, and UnitTimes of 1.x; HDF5, seconds.

Version 2: `units/{id, spike_times, spike_times_index}`, where the index says where each unit's times end; tables of
units in `processing/` too. Version 1: `processing/<module>/UnitTimes/<unit>/times`. Source: nwb-schema.readthedocs.io.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.importers import hdf5
from spikesight.trace.importers.contract import ROWS, SECOND, Array, Piece, Population, Recording, Settings, Spikes

_TOLD = ("identifier", "session_description", "session_start_time", "timestamps_reference_time")
_ELSEWHERE = ("acquisition", "analysis", "intervals", "stimulus", "processing")
_TIMES, _ENDS = "spike_times", "spike_times_index"


@dataclass(frozen=True)
class _Table:
    """Units of one layer: in version 2 a table; in version 1 a group with a group for each unit."""

    path: Path
    group: str
    layer: str
    ids: Array
    names: Sequence[str] | None = None


@dataclass(frozen=True)
class Nwb:
    """Reads the spike times of recorded or simulated units; each table of units is a layer."""

    what: str = "NWB tables of units, 1.x and 2.x (HDF5)"

    def sniff(self, path: Path, head: bytes) -> bool:
        """Whether the file says that it is NWB."""
        if not hdf5.is_hdf5(head):
            return False
        with hdf5.opened(path) as file:
            return "nwb_version" in file.attrs or "nwb_version" in file

    def read(self, paths: Sequence[Path], settings: Settings) -> Recording:
        """Read one file.   Errors: InputError for several, and for a file without a table of units."""
        if len(paths) != 1:
            raise InputError(f"an NWB file is one session: got {len(paths)} files, import them one at a time")
        path = paths[0]
        with hdf5.opened(path) as file:
            version = hdf5.word(file.attrs.get("nwb_version")) or hdf5.word(file.get("nwb_version"))
            recording = Recording("NWB", SECOND, lambda: iter(()), version=version)
            recording.facts = {name: hdf5.word(file[name]) for name in _TOLD if name in file}
            tables = [*_tables(file, path, recording), *_unit_times(file, path)]
            if not tables:
                held = "; ".join([*recording.dropped, *_content(file)]) or "no data"
                raise InputError(f"{path} has no units table: NWB {version}, with {held}")
            for what in _content(file):
                recording.drop(f"{path.name}: {what}")
        recording.populations = [Population(one.layer, (len(one.ids),), one.ids, one.names) for one in tables]
        recording.pieces = lambda: (piece for table in tables for piece in _pieces(table))
        return recording


NWB: Final = Nwb()


def _tables(file: Any, path: Path, recording: Recording) -> Iterator[_Table]:
    for place, group in _candidates(file):
        if _TIMES not in group:
            recording.drop(f"{path.name}: {place} has no {_TIMES}")
            continue
        ids = np.asarray(hdf5.column(group, "id")[...]).astype(np.int64)
        if not len(ids):
            recording.drop(f"{path.name}: {place} has no units")
            continue
        columns = sorted(set(group) - {"id", _TIMES, _ENDS})
        if columns:
            recording.drop(f"{path.name}: columns of {place}: {', '.join(columns)}")
        yield _Table(path, place, place.removeprefix("processing/").replace("/", "."), ids)


def _candidates(file: Any) -> Iterator[tuple[str, Any]]:
    if hasattr(file.get("units"), "keys"):
        yield "units", file["units"]
    if hasattr(file.get("processing"), "keys"):
        for module, inside in hdf5.groups(file["processing"]):
            for name, group in hdf5.groups(inside):
                if _is_table(group):
                    yield f"processing/{module}/{name}", group


def _unit_times(file: Any, path: Path) -> Iterator[_Table]:
    if not hasattr(file.get("processing"), "keys"):
        return
    for module, inside in hdf5.groups(file["processing"]):
        times = inside.get("UnitTimes")
        if hasattr(times, "keys"):
            names = [name for name, unit in hdf5.groups(times) if "times" in unit]
            if names:
                yield _Table(path, f"processing/{module}/UnitTimes", module, np.arange(len(names)), names)


def _content(file: Any) -> Iterator[str]:
    """Yield what else there is, for who wonders where it went."""
    for place in _ELSEWHERE:
        group = file.get(place)
        if hasattr(group, "keys"):
            filled = [name for name, child in hdf5.groups(group) if len(child) and not _is_read(child)]
            if filled:
                yield f"{place}: {', '.join(filled)}"


def _is_read(module: Any) -> bool:
    """Whether a module of processing holds units and nothing else."""
    inside = list(hdf5.groups(module))
    return bool(inside) and all(name == "UnitTimes" or _is_table(group) for name, group in inside)


def _is_table(group: Any) -> bool:
    return hdf5.word(group.attrs.get("neurodata_type")) == "Units"


def _pieces(table: _Table) -> Iterator[Piece]:
    with hdf5.opened(table.path) as file:
        group = file[table.group]
        if table.names is None:
            yield from _ragged(group, table)
            return
        for place, name in enumerate(table.names):
            times = hdf5.column(group[name], "times")
            for start in range(0, len(times), ROWS):
                t = np.asarray(times[start : start + ROWS])
                yield Spikes(table.layer, t, np.full(len(t), place))


def _ragged(group: Any, table: _Table) -> Iterator[Spikes]:
    times = hdf5.column(group, _TIMES)
    if _ENDS not in group:
        raise InputError(f"{table.path}: {table.group} has no {_ENDS}, which says whose the spike times are")
    ends = np.asarray(hdf5.column(group, _ENDS)[...]).astype(np.int64)
    if len(ends) != len(table.ids) or np.any(np.diff(ends, prepend=0) < 0) or ends[-1] != len(times):
        raise InputError(f"{table.path}: {_ENDS} does not divide {len(times)} spike times among {len(table.ids)} units")
    for start in range(0, len(times), ROWS):
        t = np.asarray(times[start : start + ROWS])
        yield Spikes(table.layer, t, np.searchsorted(ends, np.arange(start, start + len(t)), side="right"))
