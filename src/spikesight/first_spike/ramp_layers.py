"""Layers of neurons with ramps on a grid of steps: dense, and convolutions that are pooled by the earliest spike.

Inputs come in whole steps, and a neuron's spike is heard in the first step by which its potential has reached the
threshold, so a spike is passed on a step later at least. Where exactly between two steps the potential crossed is kept
beside it, with the slope it had there: learning needs both, and of several neurons the earliest is told by it.

Everything here keeps maps last, (B, rows, columns, maps), and weights in rows by neuron or map: (n_post, n_pre), and
(maps, rows * columns * maps in) of a kernel. `as_rows` and `as_kernels` lead there and back.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.first_spike.geometry import Pair, outcome
from spikesight.first_spike.ramp import Ramp

Floats = NDArray[np.float32]
Steps = NDArray[np.int32]


class Crossed(NamedTuple):
    """What a layer did with B items, all (B, ...) as the layer is shaped, pooled.

    `steps` of the spikes, the number of steps where never; `times` of the crossing itself, infinity where never;
    `slopes` of the potential there, per step, 0 where never; `potentials` at the last step, or the threshold of those
    that fired, the largest of a pooling's window. `places` tell which place of a convolution, row by row before
    pooling, was the earliest: -1 where none, 0 in a dense layer.
    """

    steps: Steps
    times: NDArray[Any]
    slopes: NDArray[Any]
    potentials: NDArray[Any]
    places: Steps


class RampLayer(Protocol):
    """A layer's description."""

    def shape(self, shape_in: Sequence[int]) -> tuple[int, ...]:
        """Return how its neurons lie behind an input of this shape.   Errors: InputError where it does not fit."""

    def weight_shape(self, shape_in: Sequence[int]) -> tuple[int, ...]:
        """Return the shape of its weights as they are told to others."""

    def as_rows(self, w: NDArray[Any]) -> NDArray[Any]:
        """Return such weights in rows by neuron or map."""

    def as_kernels(self, rows: NDArray[Any], shape_in: Sequence[int]) -> NDArray[Any]:
        """Undo `as_rows`."""


@dataclass(frozen=True)
class RampDense:
    """`n` neurons that hear every neuron before them.   Errors: InputError for fewer than one."""

    n: int

    def __post_init__(self) -> None:
        if self.n < 1:
            raise InputError(f"a layer has a neuron at least, got {self.n}")

    def shape(self, shape_in: Sequence[int]) -> tuple[int, ...]:
        """See `RampLayer`."""
        return (self.n,)

    def weight_shape(self, shape_in: Sequence[int]) -> tuple[int, ...]:
        """See `RampLayer`: (n_pre, n_post)."""
        return math.prod(shape_in), self.n

    def as_rows(self, w: NDArray[Any]) -> NDArray[Any]:
        """See `RampLayer`."""
        return np.ascontiguousarray(w.T)

    def as_kernels(self, rows: NDArray[Any], shape_in: Sequence[int]) -> NDArray[Any]:
        """See `RampLayer`."""
        return np.ascontiguousarray(rows.T)


@dataclass(frozen=True)
class RampConvolution:
    """`maps` maps behind windows of `kernel` x `kernel`, of which `pool` x `pool` neurons share the earliest spike.

    Rows and columns that fill no window of the pooling are left out. `padding` on each side never fires.
    Errors: InputError for sizes below 1 and negative padding.
    """

    maps: int
    kernel: int = 5
    pool: int = 2
    padding: int = 0

    def __post_init__(self) -> None:
        if min(self.maps, self.kernel, self.pool) < 1 or self.padding < 0:
            raise InputError(f"maps, kernel and pool are 1 at least and padding 0, got {self}")

    def places(self, shape_in: Sequence[int]) -> Pair:
        """Return rows and columns before pooling.   Errors: InputError where no window fits."""
        return outcome(shape_in, (self.kernel, self.kernel), padding=(self.padding, self.padding))

    def shape(self, shape_in: Sequence[int]) -> tuple[int, ...]:
        """See `RampLayer`: rows and columns, pooled, and maps."""
        if len(shape_in) != 3:
            raise InputError(f"a convolution needs rows, columns and maps, got an input of shape {tuple(shape_in)}")
        return *outcome(self.places(shape_in[:2]), (self.pool, self.pool), (self.pool, self.pool)), self.maps

    def weight_shape(self, shape_in: Sequence[int]) -> tuple[int, ...]:
        """See `RampLayer`: maps, maps of the input, rows and columns of the kernel."""
        return self.maps, shape_in[2], self.kernel, self.kernel

    def as_rows(self, w: NDArray[Any]) -> NDArray[Any]:
        """See `RampLayer`."""
        return np.ascontiguousarray(np.moveaxis(w, 1, -1)).reshape(len(w), -1)

    def as_kernels(self, rows: NDArray[Any], shape_in: Sequence[int]) -> NDArray[Any]:
        """See `RampLayer`."""
        return np.ascontiguousarray(np.moveaxis(rows.reshape(len(rows), self.kernel, self.kernel, -1), -1, 1))


class Passes(Protocol):
    """How a layer is computed, in either direction: `reference_ramp.passes` in NumPy, `ramp_passes.passes` compiled.

    `times` of the inputs are (B, ...) steps as the layer before it is shaped; `w` in rows. `amounts` and `crossed` are
    (B, ...) as the layer is shaped, and neurons whose amount is 0 do nothing.
    """

    def laid_out(self, w: NDArray[Any]) -> NDArray[Any]:
        """Return weights as `fire` takes them."""

    def fire(self, laid_out: NDArray[Any], times: Steps) -> Crossed:
        """Return what the layer does."""

    def learn(self, times: Steps, crossed: Crossed, at: NDArray[Any], amounts: NDArray[Any], dw: NDArray[Any]) -> None:
        """Take `amounts` times what there is of each input's ramp at time `at` off `dw`, which has rows as `w`."""

    def pass_down(
        self, w: NDArray[Any], times: Steps, crossed: Crossed, at: NDArray[Any], amounts: NDArray[Any], within: float
    ) -> NDArray[Any]:
        """Return for each input the sum of amounts times weights over the neurons that fire after it by less than
        `within` steps, at times `at`.
        """


class MakePasses(Protocol):
    """Makes the passes of a layer."""

    def __call__(self, layer: RampLayer, ramp: Ramp, shape_in: tuple[int, ...], steps: int) -> Passes:
        """Return the passes of `layer` behind an input of `shape_in`, on a grid of `steps`."""
