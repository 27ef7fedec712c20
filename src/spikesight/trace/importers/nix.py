"""NIX as Neo writes it: arrays `data/<block>/data_arrays/<name>` of type neo.spiketrain.times, HDF5.

Each block is a layer and each train a unit, called as in the file. Source: G-Node NIX data model; python-neo, nixio.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.importers import hdf5
from spikesight.trace.importers.contract import MS, ROWS, SECOND, Piece, Population, Recording, Settings, Spikes

_TIMES = ("neo.spiketrain.times", "neo.spiketrain")


@dataclass(frozen=True)
class _Train:
    """A spike train: its file and group, the block it is of, its name, its place among the trains of the block."""

    path: Path
    group: str
    layer: str
    name: str
    place: int


@dataclass(frozen=True)
class Nix:
    """Reads the spike trains of Neo blocks in NIX files."""

    what: str = "NIX files of Neo: spike trains (HDF5)"

    def sniff(self, path: Path, head: bytes) -> bool:
        """Whether the file says that it is NIX."""
        if not hdf5.is_hdf5(head):
            return False
        with hdf5.opened(path) as file:
            return hdf5.word(file.attrs.get("format")) == "nix"

    def read(self, paths: Sequence[Path], settings: Settings) -> Recording:
        """Read one file.   Errors: InputError for several, and for a file without spike trains."""
        if len(paths) != 1:
            raise InputError(f"a NIX file is one recording: got {len(paths)} files, import them one at a time")
        path = paths[0]
        recording = Recording("Neo", MS, lambda: iter(()))
        with hdf5.opened(path) as file:
            recording.facts = {"nix": ".".join(map(str, np.atleast_1d(file.attrs.get("version", ())).tolist()))}
            trains = list(_trains(file, path, recording))
        if not trains:
            raise InputError(f"{path} is a NIX file without neo.spiketrain.times: no spike trains to import")
        recording.populations = list(_populations(trains))
        if len({(train.layer, train.name) for train in trains}) < len(trains):
            recording.note("several trains have one name, as those of several segments do: each is a unit of its own")
        recording.pieces = lambda: (piece for train in trains for piece in _pieces(train))
        return recording


NIX: Final = Nix()


def _trains(file: Any, path: Path, recording: Recording) -> Iterator[_Train]:
    blocks = file.get("data")
    if not hasattr(blocks, "keys"):
        raise InputError(f"{path} has no group 'data', where NIX has its blocks")
    for key, block in hdf5.groups(blocks):
        arrays = block.get("data_arrays")
        if not hasattr(arrays, "keys"):
            continue
        layer, place = _name(block, key), 0
        others: dict[str, int] = {}
        for name, array in hdf5.groups(arrays):
            kind = hdf5.word(array.attrs.get("type"))
            if kind in _TIMES:
                told = _name(array, name).removesuffix(".times")
                yield _Train(path, array.name, layer, told, place)
                place += 1
            else:
                others[kind or "untyped"] = others.get(kind or "untyped", 0) + 1
        for kind, count in sorted(others.items()):
            recording.drop(f"{path.name}: {count} arrays of type {kind} in block '{layer}'")


def _name(group: Any, key: str) -> str:
    """Return the name that Neo's user gave; NIX's own where there is none."""
    properties = hdf5.group(group, "metadata", "properties")
    given = None if properties is None else properties.get("neo_name")
    if given is not None and getattr(given, "size", 0) == 1:
        value = given[...].reshape(-1)[0]
        text = hdf5.word(value["value"] if getattr(value, "dtype", None) is not None and value.dtype.names else value)
        if text:
            return text
    return hdf5.word(group.attrs.get("name")) or key


def _populations(trains: Sequence[_Train]) -> Iterator[Population]:
    for layer in dict.fromkeys(train.layer for train in trains):
        names = [train.name for train in trains if train.layer == layer]
        yield Population(layer, (len(names),), None, names)


def _pieces(train: _Train) -> Iterator[Piece]:
    with hdf5.opened(train.path) as file:
        group = file[train.group]
        times = hdf5.column(group, "data")
        scale = hdf5.unit_ns(hdf5.word(group.attrs.get("unit")), train.group, SECOND)
        for start in range(0, len(times), ROWS):
            t = np.asarray(times[start : start + ROWS])
            yield Spikes(train.layer, t if scale == MS else t * (scale / MS), np.full(len(t), train.place))
