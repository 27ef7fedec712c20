"""Loihi: the numeric tables of a network on the chip, a zip with LoihiData/loihi<Layer>Spikes.txt.

A row of spikes is: neuron, time step from 1. A step of the chip has no length: it is taken as 1 ms unless a tick is
given. loihi<Layer>Voltage<neuron>.txt is the variable `v` of a neuron, of neuron 0 without a number, from step 1 on.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.importers import npz
from spikesight.trace.importers.contract import MS, Array, Piece, Population, Recording, Samples, Settings, Spikes

_SPIKES, _VOLTAGE = re.compile(r"loihi(\w+)Spikes"), re.compile(r"loihi([A-Za-z]+)Voltage(\d*)")
_LARGEST = 1 << 28


@dataclass(frozen=True)
class Loihi:
    """Reads spikes and voltages of the chip; tables of other networks in the archive are left out."""

    what: str = "Loihi tables (zip with loihi<Layer>Spikes.txt)"

    def sniff(self, path: Path, head: bytes) -> bool:
        """Whether a zip holds a table of spikes."""
        return npz.is_npz(head) and any(_SPIKES.fullmatch(one.stem) for one in _tables(path))

    def read(self, paths: Sequence[Path], settings: Settings) -> Recording:
        """Read one archive; a step lasts `settings.tick_ns`, or 1 ms."""
        if len(paths) != 1:
            raise InputError(f"one archive is one recording, got {len(paths)} files: import them one at a time")
        path, step = paths[0], settings.tick_ns or MS
        layers = {match[1].casefold(): one for one in _tables(path) if (match := _SPIKES.fullmatch(one.stem))}
        if not layers:
            raise InputError(f"{path} holds no loihi<Layer>Spikes.txt")
        recording = Recording("Loihi", step, lambda: iter(()), tick_ns=step)
        if settings.tick_ns is None:
            recording.note("steps of the chip have no length: one was taken as 1 ms")
        voltages = dict(_voltages(path, layers))
        recording.populations = [Population(layer) for layer in layers]
        for one in _tables(path):
            if one not in layers.values() and one not in voltages:
                recording.drop(f"{path.name}: {one}")
        if voltages:
            recording.note("v is the integer membrane state of the chip, as in the file, without a unit")
        recording.pieces = lambda: _pieces(path, layers, voltages)
        return recording


LOIHI: Final = Loihi()


def _tables(path: Path) -> list[PurePosixPath]:
    with zipfile.ZipFile(path) as archive:
        return [PurePosixPath(name) for name in archive.namelist() if name.endswith(".txt")]


def _voltages(path: Path, layers: dict[str, PurePosixPath]) -> Iterator[tuple[PurePosixPath, tuple[str, int]]]:
    """Yield the tables of voltage whose layer and neuron are known."""
    for one in _tables(path):
        match = _VOLTAGE.fullmatch(one.stem)
        layer = match[1].casefold() if match else ""
        if match is None or layer not in layers:
            continue
        yield one, (layer, int(match[2] or 0))


def _numbers(path: Path, one: PurePosixPath) -> Array:
    with zipfile.ZipFile(path) as archive:
        if archive.getinfo(str(one)).file_size > _LARGEST:
            raise InputError(f"{path}: {one} is larger than such tables are")
        lines = archive.read(str(one)).decode("ascii").splitlines()
    rows = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return np.loadtxt(rows, dtype=np.float64, ndmin=2) if rows else np.zeros((0, 2))


def _pieces(
    path: Path, layers: dict[str, PurePosixPath], voltages: dict[PurePosixPath, tuple[str, int]]
) -> Iterator[Piece]:
    for layer, one in layers.items():
        table = _numbers(path, one)
        if table.shape[1] != 2:
            raise InputError(f"{path}: {one} has {table.shape[1]} columns, expected neuron and time step")
        yield Spikes(layer, table[:, 1], table[:, 0])
    for one, (layer, unit) in voltages.items():
        values = _numbers(path, one).reshape(-1)
        yield Samples(layer, "v", np.arange(1, len(values) + 1), np.full(len(values), unit), values)
