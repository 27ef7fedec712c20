"""Lava: the trace of one layer, an npz with `in_spikes` and `out_spikes` (x, y, channel, step), `u` and `v`.

A step is one time step of the chip, which has no length: it is taken as 1 ms unless a tick is given. Kernels and biases
(`weight`, `bias`) of a convolution are no weights (n_pre, n_post), and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.importers import npz
from spikesight.trace.importers.contract import MS, Array, Piece, Population, Recording, Samples, Settings, Spikes

_LAYERS = {"in_spikes": "in", "out_spikes": "out"}
_VARIABLES = ("u", "v")


@dataclass(frozen=True)
class Lava:
    """Reads the trace of a layer: its input and itself."""

    what: str = "Lava layer traces (npz with in_spikes, out_spikes, u, v)"

    def sniff(self, path: Path, head: bytes) -> bool:
        """Whether an npz has `in_spikes` and `out_spikes`."""
        return npz.is_npz(head) and set(_LAYERS) <= set(npz.names(path))

    def read(self, paths: Sequence[Path], settings: Settings) -> Recording:
        """Read one file; a step lasts `settings.tick_ns`, or 1 ms."""
        if len(paths) != 1:
            raise InputError(f"a layer trace is one npz, got {len(paths)} files: import them one at a time")
        path, step = paths[0], settings.tick_ns or MS
        variables = [name for name in _VARIABLES if name in npz.names(path)]
        recording = Recording("Lava", step, lambda: _pieces(path, variables), tick_ns=step)
        recording.populations = [Population(layer, _shape(path, name)[:-1]) for name, layer in _LAYERS.items()]
        if settings.tick_ns is None:
            recording.note("steps of the chip have no length: one was taken as 1 ms")
        if variables:
            recording.note(f"{', '.join(variables)} are integers of the chip, as in the file, without a unit")
        for name in sorted(set(npz.names(path)) - set(_LAYERS) - set(variables)):
            recording.drop(f"{path.name}: {name}")
        return recording


LAVA: Final = Lava()


def _shape(path: Path, name: str) -> tuple[int, ...]:
    shape = npz.load(path, name).shape
    if len(shape) < 2:
        raise InputError(f"{path}: '{name}' is (..., step), got shape {shape}")
    return shape


def _by_step(path: Path, name: str) -> Array:
    """Return an array as (steps, units)."""
    array = npz.load(path, name)
    if array.dtype.kind not in "biuf":
        raise InputError(f"{path}: '{name}' holds {array.dtype}, expected numbers")
    return array.reshape(-1, array.shape[-1]).T


def _pieces(path: Path, variables: Sequence[str]) -> Iterator[Piece]:
    for name, layer in _LAYERS.items():
        step, unit = np.nonzero(_by_step(path, name))
        yield Spikes(layer, step, unit)
    for name in variables:
        values = _by_step(path, name)
        steps, units = values.shape
        if units != np.prod(_shape(path, "out_spikes")[:-1], dtype=object):
            raise InputError(f"{path}: '{name}' has {units} units, out_spikes has shape {_shape(path, 'out_spikes')}")
        yield Samples(
            "out", name, np.repeat(np.arange(steps), units), np.tile(np.arange(units), steps), values.reshape(-1)
        )
