"""Nengo: a probe of spikes saved with two lines: `t` (T,) in seconds and `spikes` (T, N), as npz or columns of a CSV.

Nengo's spikes have the height 1/dt; any height above 0 counts as one. A CSV begins with a line `# nengo`.
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
from spikesight.trace.importers.contract import SECOND, Array, Piece, Population, Recording, Settings, Spikes
from spikesight.trace.importers.naming import stem

_TIMES, _SPIKES = "t", "spikes"
_KNOWN = frozenset({_TIMES, _SPIKES, "name", "simulator"})
_MARK = "# nengo"


@dataclass(frozen=True)
class Nengo:
    """Reads saved probes; each file is a layer, called by its `name` or like the file."""

    what: str = "Nengo probes of spikes saved as npz or CSV (t, spikes)"

    def sniff(self, path: Path, head: bytes) -> bool:
        """Whether an npz has `t` and `spikes`, or a CSV begins with `# nengo`."""
        if npz.is_npz(head):
            return {_TIMES, _SPIKES} <= set(npz.names(path))
        return text_rows.is_text(head) and head.startswith(_MARK.encode())

    def read(self, paths: Sequence[Path], settings: Settings) -> Recording:
        """Read any number of files, one layer each."""
        recording = Recording("Nengo", SECOND, lambda: iter(()))
        files: list[tuple[Path, Population]] = []
        for path in paths:
            population = _population(path)
            if npz.is_npz(head_of(path)):
                for name in sorted(set(npz.names(path)) - _KNOWN):
                    recording.drop(f"{path.name}: {name}")
            if population.name in {one.name for _, one in files}:
                raise InputError(f"two files are of layer '{population.name}': rename one")
            files.append((path, population))
        recording.populations = [population for _, population in files]
        recording.pieces = lambda: (piece for path, population in files for piece in _pieces(path, population.name))
        return recording


NENGO: Final = Nengo()


def _population(path: Path) -> Population:
    head = head_of(path)
    if npz.is_npz(head):
        spikes = npz.load(path, _SPIKES)
        if spikes.ndim < 2 or spikes.dtype.kind not in "biuf":
            raise InputError(f"{path}: spikes are (T, N) numbers, got {spikes.dtype} of shape {spikes.shape}")
        return Population(npz.text(path, "name") or stem(path), spikes.shape[1:])
    row = text_rows.first_row(head, ",")
    if len(row) < 2 or not text_rows.are_numbers(row):
        raise InputError(f"{path} has no rows of time and spikes of each neuron, as a saved probe has")
    return Population(stem(path), (len(row) - 1,))


def _pieces(path: Path, layer: str) -> Iterator[Piece]:
    if npz.is_npz(head_of(path)):
        t, spikes = npz.load(path, _TIMES).reshape(-1), npz.load(path, _SPIKES)
        if len(t) != len(spikes):
            raise InputError(f"{path}: {len(t)} times, but spikes of {len(spikes)} steps")
        yield from _fired(path, layer, t, spikes.reshape(len(spikes), -1))
        return
    width = len(text_rows.first_row(head_of(path), ","))
    for rows in text_rows.rows(path, (width,), delimiter=","):
        yield from _fired(path, layer, rows[:, 0], rows[:, 1:])


def _fired(path: Path, layer: str, t: Array, spikes: Array) -> Iterator[Spikes]:
    if not np.isfinite(spikes).all() or np.min(spikes, initial=0) < 0:
        raise InputError(
            f"{path}: spikes are 0, or a height above it, got {np.min(spikes):g}: is it a probe of spikes?"
        )
    step, unit = np.nonzero(spikes)
    yield Spikes(layer, t[step], unit)
