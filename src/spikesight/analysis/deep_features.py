"""What a map deep in a network looks for, drawn in the input.

From the input upwards, each tap of a kernel adds, at its place, the `strongest` feature of the layer below times its
weight; a pooling puts what it takes into the middle of its window. What is below 0 in the end is 0. Each map of the
input is a plane of its own. Source: the code of SpykeTorch (get_deep_feature). Where weights have a sign, the strongest
alone says little: `together`, all features times their weights add up, and keep their sign.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.recorded.fields import snapshot_at
from spikesight.base.errors import InputError
from spikesight.trace.kernel import Kernel
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Layer, Projection

Features = NDArray[np.float32]


def strongest(own: Features, below: Features) -> Features:
    """Return the largest of the features `below` (maps, planes, height, width) times the weights `own` (maps,)."""
    found: Features = (own[:, None, None, None] * below).max(axis=0)
    return found


def together(own: Features, below: Features) -> Features:
    """Return the sum of the features `below` (maps, planes, height, width) times the weights `own` (maps,)."""
    found: Features = np.tensordot(own, below, axes=1)
    return found


Combine = Callable[[Features, Features], Features]


class Floor(NamedTuple):
    """A step upwards: a convolution by `w` (maps, maps below, rows, columns), or a pooling, whose `w` is None."""

    kernel: Kernel
    w: NDArray[Any] | None


@dataclass(frozen=True, eq=False)
class DeepFeatures:
    """features (N, planes, height, width) of the `maps` (N,) of `layer`, at `t` seconds.

    They are drawn in the space of layer `inside`; planes are its maps: of ON and OFF cells, say. `signed` tells
    that weights have a sign, so that features do. `valid` is the stretch of time, first and past the last, in which no
    newer snapshot of any of the weights that were used was taken.
    """

    layer: str
    inside: str
    maps: NDArray[np.int64]
    features: Features
    signed: bool
    t: float
    valid: tuple[float, float]


def receptive_field(kernels: Iterable[Kernel]) -> list[tuple[int, int]]:
    """Return how many rows and columns a unit on top of `kernels` (from below) reaches, on every floor going down."""
    reach, found = (1, 1), []
    for kernel in reversed(list(kernels)):
        span = _span(kernel)
        reach = tuple(s + (r - 1) * move for s, r, move in zip(span, reach, kernel.stride, strict=True))  # type: ignore[assignment]
        found.append(reach)
    return found


def project(
    floors: Sequence[Floor],
    planes: int,
    maps: Sequence[int] | NDArray[Any] | None = None,
    combine: Combine = strongest,
) -> Features:
    """Return the feature of each of the `maps` (default: all) on top of `floors`: (maps, planes, height, width).

    `planes` is the number of maps of the input; `combine` is `strongest` or `together`.
    Errors: InputError where weights do not fit the floor below.
    """
    features, moves = np.eye(planes, dtype=np.float32)[:, :, None, None], (1, 1)
    for place, floor in enumerate(floors):
        chosen = maps if place == len(floors) - 1 else None
        features = _upwards(floor, features, moves, chosen, combine)
        moves = (moves[0] * floor.kernel.stride[0], moves[1] * floor.kernel.stride[1])
    if not floors and maps is not None:
        features = features[np.asarray(maps)]
    return features if combine is together else np.maximum(features, 0.0)


def chain(header: Header, layer: str) -> list[Projection]:
    """Return the projections that lead up to `layer`, from the lowest: of several into one layer the first.

    Errors: UnknownName.
    """
    found: list[Projection] = []
    seen, at = set(), header.layer(layer).name
    while at not in seen:
        seen.add(at)
        into = next((one for one in header.projections if one.post == at and one.pre not in seen), None)
        if into is None:
            break
        found.insert(0, into)
        at = into.pre
    return found


def deep_features(
    trace: Trace, layer: str, t: float | None = None, maps: Sequence[int] | NDArray[Any] | None = None
) -> DeepFeatures:
    """Return the features of `maps` (default: all) of `layer` as its weights, and those below, were at `t` seconds.

    A dense projection is a kernel as large as the layer it leaves. Without `t`, as they were last. Weights of either
    sign are taken `together`.
    Errors: UnknownName; InputError where no projection leads to the layer, or the weights of one were not recorded.
    """
    header = trace.header
    ways = chain(header, layer)
    if not ways:
        raise InputError(f"no projection leads to '{layer}', so its maps have no features")
    floors, taken, since, until = [], [], -np.inf, np.inf
    for way in ways:
        kernel = way.kernel or _whole(header.layer(way.pre))
        if kernel.pools:
            floors.append(Floor(kernel, None))
            continue
        number, at = snapshot_at(trace, way.name, t)
        times = trace.snapshots(way.name)["t"]
        since = max(since, at if number else -np.inf)
        until = min(until, float(times[number + 1]) if number + 1 < len(times) else np.inf)
        taken.append(at)
        floors.append(Floor(kernel, trace.weights(way.name, number).T.reshape(-1, *kernel.shape)))
    chosen = np.arange(ways[-1].shape[1]) if maps is None else np.asarray(maps, np.int64)
    below = header.layer(ways[0].pre)
    signed = any(floor.w is not None and floor.w.min(initial=0.0) < 0 for floor in floors)
    features = project(floors, _planes(below), chosen, together if signed else strongest)
    return DeepFeatures(
        layer, below.name, chosen, features, signed, max(taken, default=0.0), (float(since), float(until))
    )


def _upwards(floor: Floor, below: Features, moves: tuple[int, int], maps: Any, combine: Combine) -> Features:
    """Return the features one floor up. `moves` are the pixels between neighbours of the layer below."""
    kernel = floor.kernel
    gaps = [(side - 1) * move for side, move in zip(_span(kernel), moves, strict=True)]
    size = (below.shape[2] + gaps[0], below.shape[3] + gaps[1])
    if floor.w is None:
        down, right = gaps[0] // 2, gaps[1] // 2
        taken = below if maps is None else below[np.asarray(maps)]
        return np.pad(taken, ((0, 0), (0, 0), (down, gaps[0] - down), (right, gaps[1] - right)))
    if floor.w.shape[1] != len(below):
        raise InputError(f"weights from {floor.w.shape[1]} maps do not fit {len(below)} maps below")
    w = floor.w.astype(np.float32) if maps is None else floor.w[np.asarray(maps)].astype(np.float32)
    found = np.zeros((len(w), below.shape[1], *size), np.float32)
    steps = [moves[axis] * kernel.dilation[axis] for axis in (0, 1)]
    for one, own in zip(found, w, strict=True):
        for row in range(kernel.rows):
            for column in range(kernel.columns):
                top, left = row * steps[0], column * steps[1]
                added = combine(own[:, row, column], below)
                one[:, top : top + below.shape[2], left : left + below.shape[3]] += added
    return found


def _span(kernel: Kernel) -> tuple[int, int]:
    """Rows and columns from the first to the last tap."""
    return (kernel.rows - 1) * kernel.dilation[0] + 1, (kernel.columns - 1) * kernel.dilation[1] + 1


def _whole(layer: Layer) -> Kernel:
    rows, columns = layer.shape[-2:] if len(layer.shape) in (2, 3) else (1, 1)
    return Kernel(_planes(layer), rows, columns)


def _planes(layer: Layer) -> int:
    return {2: 1, 3: layer.shape[0]}.get(len(layer.shape), layer.size)
