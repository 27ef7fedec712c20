"""A list of synapses: w is (number of synapses,), ordered by the neuron before them.

Four bytes a synapse for the weight and four for its target; learning adds eight, to find the synapses that reach a
neuron. `circuits.wiring` draws such lists.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from spikesight.base.errors import InputError
from spikesight.circuits.connections.contract import Structure, Synapses


def each(structure, spikes, count, others, visit, arrays, now, constants):  # type: ignore[no-untyped-def]
    """Visit the synapses of the rows that fired: a list is short, so nobody is left out."""
    starts, targets = structure[0], structure[1]
    for q in range(count):
        i = spikes[q]
        # Unsigned numbers cannot count from the end of an array, so no check is made whether they do.
        for s in range(np.uint64(starts[i]), np.uint64(starts[i + 1])):
            visit(s, i, np.uint64(targets[s]), arrays, now, constants)


def at_post(structure, spikes, count, others, visit, arrays, now, constants):  # type: ignore[no-untyped-def]
    """Visit the synapses that reach the neurons that fired."""
    back, rows, numbers = structure[2], structure[3], structure[4]
    for q in range(count):
        j = spikes[q]
        for r in range(back[j], back[j + 1]):
            visit(numbers[r], rows[r], j, arrays, now, constants)


@dataclass(frozen=True, eq=False)
class Sparse:
    """Synapses ``starts[i]`` to ``starts[i + 1] - 1`` leave row i and end in ``targets``; there are `n_post` neurons.

    Shapes: starts (rows + 1,) int64, targets (synapses,) int32.   Errors: InputError where the list is out of order.
    Two equal lists are two different wirings: compare the arrays.
    """

    starts: NDArray[np.int64]
    targets: NDArray[np.int32]
    n_post: int
    simple: bool = field(init=False)

    name = "sparse"
    each = staticmethod(each)
    at_pre = each
    at_post = staticmethod(at_post)

    def __post_init__(self) -> None:
        starts, targets = _whole("starts", self.starts).astype(np.int64, copy=False), _whole("targets", self.targets)
        if not len(starts) or starts[0] != 0 or starts[-1] != len(targets) or (np.diff(starts) < 0).any():
            raise InputError(f"starts must rise from 0 to the number of synapses, {len(targets)}; got {starts}")
        if len(targets) and not (targets.min() >= 0 and targets.max() < self.n_post):
            raise InputError(f"targets must be neurons 0 to {self.n_post - 1}, got {targets.min()} to {targets.max()}")
        object.__setattr__(self, "starts", starts)
        object.__setattr__(self, "targets", np.ascontiguousarray(targets, np.int32))
        object.__setattr__(self, "simple", _is_simple(self.starts, self.targets))

    @property
    def rows(self) -> NDArray[np.int64]:
        """The row that each synapse leaves, (synapses,)."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def weight_shape(self, n_pre: int, n_post: int) -> tuple[int, ...]:
        """(synapses,).   Errors: InputError where the list was made for other sizes."""
        made_for = (len(self.starts) - 1, self.n_post)
        if made_for != (n_pre, n_post):
            raise InputError(
                f"this list of synapses joins {made_for[0]} rows to {made_for[1]} neurons, not {n_pre} to {n_post}"
            )
        return (len(self.targets),)

    def synapses(self, n_pre: int, n_post: int) -> int:
        """As many as the list has."""
        return len(self.targets)

    def structure(self, n_pre: int, n_post: int, plastic: bool) -> Structure:
        """(starts, targets, and for learning: starts, rows, synapses in order of the target)."""
        if not plastic:
            return self.starts, self.targets
        index = np.int32 if len(self.targets) < 2**31 else np.int64
        numbers = np.arange(len(self.targets), dtype=index)
        # Turned by counting, not sorted: in time and memory a fraction, and synapses of a target keep their order.
        turned = csr_array((numbers, self.targets, self.starts.astype(index)), (n_pre, n_post)).tocsc()
        rows = turned.indices.astype(np.int32, copy=False)
        return self.starts, self.targets, turned.indptr.astype(np.int64), rows, turned.data

    def structure_bytes(self, n_pre: int, n_post: int, plastic: bool) -> int:
        """Eight bytes a synapse (twelve beyond 2^31 of them) and eight a neuron, if it learns; else none."""
        each_synapse = 4 + (4 if len(self.targets) < 2**31 else 8)
        return len(self.targets) * each_synapse + 8 * (n_post + 1) if plastic else 0

    def forward(self, w: NDArray[Any], pre: NDArray[Any]) -> NDArray[Any]:
        """Sum over synapses of weight times what its row does."""
        return np.bincount(self.targets, weights=w * pre[self.rows], minlength=self.n_post)

    def pair(self, post: NDArray[Any], pre: NDArray[Any]) -> NDArray[Any]:
        """Product of both ends, (synapses,)."""
        product: NDArray[Any] = post[self.targets] * pre[self.rows]
        return product

    def outgoing(self, structure: Structure, i: int) -> Synapses:
        """The piece of row i."""
        here = slice(self.starts[i], self.starts[i + 1])
        return Synapses(here, self.targets[here])

    def incoming(self, structure: Structure, j: int) -> Synapses:
        """Those that end in j, in the order of the list."""
        _, _, back, rows, numbers = structure
        here = slice(back[j], back[j + 1])
        return Synapses(numbers[here], rows[here])


def _whole(name: str, numbers: Any) -> NDArray[Any]:
    """Return numbers (N,) of neurons or synapses, refusing what rounding would change."""
    found: NDArray[Any] = np.asarray(numbers)
    whole = np.issubdtype(found.dtype, np.integer) or (found == np.rint(found)).all()
    if found.ndim != 1 or not whole:
        raise InputError(f"{name} are whole numbers (N,), got {found.dtype} of shape {found.shape}: {found}")
    return found


def _is_simple(starts: NDArray[np.int64], targets: NDArray[np.int32]) -> bool:
    """Targets that rise within each row join no two neurons twice."""
    if len(targets) < 2:
        return True
    rises = np.diff(targets) > 0
    first = starts[1:-1]
    rises[first[(first > 0) & (first < len(targets))] - 1] = True
    return bool(rises.all())
