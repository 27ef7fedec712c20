"""Drawing lists of synapses: by chance, with a fixed number on one side, by distance, by delay.

Functions that draw take the generator of their random numbers; all return a `Sparse` connection.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.circuits.connections.sparse import Sparse

DRAWN_AT_ONCE = 1 << 22
"""Synapses drawn in one go, so that large lists need little more memory than they take in the end."""

NOBODY = np.empty(0, np.int32)


def random_pairs(
    n_pre: int, n_post: int, probability: float, random: np.random.Generator, *, to_itself: bool = True
) -> Sparse:
    """Join each of the n_pre n_post pairs with `probability`, each on its own; without `to_itself`, none i to i.

    Errors: InputError where the probability is not one.
    """
    if not 0.0 <= probability <= 1.0:
        raise InputError(f"a probability lies between 0 and 1, got {probability}")
    pieces, counts = [], np.zeros(n_pre + 1, np.int64)
    at, pairs = -1, n_pre * n_post
    while probability > 0 and at < pairs:
        # Steps between two hits of a fair lottery are geometric: only the synapses that exist are drawn.
        expected = int(min(DRAWN_AT_ONCE, (pairs - at) * probability * 1.05 + 100))
        # Not further than just behind the last pair: steps between unlikely hits may be as long as numbers go.
        places = at + np.cumsum(np.minimum(random.geometric(probability, expected), pairs + 1))
        at = int(places[-1])
        rows, targets = np.divmod(places[places < pairs], n_post)
        kept = slice(None) if to_itself else rows != targets
        counts[1:] += np.bincount(rows[kept], minlength=n_pre)
        pieces.append(targets[kept].astype(np.int32))
    return Sparse(np.cumsum(counts), np.concatenate([NOBODY, *pieces]), n_post)


def fan_out(n_pre: int, n_post: int, count: int, random: np.random.Generator, *, to_itself: bool = True) -> Sparse:
    """Join each neuron before the synapses to `count` different neurons behind them.

    Errors: InputError where there are fewer.
    """
    targets = np.concatenate([NOBODY, *(np.sort(one) for one in _different(n_post, count, n_pre, random, to_itself))])
    return Sparse(np.arange(n_pre + 1, dtype=np.int64) * count, targets, n_post)


def fan_in(n_pre: int, n_post: int, count: int, random: np.random.Generator, *, to_itself: bool = True) -> Sparse:
    """Join each neuron behind the synapses to `count` different neurons before them.

    Errors: InputError where there are fewer.
    """
    rows = np.concatenate([NOBODY, *_different(n_pre, count, n_post, random, to_itself)])
    order = np.argsort(rows, kind="stable")  # stable: within a row the targets rise
    starts = np.zeros(n_pre + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=n_pre), out=starts[1:])
    return Sparse(starts, np.repeat(np.arange(n_post, dtype=np.int32), count)[order], n_post)


def _different(n: int, count: int, times: int, random: np.random.Generator, to_itself: bool) -> list[NDArray[np.int32]]:
    """Draw `count` different ones of n neurons, for each of `times` neurons; its own only with `to_itself`."""
    available = n if to_itself else n - 1
    if not 0 < count <= available:
        raise InputError(f"{count} different neurons out of {available} cannot be drawn")
    drawn = [random.choice(available, count, replace=False, shuffle=False).astype(np.int32) for _ in range(times)]
    return drawn if to_itself else [one + (one >= own) for own, one in enumerate(drawn)]


class Branches(NamedTuple):
    """A wiring over the branches of axons, and `order`: synapse k of it was synapse ``order[k]`` of the list before.

    Values of the synapses (weights) are carried over as ``values[order]``.
    """

    wiring: Sparse
    order: NDArray[np.int64]


def branched(wiring: Sparse, delays: NDArray[np.integer], longest: int) -> Branches:
    """Sort the synapses of each neuron by their delays (whole steps, one for each synapse): a list for `Branched`.

    Errors: InputError where delays are not from 0 to `longest`, or not as many as the synapses.
    """
    delays = np.asarray(delays)
    wrong = delays.shape != wiring.targets.shape or (delays % 1 != 0).any()
    if wrong or (len(delays) and not 0 <= delays.min() <= delays.max() <= longest):
        raise InputError(
            f"delays are whole steps from 0 to {longest}, one for each of {len(wiring.targets)} synapses; "
            f"got shape {delays.shape}" + (f", from {delays.min()} to {delays.max()}" if delays.size else "")
        )
    branches = wiring.rows * (longest + 1) + delays.astype(np.int64)
    order = np.argsort(branches, kind="stable")
    counts = np.bincount(branches, minlength=(len(wiring.starts) - 1) * (longest + 1))
    return Branches(Sparse(_starts(counts), wiring.targets[order], wiring.n_post), order)


def from_dense(mask: NDArray[np.bool_]) -> Sparse:
    """Join the pairs at which `mask` (n_pre, n_post) is True; weights are those of a matrix taken at the mask.

    Errors: InputError where it is no matrix of booleans.
    """
    mask = np.asarray(mask)
    if mask.ndim != 2 or mask.dtype != np.bool_:
        raise InputError(f"a mask is a matrix of booleans (n_pre, n_post), got {mask.dtype} of shape {mask.shape}")
    return Sparse(_starts(mask.sum(axis=1)), np.nonzero(mask)[1].astype(np.int32), mask.shape[1])


def _starts(counts: NDArray[np.integer]) -> NDArray[np.int64]:
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts
