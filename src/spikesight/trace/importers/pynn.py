"""PyNN: spikes in its text files (.ras) and NumPy files (.npz): time in ms, index of the neuron.

Lines `# key = value` before the rows say what there is: dt, first_id, last_id, dimensions, label, variable.
Source: PyNN, pyNN/recording/files.py. Its pickle files are never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.importers import npz, text_rows
from spikesight.trace.importers.choosing import head_of
from spikesight.trace.importers.contract import MS, Array, Piece, Population, Recording, Settings, Spikes
from spikesight.trace.importers.naming import stem

_ENTRY = re.compile(r"#\s*(\w+)\s*=\s*(.*)")
_OWN = frozenset(
    {"first_id", "last_id", "dimensions", "first_index", "last_index", "dt", "variable", "label", "size", "n"}
)
_ARRAYS = frozenset({"data", "metadata"})


@dataclass(frozen=True)
class Pynn:
    """Reads spike files of PyNN; each file is a layer, called by its label or like the file."""

    what: str = "PyNN spikes: text (.ras) and npz"

    def sniff(self, path: Path, head: bytes) -> bool:
        """Whether there are `# key = value` lines as PyNN writes them, or `data` and `metadata` in an npz."""
        if npz.is_npz(head):
            return set(npz.names(path)) == _ARRAYS
        if not text_rows.is_text(head):
            return False
        row = text_rows.first_row(head)
        known = bool(_OWN & set(_entries(text_rows.header(head))))
        return (known or path.suffix == ".ras") and (not row or (len(row) == 2 and text_rows.are_numbers(row)))

    def read(self, paths: Sequence[Path], settings: Settings) -> Recording:
        """Read any number of files, one layer each."""
        recording = Recording("PyNN", MS, lambda: iter(()))
        files: dict[str, _Layout] = {}
        for path in paths:
            entries = _header(path)
            layer = entries.get("label") or stem(path)
            variable = entries.get("variable", "spikes")
            if variable != "spikes":
                raise InputError(f"{path} holds '{variable}', whose times PyNN does not write: expected spikes")
            if layer in files:
                raise InputError(f"two files are of population '{layer}': import them apart, or rename one")
            files[layer] = _layout(layer, entries, path, recording)
            recording.facts = {**recording.facts, path.name: dict(entries)}
            recording.tick_ns = recording.tick_ns or _step(entries)
        recording.populations = [layout.population for layout in files.values()]
        recording.pieces = lambda: (piece for layout in files.values() for piece in _pieces(layout))
        return recording


PYNN: Final = Pynn()


def _header(path: Path) -> dict[str, str]:
    head = head_of(path)
    if not npz.is_npz(head):
        return _entries(text_rows.header(head))
    table = npz.load(path, "metadata")
    if table.ndim != 2 or table.shape[1] != 2 or table.dtype.kind not in "US":
        raise InputError(f"{path}: metadata is (N, 2) words, got {table.dtype} {table.shape}")
    return {str(key): str(value) for key, value in table.astype(str)}


def _entries(lines: Sequence[str]) -> dict[str, str]:
    found = (_ENTRY.fullmatch(line.strip()) for line in lines)
    return {match[1]: match[2].strip().strip("'\"") for match in found if match}


@dataclass(frozen=True)
class _Layout:
    """How a file is to be read: its population, which column holds neurons, and the number of the first of them."""

    path: Path
    population: Population
    column: int = 1
    first: int = 0


def _layout(layer: str, entries: Mapping[str, str], path: Path, recording: Recording) -> _Layout:
    """Find out what the columns of a file are.

    They are time and neuron, but PyNN 0.7 has them the other way round, and neurons may be counted from 0 whatever
    `first_id` says. Errors: InputError where no reading agrees with the header.
    """
    known = _declared(entries)
    if known is None:
        return _Layout(path, Population(layer))
    first, size = known
    low, high, whole = _seen(path)
    sides = tuple(int(word) for word in re.findall(r"\d+", entries.get("dimensions", ""))[:4])
    shape = sides if sides and np.prod(sides, dtype=object) == size else (size,)
    for column in (1, 0):
        for start in (first, 0):
            if whole[column] and low[column] >= start and high[column] < start + size:
                if column == 0:
                    recording.note(f"{path.name}: the first column holds neurons and the second times")
                if start != first:
                    recording.note(f"{path.name}: neurons count from 0, not from the first_id {first} of the header")
                return _Layout(path, Population(layer, shape, np.arange(start, start + size)), column, start)
    raise InputError(
        f"{path} says that it has neurons {first} to {first + size - 1}, but no column has such numbers: "
        f"the second has {low[1]:g} to {high[1]:g}"
    )


def _declared(entries: Mapping[str, str]) -> tuple[int, int] | None:
    """Return the first neuron and how many there are; None where the header does not say."""
    first, last = _number(entries, "first_id", "first_index"), _number(entries, "last_id", "last_index")
    if first is None or last is None or last < first or last - first >= 2**31:
        return None
    # last_index is one more than that of the last neuron; size is right.
    return first, _number(entries, "size") or last - first + 1


def _seen(path: Path) -> tuple[Array, Array, Array]:
    """Return, for both columns, the least and the largest number, and whether all are whole."""
    low, high, whole = np.full(2, np.inf), np.full(2, -np.inf), np.ones(2, bool)
    for rows in _rows(path):
        if len(rows):
            low, high = np.minimum(low, rows.min(axis=0)), np.maximum(high, rows.max(axis=0))
            whole &= np.all(rows == np.floor(rows), axis=0)
    return low, high, whole


def _number(entries: Mapping[str, str], *names: str) -> int | None:
    text = next((entries[name] for name in names if name in entries), "")
    return int(text) if re.fullmatch(r"\d{1,12}", text) else None


def _step(entries: Mapping[str, str]) -> int | None:
    try:
        ns = float(entries.get("dt", "")) * MS
    except ValueError:
        return None
    return round(ns) if 1 <= ns < 1e15 and abs(ns - round(ns)) < 1e-3 else None


def _pieces(layout: _Layout) -> Iterator[Piece]:
    for rows in _rows(layout.path):
        yield Spikes(layout.population.name, rows[:, 1 - layout.column], rows[:, layout.column] - layout.first)


def _rows(path: Path) -> Iterator[Array]:
    if not npz.is_npz(head_of(path)):
        yield from text_rows.rows(path, (2,))
        return
    data: Any = npz.load(path, "data")
    if data.size and (data.ndim != 2 or data.shape[1] != 2):
        raise InputError(f"{path}: data is (N, 2), time and neuron, got shape {data.shape}")
    yield np.asarray(data, np.float64).reshape(-1, 2)
