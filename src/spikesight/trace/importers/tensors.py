"""Tensors of time steps, as BindsNET, Norse, snnTorch and SpikingJelly give them, saved as npz with two lines.

`axes` says what the first axes are: "T", "TB" or "BT"; `dt` is the step in seconds. Each other array is a layer of
spikes by its name; "<layer>.<variable>" is a state variable, "<layer>-><layer>" weights (n_pre, n_post), `labels` and
`predictions` (B,) are those of the items. Every item of the batch is a stimulus of its own, one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.importers import npz
from spikesight.trace.importers.contract import (
    MS,
    Array,
    Piece,
    Population,
    Recording,
    Samples,
    Settings,
    Shown,
    Spikes,
)
from spikesight.trace.importers.contract import Weights as Snapshot
from spikesight.trace.importers.ticks import as_tick_ns
from spikesight.trace.schema import SIMULATED, VIRTUAL

_AXES, _DT, _LABELS, _PREDICTIONS = "axes", "dt", "labels", "predictions"
_KNOWN = frozenset({_AXES, _DT, _LABELS, _PREDICTIONS})
_ORDERS = ("T", "TB", "BT")
_ARROW = "->"


@dataclass(frozen=True)
class _Saved:
    """What an npz says: the order of its axes, steps T, items B, and the shape of each layer's units."""

    path: Path
    axes: str
    steps: int
    items: int
    shapes: dict[str, tuple[int, ...]]
    variables: tuple[str, ...]
    weights: tuple[str, ...]


@dataclass(frozen=True)
class Tensors:
    """Reads tensors of spikes over time; layers by name."""

    what: str = "tensors (T, B, ...) of BindsNET, Norse, snnTorch, SpikingJelly saved as npz with axes and dt"

    def sniff(self, path: Path, head: bytes) -> bool:
        """Whether an npz says which axes its arrays have."""
        return npz.is_npz(head) and _AXES in npz.names(path)

    def read(self, paths: Sequence[Path], settings: Settings) -> Recording:
        """Read one file; a step lasts `dt`, or `settings.tick_ns`, or else 1 ms."""
        if len(paths) != 1:
            raise InputError(f"tensors of one recording are saved in one npz, got {len(paths)} files")
        path = paths[0]
        dt = npz.number(path, _DT)
        step = settings.tick_ns or (MS if dt is None else as_tick_ns(dt))
        saved = _look(path)
        recording = Recording("tensors", step, lambda: _pieces(saved), tick_ns=step)
        if dt is None and settings.tick_ns is None:
            recording.note("no dt is saved: a step was taken as 1 ms")
        if saved.items > 1:
            recording.note(
                f"{saved.items} items of a batch: each is a stimulus of {saved.steps} steps, one after the other"
            )
        recording.time = VIRTUAL if "B" in saved.axes else SIMULATED
        recording.populations = [Population(name, shape) for name, shape in saved.shapes.items()]
        return recording


TENSORS: Final = Tensors()


def _look(path: Path) -> _Saved:
    axes = npz.text(path, _AXES)
    if axes not in _ORDERS:
        raise InputError(f"{path}: axes are one of {', '.join(_ORDERS)} (the axes after them are units), got '{axes}'")
    shapes: dict[str, tuple[int, ...]] = {}
    variables, weights, sizes = [], [], set()
    for name in npz.names(path):
        if name in _KNOWN:
            continue
        if _ARROW in name:
            weights.append(name)
            continue
        shape = npz.load(path, name).shape
        if len(shape) <= len(axes):
            raise InputError(f"{path}: '{name}' has shape {shape}, expected axes {axes} and then those of its units")
        sizes.add((shape[axes.index("T")], shape[axes.index("B")] if "B" in axes else 1))
        layer, dot, _ = name.rpartition(".")
        variables += [name] if dot else []
        owner = layer if dot else name
        if shapes.setdefault(owner, shape[len(axes) :]) != shape[len(axes) :]:
            raise InputError(
                f"{path}: '{name}' has units {shape[len(axes) :]}, but layer '{owner}' has {shapes[owner]}"
            )
    if len(sizes) != 1:
        raise InputError(
            f"{path}: arrays have {sorted(sizes)} steps and items, expected the same for all of one or more"
        )
    ((steps, items),) = sizes
    return _Saved(path, axes, steps, items, shapes, tuple(variables), tuple(weights))


def _pieces(saved: _Saved) -> Iterator[Piece]:
    labels, predictions = (_classes(saved, name) for name in (_LABELS, _PREDICTIONS))
    if "B" in saved.axes:
        for item in range(saved.items):
            first = float(item * saved.steps)
            yield Shown(item, first, first + saved.steps, int(labels[item]), int(predictions[item]))
    for name in npz.names(saved.path):
        if name in saved.shapes and name not in saved.variables:
            yield from _spikes(saved, name)
    for name in saved.variables:
        yield from _samples(saved, name)
    for name in saved.weights:
        pre, _, post = name.partition(_ARROW)
        yield Snapshot(f"{pre}-{post}", pre, post, 0.0, npz.load(saved.path, name))


def _classes(saved: _Saved, name: str) -> Array:
    if name not in npz.names(saved.path):
        return np.full(saved.items, -1)
    given = npz.load(saved.path, name).reshape(-1)
    if given.dtype.kind not in "iu" or len(given) != saved.items:
        raise InputError(f"{saved.path}: '{name}' are {saved.items} whole numbers, got {given.dtype} of {given.shape}")
    return given


def _by_item(saved: _Saved, name: str) -> Array:
    """Return an array as (items, steps, units)."""
    array = npz.load(saved.path, name)
    if array.dtype.kind not in "biuf":
        raise InputError(f"{saved.path}: '{name}' holds {array.dtype}, expected numbers")
    if saved.axes != "BT":
        array = array.reshape(saved.steps, saved.items, -1).swapaxes(0, 1)
    return array.reshape(saved.items, saved.steps, -1)


def _spikes(saved: _Saved, name: str) -> Iterator[Spikes]:
    for item, array in enumerate(_by_item(saved, name)):
        counts = array.astype(np.int64)
        if np.any(counts != array) or counts.min(initial=0) < 0:
            raise InputError(
                f"{saved.path}: '{name}' are spikes, 0 or 1 (or how many), got {array[counts != array][:1].tolist()}; "
                "save a state variable as '<layer>.<variable>'"
            )
        step, unit = np.nonzero(counts)
        times = np.repeat(step, counts[step, unit]) + item * saved.steps
        units = np.repeat(unit, counts[step, unit])
        yield Spikes(name, times, units, np.full(len(times), item) if "B" in saved.axes else None)


def _samples(saved: _Saved, name: str) -> Iterator[Samples]:
    layer, _, variable = name.rpartition(".")
    for item, array in enumerate(_by_item(saved, name)):
        steps, units = array.shape
        t = np.repeat(np.arange(steps) + item * saved.steps, units)
        yield Samples(layer, variable, t, np.tile(np.arange(units), steps), array.reshape(-1))
