"""Brian 2: spikes of a SpikeMonitor saved with two lines: `t` in seconds and `i`, as npz or CSV.

Optional in an npz: `n`, the number of neurons; `name` of the layer; `dt`, the time step in seconds.
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
from spikesight.trace.importers.contract import SECOND, Piece, Population, Recording, Settings, Spikes
from spikesight.trace.importers.naming import stem
from spikesight.trace.importers.places import whole
from spikesight.trace.importers.ticks import as_tick_ns

_TIMES, _UNITS = "t", "i"
_KNOWN = frozenset({_TIMES, _UNITS, "n", "name", "dt", "simulator"})


@dataclass(frozen=True)
class Brian2:
    """Reads saved spike monitors; each file is a layer, called by its `name` or like the file."""

    what: str = "Brian 2 spike monitors saved as npz or CSV (t, i)"

    def sniff(self, path: Path, head: bytes) -> bool:
        """Whether an npz has `t` and `i`, or a CSV begins with `t,i`."""
        if npz.is_npz(head):
            return {_TIMES, _UNITS} <= set(npz.names(path))
        return text_rows.is_text(head) and _is_csv(head)

    def read(self, paths: Sequence[Path], settings: Settings) -> Recording:
        """Read any number of files, one layer each."""
        recording = Recording("Brian 2", SECOND, lambda: iter(()))
        files: list[tuple[Path, Population]] = []
        for path in paths:
            population = Population(stem(path))
            if npz.is_npz(head_of(path)):
                population = _population(path)
                dt = npz.number(path, "dt")
                recording.tick_ns = recording.tick_ns or (as_tick_ns(dt) if dt is not None else None)
                for name in sorted(set(npz.names(path)) - _KNOWN):
                    recording.drop(f"{path.name}: {name}")
            elif not _is_csv(head_of(path)):
                raise InputError(f"{path} does not begin with 't,i', as the CSV of a spike monitor does")
            if population.name in {one.name for _, one in files}:
                raise InputError(f"two files are of layer '{population.name}': rename one")
            files.append((path, population))
        recording.populations = [population for _, population in files]
        recording.pieces = lambda: (piece for path, population in files for piece in _pieces(path, population.name))
        return recording


BRIAN2: Final = Brian2()


def _is_csv(head: bytes) -> bool:
    return text_rows.header(head)[:1] in (["t,i"], ["# t,i"])


def _population(path: Path) -> Population:
    name, n = npz.text(path, "name") or stem(path), npz.number(path, "n")
    return Population(name) if n is None else Population(name, (int(whole(name, np.array([n]))[0]),))


def _pieces(path: Path, layer: str) -> Iterator[Piece]:
    if npz.is_npz(head_of(path)):
        yield Spikes(layer, npz.load(path, _TIMES).reshape(-1), npz.load(path, _UNITS).reshape(-1))
        return
    for rows in text_rows.rows(path, (2,), delimiter=",", skip=1):
        yield Spikes(layer, rows[:, 0], rows[:, 1])
