"""NEST: spikes and sampled state variables as text, of NEST 2 (gdf, dat without a header) and NEST 3 (ASCII backend).

A row is: sender, time in ms; or sender, time in steps, offset in ms, where the spike is at steps x resolution - offset.
The ASCII backend, version 2, names its columns in a third line; more columns are state variables.
Source: NEST documentation, "Store data to a text file" (recording backend ascii).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.importers import text_rows
from spikesight.trace.importers.choosing import head_of
from spikesight.trace.importers.contract import MS, Array, Piece, Population, Recording, Samples, Settings, Spikes
from spikesight.trace.importers.naming import stem

_FILE = re.compile(r"(?P<recorder>.+-\d+)-\d+")
"""`<label>-<id of the recorder>-<virtual process>`: the files of one recorder are one layer."""

_ENDINGS = frozenset({".gdf", ".dat", ".txt"})
_SENDER, _MS_COLUMN, _STEP, _OFFSET = "sender", "time_ms", "time_step", "time_offset"
_MILLIVOLTS = re.compile(r"V_m.*|E_L|V_th")


@dataclass(frozen=True)
class _Table:
    """A file: its layer, its columns, the lines before the rows, and nanoseconds per step (0: times are in ms)."""

    path: Path
    layer: str
    columns: tuple[str, ...]
    skip: int
    step_ns: int


@dataclass(frozen=True)
class Nest:
    """Reads recordings of NEST; the files of one recorder (one per virtual process) are one layer."""

    what: str = "NEST spike recorders and multimeters: gdf, ASCII (.dat)"

    def sniff(self, path: Path, head: bytes) -> bool:
        """Whether there is a header of NEST, or rows of a whole number and a time in a .gdf or .dat file."""
        if not text_rows.is_text(head):
            return False
        if _header(head):
            return True
        row = text_rows.first_row(head)
        if not row:
            return not head and path.suffix in _ENDINGS and bool(path.suffix == ".gdf" or _FILE.fullmatch(stem(path)))
        return path.suffix in _ENDINGS and len(row) in (2, 3) and text_rows.are_numbers(row) and row[0].isdigit()

    def read(self, paths: Sequence[Path], settings: Settings) -> Recording:
        """Read any number of files; `settings.tick_ns` is the resolution where times are in steps."""
        recording = Recording("NEST", MS, lambda: iter(()))
        tables = [_table(path, settings, recording) for path in paths]
        in_steps = [table.step_ns for table in tables if table.step_ns and _OFFSET not in table.columns]
        recording.tick_ns = in_steps[0] if in_steps else None
        recording.populations = [Population(layer) for layer in dict.fromkeys(table.layer for table in tables)]
        recording.pieces = lambda: (piece for table in tables for piece in _pieces(table))
        return recording


NEST: Final = Nest()


def _header(head: bytes) -> list[str]:
    """Return the names of the columns that the ASCII backend wrote; [] where it wrote none."""
    lines = text_rows.header(head)
    if not lines or not lines[0].startswith("# NEST version"):
        return []
    return next((line.split() for line in lines[1:] if line.split()[:1] == [_SENDER]), [])


def _table(path: Path, settings: Settings, recording: Recording) -> _Table:
    head = head_of(path)
    lines, columns = text_rows.header(head), _header(head)
    match = _FILE.fullmatch(stem(path))
    layer = match["recorder"] if match else stem(path)
    if not columns:
        columns = _guessed(path, head)
        skip = 0
    else:
        recording.version = lines[0].partition(":")[2].strip()
        skip = next(number for number, line in enumerate(lines, 1) if line.split()[:1] == [_SENDER])
    if columns[1] == _MS_COLUMN:
        return _Table(path, layer, tuple(columns), skip, 0)
    if settings.tick_ns is None:
        raise InputError(
            f"{path} has times in whole numbers, which are steps: say how long one is, such as tick=0.0001 "
            "(0.1 ms, the resolution that NEST has by default), or tick=0.001 if they are milliseconds"
        )
    return _Table(path, layer, tuple(columns), skip, settings.tick_ns)


def _guessed(path: Path, head: bytes) -> list[str]:
    """Return the columns of a file without names: as NEST 2 wrote them."""
    row = text_rows.first_row(head)
    if not row:
        return [_SENDER, _MS_COLUMN]
    if len(row) not in (2, 3) or not text_rows.are_numbers(row) or not row[0].isdigit():
        raise InputError(f"{path} begins with '{' '.join(row)[:60]}', expected rows of sender and time, as NEST writes")
    lines = [line.split() for line in text_rows.header(head)[:-1] if line.strip() and not line.startswith("#")]
    whole = all(word.lstrip("-").isdigit() for line in [row, *lines] for word in line[1:2])
    if len(row) == 3 and not whole:
        raise InputError(f"{path} has a third column without a name: state variables of NEST 2 are not understood")
    if not whole:
        return [_SENDER, _MS_COLUMN]
    return [_SENDER, _STEP, _OFFSET][: len(row)]


def _pieces(table: _Table) -> Iterator[Piece]:
    variables = [name for name in table.columns[1:] if name not in (_MS_COLUMN, _STEP, _OFFSET)]
    for rows in text_rows.rows(table.path, (len(table.columns),), skip=table.skip):
        unit, t = rows[:, 0], _milliseconds(table, rows)
        if not variables:
            yield Spikes(table.layer, t, unit)
        for name in variables:
            value = rows[:, table.columns.index(name)] * (1e-3 if _MILLIVOLTS.fullmatch(name) else 1.0)
            yield Samples(table.layer, name, t, unit, value)


def _milliseconds(table: _Table, rows: Array) -> Array:
    if not table.step_ns:
        return rows[:, 1]
    steps = rows[:, 1]
    if np.any(steps != np.floor(steps)):
        raise InputError(
            f"{table.path} has times in steps, but {steps[steps != np.floor(steps)][0]:g} is no whole number"
        )
    t = steps * table.step_ns / MS
    return t - rows[:, table.columns.index(_OFFSET)] if _OFFSET in table.columns else t
