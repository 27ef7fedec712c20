"""A layer whose inputs all fire, in one of two volleys: a picture of two grey levels.

Then the causes of a spike are the early volley, or everybody. Of the weights only those of the early inputs are summed
for each item; the sum of all is the same for every one. So the work is proportional to the number of early inputs,
and nothing needs to be sorted. What is computed is that of `exponential`, the order of sums apart.
Source: Mostafa 2018, section IV, for the two volleys.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.spread import spread


class Volleys(NamedTuple):
    """Which inputs of each item come early: item b has those `early[starts[b]:starts[b + 1]]`; the others come late.

    `z_early` and `z_late` are exp(t / tau) of the volleys; `n_pre` is how many inputs there are.
    """

    starts: NDArray[np.int64]
    early: NDArray[np.int64]
    z_early: float
    z_late: float
    n_pre: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    def z(self, dtype: Any) -> NDArray[Any]:
        """Return z of every input, (B, n_pre), as `exponential.crossings` takes it."""
        z = np.full((len(self), self.n_pre), self.z_late, dtype)
        z[np.repeat(np.arange(len(self)), np.diff(self.starts)), self.early] = self.z_early
        return z


class Answer(NamedTuple):
    """`z` and `excess` (B, n_post) as of `exponential.Crossings`; `both`, whether both volleys are causes."""

    z: NDArray[Any]
    excess: NDArray[Any]
    both: NDArray[np.bool_]


def volleys(early: NDArray[np.bool_], z_early: float, z_late: float) -> Volleys:
    """Return the volleys of items, where `early` (B, n_pre) says who comes in the first."""
    items, places = np.nonzero(early)
    starts = np.searchsorted(items, np.arange(len(early) + 1))
    return Volleys(starts.astype(np.int64), places.astype(np.int64), z_early, z_late, early.shape[1])


def crossings(inputs: Volleys, w: NDArray[Any], threshold: float) -> Answer:
    """Return the spikes of neurons with weights (n_pre, n_post)."""
    from spikesight.first_spike.fused_volleys import cross

    shape = len(inputs), w.shape[1]
    found = Answer(np.empty(shape, w.dtype), np.empty(shape, w.dtype), np.empty(shape, np.bool_))
    total = w.sum(axis=0)
    levels = w.dtype.type(inputs.z_early), w.dtype.type(inputs.z_late), w.dtype.type(threshold)

    def work(first: int, last: int) -> None:
        parts = (values[first:last] for values in found)
        cross(inputs.starts[first : last + 1], inputs.early, w, total, *levels, *parts)

    spread(work, len(inputs))
    return found


def pull_weights(inputs: Volleys, answer: Answer, blame: NDArray[Any]) -> NDArray[Any]:
    """Return the slope of a loss along the weights (n_pre, n_post), from `blame` (B, n_post), its slope along z."""
    from spikesight.first_spike.fused_volleys import pull

    dtype, n_post = answer.z.dtype, answer.z.shape[1]
    fired = answer.excess > 0
    share = np.divide(blame, answer.excess, out=np.zeros_like(answer.z), where=fired)
    own = np.where(fired, answer.z, dtype.type(0))
    by_late = np.where(answer.both, share * (dtype.type(inputs.z_late) - own), dtype.type(0))
    by_early = share * (dtype.type(inputs.z_early) - own) - by_late
    to_w = np.empty((inputs.n_pre, n_post), dtype)
    to_w[:] = by_late.sum(axis=0)

    def work(first: int, last: int) -> None:
        pull(inputs.starts, inputs.early, by_early[:, first:last], to_w[:, first:last])

    spread(work, n_post)
    return to_w
