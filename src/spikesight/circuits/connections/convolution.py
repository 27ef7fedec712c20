"""A kernel that slides over maps: w is (maps out, maps in, height, width), shared by all positions.

Neuron numbers run over (map, row, column). Positions where the kernel would leave the input are left out, unless
`padding` adds a border.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.circuits.connections.contract import Structure, Synapses


def each(structure, spikes, count, others, visit, arrays, now, constants):  # type: ignore[no-untyped-def]
    """Visit the synapses of the neurons that fired."""
    maps_in, rows_in, columns_in, maps, rows, columns, height, width, stride, padding = structure
    for q in range(count):
        i = spikes[q]
        c, y, x = i // (rows_in * columns_in), i // columns_in % rows_in + padding, i % columns_in + padding
        for o in range(maps):
            for top in range(max(0, (y - height + stride) // stride), min(rows, y // stride + 1)):
                for left in range(max(0, (x - width + stride) // stride), min(columns, x // stride + 1)):
                    s = ((o * maps_in + c) * height + y - top * stride) * width + x - left * stride
                    visit(s, i, (o * rows + top) * columns + left, arrays, now, constants)


def at_post(structure, spikes, count, others, visit, arrays, now, constants):  # type: ignore[no-untyped-def]
    """Visit the synapses that reach the neurons that fired."""
    maps_in, rows_in, columns_in, _maps, rows, columns, height, width, stride, padding = structure
    for q in range(count):
        j = spikes[q]
        o, top, left = j // (rows * columns), j // columns % rows * stride - padding, j % columns * stride - padding
        for c in range(maps_in):
            for y in range(max(0, top), min(rows_in, top + height)):
                for x in range(max(0, left), min(columns_in, left + width)):
                    s = ((o * maps_in + c) * height + y - top) * width + x - left
                    visit(s, (c * rows_in + y) * columns_in + x, j, arrays, now, constants)


@dataclass(frozen=True)
class Convolution:
    """From maps of `shape` (maps, rows, columns) to `maps` maps, by kernels of `kernel` (height, width)."""

    shape: tuple[int, int, int]
    maps: int
    kernel: tuple[int, int]
    stride: int = 1
    padding: int = 0

    name = "convolution"
    simple = True
    each = staticmethod(each)
    at_pre = each
    at_post = staticmethod(at_post)

    def __post_init__(self) -> None:
        if min(*self.shape, self.maps, *self.kernel, self.stride) < 1 or self.padding < 0 or min(self.out[1:]) < 1:
            raise InputError(f"a kernel must fit into its input at least once, got {self}")

    @property
    def out(self) -> tuple[int, int, int]:
        """Shape of the maps behind it: (maps, rows, columns)."""
        rows, columns = (
            (size + 2 * self.padding - width) // self.stride + 1
            for size, width in zip(self.shape[1:], self.kernel, strict=True)
        )
        return self.maps, rows, columns

    def weight_shape(self, n_pre: int, n_post: int) -> tuple[int, ...]:
        """(maps out, maps in, height, width).   Errors: InputError where the sizes are not those of the maps."""
        if (n_pre, n_post) != (int(np.prod(self.shape)), int(np.prod(self.out))):
            raise InputError(f"this convolution goes from {self.shape} to {self.out}, not from {n_pre} to {n_post}")
        return self.maps, self.shape[0], *self.kernel

    def synapses(self, n_pre: int, n_post: int) -> int:
        """Positions times kernel cells, less those that lie on the border that `padding` adds."""
        return self.shape[0] * self.maps * self._cells(0) * self._cells(1)

    def _cells(self, axis: int) -> int:
        """Pairs of a position and a cell of the kernel along one axis (0 rows, 1 columns) that meet a neuron."""
        first = np.arange(self.out[1 + axis]) * self.stride - self.padding
        inside = np.minimum(first + self.kernel[axis], self.shape[1 + axis]) - np.maximum(first, 0)
        return int(np.maximum(inside, 0).sum())

    def structure(self, n_pre: int, n_post: int, plastic: bool) -> Structure:
        """Sizes: maps, rows, columns on both sides, of the kernel, stride and padding."""
        return *self.shape, *self.out, *self.kernel, self.stride, self.padding

    def structure_bytes(self, n_pre: int, n_post: int, plastic: bool) -> int:
        """None: which synapse is where is arithmetic."""
        return 0

    def forward(self, w: NDArray[Any], pre: NDArray[Any]) -> NDArray[Any]:
        """Cross-correlation."""
        received: NDArray[Any] = np.einsum("cyxhw,ochw->oyx", self._windows(pre), w).reshape(-1)
        return received

    def pair(self, post: NDArray[Any], pre: NDArray[Any]) -> NDArray[Any]:
        """Sum over positions of the products at each kernel cell."""
        product: NDArray[Any] = np.einsum("oyx,cyxhw->ochw", post.reshape(self.out), self._windows(pre))
        return product

    def _windows(self, pre: NDArray[Any]) -> NDArray[Any]:
        border = [(0, 0), (self.padding,) * 2, (self.padding,) * 2]
        windows = sliding_window_view(np.pad(pre.reshape(self.shape), border), self.kernel, (1, 2))
        return windows[:, :: self.stride, :: self.stride]

    def outgoing(self, structure: Structure, i: int) -> Synapses:
        """Those that see position i."""
        return _visited(each, structure, i, 2)

    def incoming(self, structure: Structure, j: int) -> Synapses:
        """The window of position j."""
        return _visited(at_post, structure, j, 1)


def _visited(loop: Any, structure: Structure, unit: int, end: int) -> Synapses:
    """List what a loop visits for one neuron: (synapse, end 1 = before it or 2 = behind it)."""
    found: list[tuple[int, int]] = []
    loop(structure, [unit], 1, None, lambda *visited: found.append((visited[0], visited[end])), None, 0, None)
    numbers = np.array(found, np.int64).reshape(-1, 2)
    return Synapses(numbers[:, 0], numbers[:, 1])
