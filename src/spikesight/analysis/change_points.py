"""Where a series changes: steps that stay, dips and bumps that return, at several scales at once.

Two moving windows are compared at every place (for steps), and a window with both its flanks (for dips and bumps), at
window lengths 2, 4, 8, ... How large such a difference gets by chance is seen in the series itself, put together
anew from blocks of it in a random order: blocks, because neighbours may resemble each other. What is larger than chance
makes is taken out, and the rest is looked at again until nothing is left.

Sources: moving sums, Eichinger & Kirch, Bernoulli 24 (2018) 526-564; several windows at once, made for spike trains,
Messer et al., Ann. Appl. Stat. 8 (2014) 2027-2067; small probabilities from few permutations by a Gumbel distribution,
Abrams, Kulldorff & Kleinman, Int. J. Health Geogr. 9 (2010) 61. The number of comparisons is allowed for: places by the
largest difference of every permutation, scales by Bonferroni's factor.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.chance import block_length, lattice, reordered, tail_of_largest
from spikesight.base.errors import InputError

Numbers = NDArray[np.float64]

MOST = 8192
"""Longer series are averaged in groups first: a change is then placed to within a group."""

ROUNDS = 8
FEWEST = 16
"""A shorter series has no answer: nothing can be told from chance by fewer values."""


@dataclass(frozen=True)
class Change:
    """From value `start` up to, and without, `end` the series is at another level than before.

    A step lasts until the next change; where `returns`, the level after `end` is about that before `start`: a dip or a
    bump. `before` and `during` are means, `effect` their difference in standard deviations of the series around its
    means (Cohen's d). `p` is the probability of so large a difference anywhere in a series without changes:
    `comparisons` places and scales were looked at, and `p` allows for all of them. `scale` is the length of the window
    that saw it best.
    """

    start: int
    end: int
    before: float
    during: float
    effect: float
    p: float
    scale: int
    comparisons: int
    returns: bool

    @property
    def difference(self) -> float:
        """How much higher the level is than before; of series of 0 and 1, a difference of proportions."""
        return self.during - self.before

    @property
    def kind(self) -> str:
        """What it is called: "fall", "rise", "dip" or "bump"."""
        return ("dip" if self.returns else "fall") if self.difference < 0 else ("bump" if self.returns else "rise")


_Look = Callable[[Numbers, int], tuple[NDArray[np.int64], Numbers]]


class _Found(NamedTuple):
    """Edges of a change that was found in a scan, how probable it is by chance, and at which scale."""

    edges: tuple[int, ...]
    p: float
    scale: int


def change_points(values: NDArray[Any], alpha: float = 0.01, permutations: int = 199, seed: int = 0) -> list[Change]:
    """Return the changes of `values` (N,), in order: numbers, counts, or right and wrong as 1 and 0.

    `alpha` is the probability of any answer at all where nothing changes. A series of fewer than `FEWEST` values, or of
    one that never varies, has no changes. Takes a second for the longest.
    Errors: InputError where values are not finite or not in a row, or `alpha` is not between 0 and 1.
    """
    series = np.asarray(values, np.float64)
    if series.ndim != 1 or not np.isfinite(series).all():
        raise InputError(f"finite numbers in a row are needed, got shape {series.shape}: leave unknown ones out")
    if not 0.0 < alpha < 1.0:
        raise InputError(f"alpha is a probability between 0 and 1, got {alpha}")
    group = max(1, math.ceil(len(series) / MOST))
    whole = series[: len(series) // group * group].reshape(-1, group).mean(axis=1)
    if len(whole) < FEWEST or not whole.std() > 0.0:
        return []
    random = np.random.default_rng(seed)
    found = _search(whole, alpha, permutations, random)
    return list(_told(series, found, group, _comparisons(len(whole)) if found else 0))


def scales(n: int) -> list[int]:
    """Return the window lengths with which a series of `n` values is scanned: 2, 4, 8, ... up to half of it."""
    return [1 << k for k in range(1, max(1, n // 2).bit_length())]


def _search(whole: Numbers, alpha: float, permutations: int, random: np.random.Generator) -> list[_Found]:
    found: list[_Found] = []
    step = lattice(whole)
    for _ in range(ROUNDS):
        edges = _edges(found)
        rest = whole - _fitted(whole, edges)
        sigma = rest.std()
        if not sigma > np.finfo(np.float64).eps * np.abs(whole).max():
            break
        rest /= sigma
        new = _scan(rest, edges, alpha, step / sigma, permutations, random)
        if not new:
            break
        found += new
    return found


def _scan(
    rest: Numbers, edges: list[int], alpha: float, step: float, permutations: int, random: np.random.Generator
) -> list[_Found]:
    """Return what stands out in `rest` (N,), strongest first, none of it overlapping another or an old edge."""
    sums = _sums(rest)
    looks = [(look, h) for h in scales(len(rest)) for look in (_steps, _dips) if len(look(sums, h)[0])]
    chance = _by_chance(rest, looks, permutations, random)
    candidates: list[tuple[float, int, _Found]] = []
    for (look, h), (largest, power) in zip(looks, chance, strict=True):
        at, seen = look(sums, h)
        height = np.abs(seen)
        p = np.minimum(1.0, len(looks) * tail_of_largest(height, largest, power, step / math.sqrt(2 * h)))
        for place in _peaks(height, np.flatnonzero(p <= alpha), max(1, h // _stride(h))):
            ends = (_step_edge if look is _steps else _dip_edges)(rest, int(at[place]), h)
            candidates.append((-float(height[place]), h, _Found(ends, float(p[place]), h)))
    return _apart(sorted(candidates), edges)


def _by_chance(
    rest: Numbers, looks: Sequence[tuple[_Look, int]], permutations: int, random: np.random.Generator
) -> list[tuple[Numbers, float]]:
    """Return, for each look, the largest of each permutation of `rest` (permutations,) and the mean square of all.

    One permutation at a time, which stays in the processor's cache.
    """
    largest, squares = np.empty((len(looks), permutations)), np.zeros(len(looks))
    for number, copy in enumerate(reordered(rest, block_length(rest), permutations, random)):
        sums = _sums(copy)
        for k, (look, h) in enumerate(looks):
            seen = look(sums, h)[1]
            largest[k, number] = max(seen.max(), -seen.min())
            squares[k] += np.square(seen).mean()
    return list(zip(largest, (squares / permutations).tolist(), strict=True))


def _apart(candidates: list[tuple[float, int, _Found]], edges: list[int]) -> list[_Found]:
    """Return the candidates, largest first, that see nothing of another one; a dip may share one of the old `edges`.

    Near an edge that was found before, what is left is mostly that it was not placed exactly.
    """
    accepted: list[_Found] = []
    for _, h, one in candidates:
        near = [edge for edge in edges if one.edges[0] - h < edge < one.edges[-1] + h]
        ends = tuple(min((edge for edge in near if abs(edge - end) <= 2 + h // 4), default=end) for end in one.edges)
        taken = [edge for other in accepted for edge in other.edges]
        clear = set(near) <= set(ends) and not any(ends[0] - 2 * h < edge < ends[-1] + 2 * h for edge in taken)
        if clear and not set(ends) <= set(edges):
            accepted.append(_Found(ends, one.p, h))
    return accepted


def _sums(series: Numbers) -> Numbers:
    """Return the sums of the first 0, 1, 2, ... values: (N + 1,)."""
    return np.concatenate([[0.0], np.cumsum(series)])


def _steps(sums: Numbers, h: int) -> tuple[NDArray[np.int64], Numbers]:
    """Places t, and the mean of [t, t + h) less that of [t - h, t), in its standard deviations (places,)."""
    first, stop = h, len(sums) - h
    start, middle, end = (sums[first + k : stop + k : _stride(h)] for k in (-h, 0, h))
    return np.arange(first, stop, _stride(h)), (end - 2 * middle + start) / math.sqrt(2 * h)


def _dips(sums: Numbers, h: int) -> tuple[NDArray[np.int64], Numbers]:
    """Places t, and the mean of [t, t + h) less that of the nearer in level of its flanks of 2 h; 0 in between."""
    first, stop = 2 * h, max(2 * h, len(sums) - 3 * h)
    before, start, end, after = (sums[first + k : stop + k : _stride(h)] for k in (-2 * h, 0, h, 3 * h))
    inside = (end - start) / h
    left, right = inside - (start - before) / (2 * h), inside - (after - end) / (2 * h)
    # The nearer to 0 of two numbers of one sign, 0 where the signs differ.
    least = np.maximum(np.minimum(left, right), 0.0) + np.minimum(np.maximum(left, right), 0.0)
    return np.arange(first, stop, _stride(h)), least * math.sqrt(h / 1.5)


def _stride(h: int) -> int:
    return max(1, h // 8)


def _comparisons(n: int) -> int:
    return sum(max(0, n - 2 * h) // _stride(h) + max(0, n - 5 * h) // _stride(h) for h in scales(n))


def _peaks(height: Numbers, places: NDArray[np.int64], reach: int) -> Iterator[int]:
    """Yield those of `places` that no other within `reach` exceeds."""
    for place in places:
        around = height[max(0, place - reach) : place + reach + 1]
        if height[place] >= around.max():
            yield int(place)


def _step_edge(rest: Numbers, place: int, h: int) -> tuple[int]:
    """Return where within h / 2 of `place` two means describe [place - h, place + h) best."""
    first, piece = place - h, rest[place - h : place + h]
    at = np.arange(max(1, h // 2), h + h // 2 + 1)
    sums = np.cumsum(piece)
    apart = sums[at - 1] - at / len(piece) * sums[-1]
    return (first + int(at[np.argmax(apart**2 / (at * (len(piece) - at)))]),)


def _dip_edges(rest: Numbers, place: int, h: int) -> tuple[int, int]:
    """Return start and end, each within h of those of the window, that set the inside off the surroundings best."""
    first = max(0, place - 2 * h)
    piece, middle, stride = rest[first : place + 3 * h], place - first, max(1, h // 32)
    flanks = np.concatenate([piece[:middle], piece[middle + h :]])
    sums = np.concatenate([[0.0], np.cumsum(piece - flanks.mean())])
    start = np.arange(max(1, middle - h), middle + h, stride)[:, None]
    stop = np.arange(middle + 1, min(middle + 2 * h, len(piece) - 1) + 1, stride)[None, :]
    length = stop - start
    score = np.where(length > 0, (sums[stop] - sums[start]) ** 2 / np.maximum(length, 1), -1.0)
    i, j = np.unravel_index(int(score.argmax()), score.shape)
    return first + int(start[i, 0]), first + int(stop[0, j])


def _edges(found: list[_Found]) -> list[int]:
    return sorted({edge for one in found for edge in one.edges})


def _fitted(series: Numbers, edges: list[int]) -> Numbers:
    """Return the mean between neighbouring edges, at every value."""
    bounds = [0, *edges, len(series)]
    lengths = np.diff(bounds)
    return np.repeat(np.add.reduceat(series, bounds[:-1]) / lengths, lengths)


def _told(series: Numbers, found: list[_Found], group: int, comparisons: int) -> Iterator[Change]:
    """Yield the changes between the means of the pieces of `series`; a piece that returns is one change, not two."""
    best: dict[int, _Found] = {}
    for one in found:
        for edge in one.edges:
            best[edge] = min(best.get(edge, one), one, key=lambda other: other.p)
    edges = sorted(best)
    bounds = [0, *(edge * group for edge in edges), len(series)]
    means = [float(series[low:high].mean()) for low, high in pairwise(bounds)]
    sigma = float(np.std(series - _fitted(series, bounds[1:-1])))
    k = 0
    while k < len(edges):
        returns = k + 1 < len(edges) and _returns(bounds[k : k + 4], means[k : k + 3])
        seen = min((best[edge] for edge in edges[k : k + 1 + returns]), key=lambda one: one.p)
        apart = means[k + 1] - means[k]
        effect = apart / sigma if sigma else math.copysign(math.inf, apart)
        start, end, scale = bounds[k + 1], bounds[k + 2], seen.scale * group
        yield Change(start, end, means[k], means[k + 1], effect, seen.p, scale, comparisons, returns)
        k += 1 + returns


def _returns(bounds: list[int], means: list[float]) -> bool:
    """Whether the middle of three pieces is short, and off the two others by more than twice what they differ."""
    before, middle, after = np.diff(bounds)
    away, back = means[1] - means[0], means[1] - means[2]
    same_way = away * back > 0.0 and abs(away - back) < 0.5 * min(abs(away), abs(back))
    return bool(middle <= max(before, after) and same_way)
