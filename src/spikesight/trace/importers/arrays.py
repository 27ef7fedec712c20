"""Plain arrays: an npz with `t` and `unit`, or `<layer>.t` and `<layer>.unit` for several layers; CSV with `t,unit`.

Optional for each layer: `stim` (N,), `shape`, `ids` (n,); `<layer>.<variable>.t`, `.unit`, `.value` are samples of a
state variable in SI units; `stimuli.t_start`, `.t_end`, `.label`, `.prediction` (S,) the stimuli. Times are seconds;
whole numbers are ticks of `tick_ns` nanoseconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.importers import npz, text_rows
from spikesight.trace.importers.choosing import head_of
from spikesight.trace.importers.contract import (
    SECOND,
    Array,
    Piece,
    Population,
    Recording,
    Samples,
    Settings,
    Shown,
    Spikes,
)
from spikesight.trace.importers.naming import stem

_T, _UNIT, _STIM, _VALUE, _SHAPE, _IDS, _LAYER = "t", "unit", "stim", "value", "shape", "ids", "layer"
_STIMULI, _TICK = "stimuli", "tick_ns"
_OF_STIMULI = ("t_start", "t_end", "label", "prediction")
_CSV = (["t", "unit"], ["t", "unit", "stim"])


@dataclass(frozen=True)
class Arrays:
    """Reads arrays that somebody saved for us."""

    what: str = "arrays: npz or CSV with t and unit"

    def sniff(self, path: Path, head: bytes) -> bool:
        """Whether there is a `t` beside a `unit`."""
        if npz.is_npz(head):
            return bool(_prefixes(npz.names(path)))
        return text_rows.is_text(head) and _csv_columns(head) in _CSV

    def read(self, paths: Sequence[Path], settings: Settings) -> Recording:
        """Read one npz, or any number of CSV files, one layer each."""
        if all(not npz.is_npz(head_of(path)) for path in paths):
            return _of_csv(paths)
        if len(paths) != 1:
            raise InputError(f"arrays of one recording are in one npz, got {len(paths)} files")
        return _of_npz(paths[0], settings)


ARRAYS: Final = Arrays()


def _of_csv(paths: Sequence[Path]) -> Recording:
    for path in paths:
        if _csv_columns(head_of(path)) not in _CSV:
            raise InputError(f"{path} does not begin with 't,unit' or 't,unit,stim'")
    if len({_called(path) for path in paths}) < len(paths):
        raise InputError("two files have the same name, by which layers are called: rename one")
    recording = Recording("arrays", SECOND, lambda: (piece for path in paths for piece in _csv_pieces(path)))
    recording.populations = [Population(_called(path)) for path in paths]
    return recording


def _called(path: Path) -> str:
    """Return the name of the layer of a file: that of the file, without the word that our exporters put before it."""
    return stem(path).removeprefix("spikes.")


def _csv_columns(head: bytes) -> list[str]:
    lines = text_rows.header(head)
    return [word.strip().strip('"') for word in lines[0].split(",")] if lines else []


def _csv_pieces(path: Path) -> Iterator[Spikes]:
    for rows in text_rows.rows(path, (len(_csv_columns(head_of(path))),), delimiter=",", skip=1):
        yield Spikes(_called(path), rows[:, 0], rows[:, 1], rows[:, 2] if rows.shape[1] == 3 else None)


def _of_npz(path: Path, settings: Settings) -> Recording:
    names = npz.names(path)
    prefixes = _prefixes(names)
    if not prefixes:
        raise InputError(f"{path} has no 't' beside a 'unit'; it has {', '.join(names) or 'no array'}")
    in_ticks = npz.load(path, _key(prefixes[0], _T)).dtype.kind in "iu"
    unit_ns = _unit_ns(path, settings) if in_ticks else SECOND
    recording = Recording("arrays", unit_ns, lambda: _pieces(path, prefixes, in_ticks))
    recording.tick_ns = unit_ns if in_ticks else None
    used = {_key(prefix, name) for prefix in prefixes for name in (_T, _UNIT, _STIM, _VALUE, _SHAPE, _IDS, _LAYER)}
    for name in sorted(set(names) - used - {_key(_STIMULI, name) for name in _OF_STIMULI} - {_TICK}):
        recording.drop(f"{path.name}: {name}")
    recording.populations = list(_populations(path, prefixes))
    return recording


def _unit_ns(path: Path, settings: Settings) -> int:
    given = npz.number(path, _TICK)
    if given is None and settings.tick_ns is None:
        raise InputError(f"{path} has times in whole numbers: save {_TICK} beside them, or say tick=0.001 for 1 ms")
    if given is not None and (given < 1 or given != int(given)):
        raise InputError(f"{path}: {_TICK} is a whole number of nanoseconds >= 1, got {given:g}")
    return int(given) if given is not None else int(settings.tick_ns or 0)


def _prefixes(names: Sequence[str]) -> list[str]:
    """Return what stands before `.t` where the same stands before `.unit`; "" for plain `t` and `unit`."""
    known = set(names)
    found = [name.removesuffix(_T).removesuffix(".") for name in names if name == _T or name.endswith(f".{_T}")]
    return [prefix for prefix in found if _key(prefix, _UNIT) in known]


def _key(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


def _owner(path: Path, prefix: str) -> tuple[str, str]:
    """Return the layer that a prefix belongs to, and the state variable: "" for spikes."""
    if _key(prefix, _VALUE) not in npz.names(path):
        return prefix or _called(path), ""
    layer, _, variable = prefix.rpartition(".")
    return layer or _called(path), variable or "value"


def _populations(path: Path, prefixes: Sequence[str]) -> Iterator[Population]:
    names = npz.names(path)
    for prefix in prefixes:
        layer, variable = _owner(path, prefix)
        if variable or _key(prefix, _LAYER) in names:
            continue
        shape = _sides(npz.load(path, _key(prefix, _SHAPE)), path) if _key(prefix, _SHAPE) in names else None
        ids = npz.load(path, _key(prefix, _IDS)) if _key(prefix, _IDS) in names else None
        if ids is not None and (ids.ndim != 1 or ids.dtype.kind not in "iu"):
            raise InputError(f"{path}: ids of '{layer}' are (n,) whole numbers, got {ids.dtype} of shape {ids.shape}")
        sides = shape or (None if ids is None else (len(ids),))
        if ids is not None and sides is not None and np.prod(sides, dtype=object) != len(ids):
            raise InputError(f"{path}: {len(ids)} ids, but layer '{layer}' has shape {sides}")
        yield Population(layer, sides, ids)


def _sides(given: Array, path: Path) -> tuple[int, ...]:
    if given.dtype.kind not in "iu" or not 1 <= given.size <= 8:
        raise InputError(f"{path}: a shape is a few whole numbers, got {given.dtype} of shape {given.shape}")
    return tuple(int(side) for side in given.reshape(-1))


def _pieces(path: Path, prefixes: Sequence[str], in_ticks: bool) -> Iterator[Piece]:
    yield from _shown(path)
    names = npz.names(path)
    for prefix in prefixes:
        layer, variable = _owner(path, prefix)
        t, unit = (npz.load(path, _key(prefix, name)).reshape(-1) for name in (_T, _UNIT))
        if (t.dtype.kind in "iu") != in_ticks and len(t):
            raise InputError(f"{path}: some times are whole numbers and others not: save all as ticks, or as seconds")
        if variable:
            yield Samples(layer, variable, t, unit, _column(path, _key(prefix, _VALUE), len(t)))
            continue
        stim = _column(path, _key(prefix, _STIM), len(t)) if _key(prefix, _STIM) in names else None
        if _key(prefix, _LAYER) in names:
            yield from _by_layer(path, _key(prefix, _LAYER), t, unit, stim)
        else:
            yield Spikes(layer, t, unit, stim)


def _column(path: Path, name: str, rows: int) -> Array:
    column = npz.load(path, name).reshape(-1)
    if len(column) != rows or column.dtype.kind not in "biuf":
        raise InputError(f"{path}: '{name}' is {rows} numbers, one a row, got {column.dtype} of {len(column)}")
    return column


def _by_layer(path: Path, name: str, t: Array, unit: Array, stim: Array | None) -> Iterator[Spikes]:
    layer = npz.load(path, name)
    if layer.dtype.kind not in "US" or layer.size not in (1, len(t)):
        raise InputError(f"{path}: '{name}' is one word, or one a row, got {layer.dtype} of shape {layer.shape}")
    of_row = np.broadcast_to(layer.astype(str).reshape(-1), (len(t),))
    for one in np.unique(of_row):
        mine = of_row == one
        yield Spikes(str(one), t[mine], unit[mine], None if stim is None else stim[mine])


def _shown(path: Path) -> Iterator[Shown]:
    names = npz.names(path)
    if _key(_STIMULI, "t_start") not in names:
        return
    starts = npz.load(path, _key(_STIMULI, "t_start")).reshape(-1)
    ends = _column(path, _key(_STIMULI, "t_end"), len(starts))
    missing = np.full(len(starts), -1)
    label, prediction = (
        _column(path, _key(_STIMULI, name), len(starts)) if _key(_STIMULI, name) in names else missing
        for name in ("label", "prediction")
    )
    for number in range(len(starts)):
        yield Shown(number, float(starts[number]), float(ends[number]), int(label[number]), int(prediction[number]))
