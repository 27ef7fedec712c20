"""Wiring by distance: how strongly two neurons are joined, or how likely, falls with how far they lie apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.circuits.connections.sparse import Sparse

PAIRS_AT_ONCE = 1 << 22
"""Pairs of neurons looked at in one go, so that large populations need little memory besides their synapses."""


class Kernel(Protocol):
    """What two neurons at some distance mean to each other: a weight, or a chance between 0 and 1."""

    def __call__(self, distance: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values at distances, in the unit of the positions."""


def _check_width(width: float) -> None:
    if not width > 0.0:
        raise InputError(f"a kernel's width is above 0, got {width}")


@dataclass(frozen=True)
class Gaussian:
    """``peak exp(-distance^2 / (2 sigma^2))``."""

    sigma: float
    peak: float = 1.0

    def __post_init__(self) -> None:
        _check_width(self.sigma)

    def __call__(self, distance: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values at distances."""
        value: NDArray[np.float64] = self.peak * np.exp(-0.5 * (distance / self.sigma) ** 2)
        return value


@dataclass(frozen=True)
class Exponential:
    """``peak exp(-distance / scale)``."""

    scale: float
    peak: float = 1.0

    def __post_init__(self) -> None:
        _check_width(self.scale)

    def __call__(self, distance: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values at distances."""
        value: NDArray[np.float64] = self.peak * np.exp(-distance / self.scale)
        return value


@dataclass(frozen=True)
class Disc:
    """`peak` up to `radius`, its edge included, 0 beyond."""

    radius: float
    peak: float = 1.0

    def __call__(self, distance: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values at distances."""
        return np.where(distance <= self.radius, self.peak, 0.0)


@dataclass(frozen=True)
class Difference:
    """A centre less a surround, both kernels: of two Gaussians, a Mexican hat."""

    centre: Kernel
    surround: Kernel

    def __call__(self, distance: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values at distances."""
        return self.centre(distance) - self.surround(distance)


class Weighted(NamedTuple):
    """A list of synapses and their weights."""

    wiring: Sparse
    w: NDArray[np.float64]


def grid(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return the positions of neurons that lie on a grid one apart, in the order of their numbers: (n, dimensions)."""
    return np.stack(np.unravel_index(np.arange(np.prod(shape)), shape), axis=1).astype(np.float64)


def by_distance(
    pre: NDArray[np.float64],
    post: NDArray[np.float64],
    kernel: Kernel,
    *,
    period: tuple[float, ...] | None = None,
    random: np.random.Generator | None = None,
    to_itself: bool = True,
    least: float = 1e-3,
) -> Weighted:
    """Join neurons at positions `pre` (n_pre, dimensions) to those at `post` (n_post, dimensions) by a kernel.

    Without `random` there is a synapse wherever the kernel is at least `least` in size, with its value as weight. With
    `random` the kernel is the chance of a synapse, and weights are 1. With a `period` for each dimension space is a
    torus. Without `to_itself` neuron i is not joined to neuron i.
    Errors: InputError where dimensions differ, positions are not finite, periods not positive, or chances are none.
    """
    pre, post = np.asarray(pre, np.float64), np.asarray(post, np.float64)
    if pre.ndim != 2 or post.ndim != 2 or not pre.shape[1] == post.shape[1] == len(pre.T if period is None else period):
        raise InputError(
            f"positions are (n, dimensions) and a period has one length for each dimension, got {pre.shape}, "
            f"{post.shape} and period {period}"
        )
    if not (np.isfinite(pre).all() and np.isfinite(post).all()):
        raise InputError("positions hold NaN or infinite values")
    if period is not None and not all(length > 0.0 for length in period):
        raise InputError(f"a period is a length above 0 for each dimension, got {period}")
    counts, targets, weights = np.zeros(len(pre) + 1, np.int64), [], []
    at_once = max(1, PAIRS_AT_ONCE // max(1, post.size))
    for first in range(0, len(pre), at_once):
        value = kernel(_distance(pre[first : first + at_once], post, period))
        there = np.abs(value) >= least if random is None else _drawn(value, random)
        if not to_itself:
            own = np.arange(first, min(first + len(value), len(post)))
            there[own - first, own] = False
        counts[first + 1 : first + 1 + len(value)] = there.sum(axis=1)
        targets.append(np.nonzero(there)[1].astype(np.int32))
        weights.append(value[there] if random is None else np.ones(len(targets[-1])))
    wiring = Sparse(np.cumsum(counts), np.concatenate([np.empty(0, np.int32), *targets]), len(post))
    return Weighted(wiring, np.concatenate([np.empty(0), *weights]))


def lateral(shape: tuple[int, ...], kernel: Kernel, *, periodic: bool = False, least: float = 1e-3) -> Weighted:
    """Join the neurons of a grid to each other, none to itself: surround inhibition by a negative kernel, a Mexican
    hat by a `Difference`. See `by_distance`.
    """
    at = grid(shape)
    period = tuple(map(float, shape)) if periodic else None
    return by_distance(at, at, kernel, period=period, to_itself=False, least=least)


def _distance(
    pre: NDArray[np.float64], post: NDArray[np.float64], period: tuple[float, ...] | None
) -> NDArray[np.float64]:
    apart = np.abs(pre[:, None] - post[None])
    if period is not None:
        apart %= period
        apart = np.minimum(apart, np.subtract(period, apart))
    distance: NDArray[np.float64] = np.sqrt((apart**2).sum(axis=2))
    return distance


def _drawn(chance: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.bool_]:
    if chance.size and not (chance.min() >= 0 and chance.max() <= 1):
        raise InputError(f"chances lie between 0 and 1, this kernel gives {chance.min()} to {chance.max()}")
    drawn: NDArray[np.bool_] = random.random(chance.shape) < chance
    return drawn
