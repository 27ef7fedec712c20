"""CARLsim: files of its spike monitor (spk_*.dat) and its connection monitor (conn_*.dat), binary, little-endian.

Spikes: int32 206661989, float32 0.2, int32 grid x, y, z; then int32 time in ms and int32 neuron. Weights: int32
202029319, float32 0.3, int16 connection, int32 group and grid x, y, z of both sides, int32 number of synapses, uint8
plastic, float32 least and largest weight; then per snapshot int64 time in ms and float32 weights (n_pre, n_post), NaN
without a synapse.
Source: UCI-CARL/CARLsim4, carlsim/monitor.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.importers.choosing import head_of
from spikesight.trace.importers.contract import MS, ROWS, Piece, Population, Recording, Settings, Spikes, Weights
from spikesight.trace.importers.naming import stem

_SPIKES, _NEURONS, _WEIGHTS, _GROUPS = 206661989, 206661979, 202029319, 206661969
_SPIKE_HEADER, _WEIGHT_HEADER = struct.Struct("<if3i"), struct.Struct("<ifh4i4iiB2f")
_SPIKE_VERSION, _WEIGHT_VERSION = 0.2, 0.3
_SPIKE = np.dtype([("t", "<i4"), ("unit", "<i4")])
_VERSION_ERROR = 1e-3


@dataclass(frozen=True)
class _SpikeFile:
    path: Path
    layer: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class _WeightFile:
    path: Path
    pre: str
    post: str
    shapes: tuple[tuple[int, ...], tuple[int, ...]]

    @property
    def sizes(self) -> tuple[int, int]:
        return int(np.prod(self.shapes[0], dtype=object)), int(np.prod(self.shapes[1], dtype=object))


@dataclass(frozen=True)
class Carlsim:
    """Reads spikes and weights; spk_<group>.dat is the layer <group>, conn_<pre>_<post>.dat joins two."""

    what: str = "CARLsim spike and connection monitors (binary .dat)"

    def sniff(self, path: Path, head: bytes) -> bool:
        """Whether the file begins with one of CARLsim's signatures."""
        return len(head) >= 4 and struct.unpack_from("<i", head)[0] in (_SPIKES, _NEURONS, _WEIGHTS, _GROUPS)

    def read(self, paths: Sequence[Path], settings: Settings) -> Recording:
        """Read any number of spike and weight files of one simulation."""
        recording = Recording("CARLsim", MS, lambda: iter(()), tick_ns=MS)
        spikes = [_spike_file(path) for path in paths if _signature(path) == _SPIKES]
        weights = [_weight_file(path, recording) for path in paths if _signature(path) == _WEIGHTS]
        for path in paths:
            if _signature(path) not in (_SPIKES, _WEIGHTS):
                raise InputError(
                    f"{path} begins with {_signature(path)}, expected {_SPIKES} (spikes) or {_WEIGHTS} (weights)"
                )
        recording.populations = _populations(spikes, weights)
        recording.pieces = lambda: _pieces(spikes, weights, recording)
        return recording


CARLSIM: Final = Carlsim()


def _signature(path: Path) -> int:
    head = head_of(path)
    return int(struct.unpack_from("<i", head)[0]) if len(head) >= 4 else 0


def _spike_file(path: Path) -> _SpikeFile:
    head, size = head_of(path), path.stat().st_size
    if len(head) < _SPIKE_HEADER.size or (size - _SPIKE_HEADER.size) % _SPIKE.itemsize:
        raise InputError(f"{path} has {size} bytes, expected 20 and 8 for every spike: it is cut off")
    _, version, *grid = _SPIKE_HEADER.unpack_from(head)
    _check_version(path, version, _SPIKE_VERSION)
    return _SpikeFile(path, stem(path).removeprefix("spk_"), _shape(path, grid))


