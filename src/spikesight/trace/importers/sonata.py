"""SONATA: spikes of populations and reports of state variables, HDF5.

Spikes: `spikes/<population>/{node_ids, timestamps}`, and `spikes/{gids, timestamps}` as written before the layout was
fixed. Reports: `report/<population>/data` (T, elements) with `mapping/{node_ids, index_pointer(s), time}`, where time
is start, stop, step; before that, one `mapping` beside `data` or `<variable>/data`.
Source: AllenInstitute/sonata, docs/SONATA_DEVELOPER_GUIDE.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.importers import hdf5
from spikesight.trace.importers.contract import MS, ROWS, Array, Piece, Population, Recording, Samples, Settings, Spikes
from spikesight.trace.importers.naming import stem

_SPIKES, _REPORTS = ("spikes",), ("report", "reports")
_TIMES, _NODES, _OLD_NODES = ("timestamps",), ("node_ids",), ("gids",)


@dataclass(frozen=True)
class _Train:
    """Where the spikes of a population are: file, group, name of the data set of nodes."""

    path: Path
    group: str
    layer: str


@dataclass(frozen=True)
class _Report:
    """A report: where it is, its layer, variable, factor to SI, the times of its rows, the node of each column."""

    path: Path
    group: str
    layer: str
    variable: str
    factor: float
    start: float
    step: float
    nodes: Array
    by_place: bool


@dataclass(frozen=True)
class Sonata:
    """Reads SONATA spikes and reports."""

    what: str = "SONATA spikes and reports (HDF5)"

    def sniff(self, path: Path, head: bytes) -> bool:
        """Whether the file has spikes or reports where SONATA has them."""
        if not hdf5.is_hdf5(head):
            return False
        with hdf5.opened(path) as file:
            return any(hasattr(file.get(name), "keys") for name in (*_SPIKES, *_REPORTS, "mapping"))

    def read(self, paths: Sequence[Path], settings: Settings) -> Recording:
        """Read spikes and reports of any number of files; one population in several files is one layer."""
        recording = Recording("SONATA", MS, lambda: iter(()))
        trains: list[_Train] = []
        reports: list[_Report] = []
        for path in paths:
            with hdf5.opened(path) as file:
                trains += _trains(file, path, recording)
        for path in paths:
            with hdf5.opened(path) as file:
                reports += _reports(file, path, recording, {train.layer for train in trains})
        if not trains and not reports:
            raise InputError(f"{paths[0]} holds neither spikes/<population>/timestamps nor report/<population>/data")
        recording.populations = _populations(trains, reports)
        recording.tick_ns = _declared(reports)
        recording.pieces = lambda: _pieces(trains, reports)
        return recording


SONATA: Final = Sonata()


def _trains(file: Any, path: Path, recording: Recording) -> Iterator[_Train]:
    spikes = file.get("spikes")
    if not hasattr(spikes, "keys"):
        return
    if "timestamps" in spikes:
        recording.note(f"{path.name} has the old layout, which names no population: its layer is named after the file")
        yield _Train(path, "spikes", stem(path))
        return
    for name, group in hdf5.groups(spikes):
        if "timestamps" in group:
            yield _Train(path, f"spikes/{name}", name)
        else:
            recording.drop(f"{path.name}: spikes/{name} has no timestamps")


def _reports(file: Any, path: Path, recording: Recording, spiking: set[str]) -> Iterator[_Report]:
    if hasattr(file.get("mapping"), "keys"):
        recording.note(f"{path.name} has the old layout of reports: its layer is named after the file")
        yield from _old_reports(file, path, recording, spiking)
    for root in _REPORTS:
        if not hasattr(file.get(root), "keys"):
            continue
        for name, group in hdf5.groups(file[root]):
            if group.get("data") is None:
                recording.drop(f"{path.name}: {root}/{name} holds no data")
            else:
                yield _report(group, name, path, recording, spiking)


def _old_reports(file: Any, path: Path, recording: Recording, spiking: set[str]) -> Iterator[_Report]:
    """Yield the reports of a file with one mapping, beside `data` or beside `<variable>/data`."""
    if file.get("data") is not None:
        yield _report(file, stem(path), path, recording, spiking)
    for name, group in hdf5.groups(file):
        if name not in (*_SPIKES, *_REPORTS, "mapping") and group.get("data") is not None:
            yield replace(_report(group, stem(path), path, recording, spiking, file["mapping"]), variable=name)


def _report(group: Any, name: str, path: Path, recording: Recording, spiking: set[str], mapping: Any = None) -> _Report:
    data, mapping = hdf5.dataset(group, "data"), group.get("mapping") if mapping is None else mapping
    if data.ndim != 2 or data.dtype.kind not in "iuf" or mapping is None:
        raise InputError(f"{path}: {data.name} is (time, element) with a mapping, got {data.dtype} {data.shape}")
    nodes, by_place = _nodes(mapping, data.shape[1])
    start, stop, step = _times(mapping, len(data))
    variable, factor = _variable(data, name, recording)
    recording.facts = {
        **recording.facts,
        f"{path.name}: {group.name[1:]}": {"start_ms": start, "stop_ms": stop, "step_ms": step},
    }
    layer = f"{name}.elements" if by_place and name in spiking else name
    if by_place:
        recording.note(f"report '{name}' has several elements per node: units of layer '{layer}' are its elements")
    if "element_ids" in mapping or "element_pos" in mapping:
        recording.drop(f"{path.name}: where on the neurons the elements of report '{name}' are")
    return _Report(path, group.name, layer, variable, factor, start, step, nodes, by_place)


def _nodes(mapping: Any, elements: int) -> tuple[Array, bool]:
    """Return the node of each element, and whether a node has several."""
    nodes = np.asarray(hdf5.column(mapping, "node_ids", "gids")[...])
    pointers = hdf5.dataset(mapping, "index_pointers", "index_pointer")
    ends = np.arange(len(nodes) + 1) if pointers is None else np.asarray(pointers[...]).astype(np.int64)
    counts = np.diff(ends)
    if len(counts) != len(nodes) or np.any(counts < 0) or counts.sum() != elements:
        raise InputError(f"{mapping.name} describes {counts.sum()} elements of {len(nodes)} nodes, data has {elements}")
    return np.repeat(nodes, counts), bool(np.any(counts != 1))


def _times(mapping: Any, rows: int) -> tuple[float, float, float]:
    time = hdf5.column(mapping, "time")
    if time.shape != (3,):
        raise InputError(f"{time.name} is (start, stop, step), got {time.shape[0]} numbers")
    scale = hdf5.unit_ns(hdf5.word(time.attrs.get("units")), time.name, MS) / MS
    start, stop, step = (float(number) * scale for number in time[...])
    if not (np.isfinite([start, stop]).all() and step > 0.0):
        raise InputError(f"{time.name} is (start, stop, step) with step > 0, got {(start, stop, step)}")
    if abs((stop - start) / step - rows) > 1.0:
        raise InputError(f"{time.name} says {(stop - start) / step:g} steps, but there are {rows} rows: it is damaged")
    return start, stop, step


def _variable(data: Any, name: str, recording: Recording) -> tuple[str, float]:
    unit, stated = hdf5.word(data.attrs.get("units")), hdf5.word(data.attrs.get("variable"))
    if not unit and stated in ("v", "V_m", ""):
        recording.note(f"report '{name}' names no unit: taken as mV, in which SONATA has potentials")
        unit = "mV"
    factor = hdf5.si_factor(unit)
    if factor is None:
        recording.note(f"report '{name}' is in '{unit}', which is not converted: values are as in the file")
    return stated or ("v" if unit.casefold().endswith("v") else "value"), 1.0 if factor is None else factor


def _populations(trains: Sequence[_Train], reports: Sequence[_Report]) -> list[Population]:
    populations = {train.layer: Population(train.layer) for train in trains}
    for report in reports:
        if not report.by_place:
            populations.setdefault(report.layer, Population(report.layer))
            continue
        known = populations.get(report.layer)
        if known is not None and (known.ids is None or not np.array_equal(known.ids, report.nodes)):
            raise InputError(f"two reports of population '{report.layer}' have different elements: import them apart")
        populations[report.layer] = Population(report.layer, (len(report.nodes),), report.nodes)
    return list(populations.values())


def _declared(reports: Sequence[_Report]) -> int | None:
    """Return the step of the reports as nanoseconds, where all have the same whole one."""
    steps = {report.step * MS for report in reports}
    ns = round(steps.pop()) if len(steps) == 1 else 0
    return ns if ns >= 1 else None


def _pieces(trains: Sequence[_Train], reports: Sequence[_Report]) -> Iterator[Piece]:
    for train in trains:
        with hdf5.opened(train.path) as file:
            yield from _spikes(file[train.group], train.layer)
    for report in reports:
        with hdf5.opened(report.path) as file:
            yield from _samples(file[report.group]["data"], report)


def _spikes(group: Any, layer: str) -> Iterator[Spikes]:
    times, nodes = hdf5.column(group, *_TIMES), hdf5.column(group, *_NODES, *_OLD_NODES)
    scale = hdf5.unit_ns(hdf5.word(times.attrs.get("units")), times.name, MS)
    for t, unit in hdf5.pairs(times, nodes):
        yield Spikes(layer, t if scale == MS else t * (scale / MS), unit)


def _samples(data: Any, report: _Report) -> Iterator[Samples]:
    elements = data.shape[1]
    unit = np.arange(elements) if report.by_place else report.nodes
    rows = max(ROWS // max(elements, 1), 1)
    for start in range(0, len(data), rows):
        block = np.asarray(data[start : start + rows])
        t = report.start + np.arange(start, start + len(block)) * report.step
        values = block.reshape(-1) * report.factor
        yield Samples(report.layer, report.variable, np.repeat(t, elements), np.tile(unit, len(block)), values)