def _weight_file(path: Path, recording: Recording) -> _WeightFile:
    head, size = head_of(path), path.stat().st_size
    if len(head) < _WEIGHT_HEADER.size:
        raise InputError(f"{path} has {size} bytes, expected {_WEIGHT_HEADER.size} of a header: it is cut off")
    _, version, _, pre, *rest = _WEIGHT_HEADER.unpack_from(head)
    _check_version(path, version, _WEIGHT_VERSION)
    post, synapses, plastic, least, most = rest[3], *rest[7:]
    names = stem(path).removeprefix("conn_").split("_")
    if len(names) != 2:
        names = [f"group-{pre}", f"group-{post}"]
        recording.note(f"{path.name} is not called conn_<pre>_<post>: its layers are {' and '.join(names)}")
    found = _WeightFile(path, names[0], names[1], (_shape(path, rest[:3]), _shape(path, rest[4:7])))
    one = 8 + 4 * found.sizes[0] * found.sizes[1]
    if (size - _WEIGHT_HEADER.size) % one:
        raise InputError(
            f"{path} has {size} bytes, expected {_WEIGHT_HEADER.size} and {one} for every snapshot: it is cut off"
        )
    told = {"groups": [pre, post], "synapses": synapses, "plastic": bool(plastic), "least": least, "largest": most}
    recording.facts = {**recording.facts, path.name: told}
    return found


def _check_version(path: Path, version: float, expected: float) -> None:
    if not abs(version - expected) < _VERSION_ERROR:
        raise InputError(f"{path} has version {version:g}, and only {expected} is understood")


def _shape(path: Path, grid: Sequence[int]) -> tuple[int, ...]:
    """Return the shape whose order of units is CARLsim's, x fastest; sides of one left out."""
    if min(grid) < 1:
        raise InputError(f"{path} declares a grid of {tuple(grid)} neurons: it is damaged")
    return tuple(side for side in reversed(grid) if side > 1) or (1,)


def _populations(spikes: Sequence[_SpikeFile], weights: Sequence[_WeightFile]) -> list[Population]:
    shapes: dict[str, tuple[int, ...]] = {}
    sides = [(one.path, one.layer, one.shape) for one in spikes]
    for file in weights:
        sides += [(file.path, file.pre, file.shapes[0]), (file.path, file.post, file.shapes[1])]
    for path, name, shape in sides:
        if shapes.setdefault(name, shape) != shape:
            raise InputError(f"{path}: layer '{name}' has shape {shape}, another file says {shapes[name]}")
    return [Population(name, shape) for name, shape in shapes.items()]


def _pieces(spikes: Sequence[_SpikeFile], weights: Sequence[_WeightFile], recording: Recording) -> Iterator[Piece]:
    for one in spikes:
        with open(one.path, "rb") as file:
            file.seek(_SPIKE_HEADER.size)
            while data := file.read(ROWS * _SPIKE.itemsize):
                rows = np.frombuffer(data, _SPIKE)
                if len(rows) and rows["t"].min() < 0:
                    raise InputError(f"{one.path} has a spike at {rows['t'].min()} ms: it is damaged")
                yield Spikes(one.layer, rows["t"], rows["unit"])
    for joined in weights:
        yield from _snapshots(joined, recording)


def _snapshots(joined: _WeightFile, recording: Recording) -> Iterator[Weights]:
    size = 4 * joined.sizes[0] * joined.sizes[1]
    with open(joined.path, "rb") as file:
        file.seek(_WEIGHT_HEADER.size)
        while time := file.read(8):
            w = np.frombuffer(file.read(size), "<f4").reshape(joined.sizes)
            if np.isnan(w).any():
                recording.note(f"{joined.path.name}: where there is no synapse, the weight is 0")
                w = np.nan_to_num(w, nan=0.0)
            t = struct.unpack("<q", time)[0]
            if t < 0:
                raise InputError(f"{joined.path} has weights at {t} ms: it is damaged")
            yield Weights(f"{joined.pre}-{joined.post}", joined.pre, joined.post, float(t), w)
