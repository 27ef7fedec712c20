"""Polychronous groups: chains of spikes that a network can repeat because its delays make them arrive together.

The search, exactly. A synapse is strong if its weight is at least `strong` times the largest possible. For each mother
neuron, every three of its strong synapses from different neurons (the anchors) are tried: the anchors are made to fire
so that their three spikes reach the mother in the same step; everything else rests, there is no noise and no learning;
all synapses act. If the mother fires within `window` steps of that moment, the replay goes on until nobody fired for
`quiet` steps, at most `longest` steps. Anchors are of layer 1. A later spike is of layer 1 + m, where m is the highest
layer among the spikes that reached its neuron through strong synapses in the last `window` steps; without any it does
not belong to the group. A group has a spike of layer `layers` or higher. Where more than `most` neurons fire, counting
each spike, the replay ends: it is an outbreak of the whole network, and no group.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.progress import SILENT, Progress
from spikesight.equations import izhikevich
from spikesight.equations.contract import shared
from spikesight.executors import generated
from spikesight.executors.fused_cpu import where
from spikesight.executors.sequence import typed_constants


@dataclass(frozen=True, eq=False)
class Wires:
    """Every synapse: from neuron `pre` to neuron `post`, after `delay` steps, with weight `w`; all (synapses,).

    The first `sizes[0]` neurons are of the first of the two `kinds`, the others of the second; `dt` in seconds. Only
    the first kind excites.   Errors: InputError where the list names other neurons, or a delay is under a step.
    """

    pre: NDArray[Any]
    post: NDArray[Any]
    delay: NDArray[Any]
    w: NDArray[Any]
    kinds: tuple[izhikevich.Params, izhikevich.Params]
    sizes: tuple[int, int]
    dt: float = 1e-3

    def __post_init__(self) -> None:
        if len({np.shape(part) for part in (self.pre, self.post, self.delay, self.w)}) != 1:
            raise InputError("pre, post, delay and w name one synapse after the other: give them the same length")
        ends = np.concatenate([self.pre, self.post])
        if len(ends) and not (ends.min() >= 0 and ends.max() < sum(self.sizes) and self.delay.min() >= 1):
            raise InputError(
                f"synapses join neurons 0 to {sum(self.sizes) - 1} after at least one step, got neurons "
                f"{ends.min()} to {ends.max()} and delays from {self.delay.min()}"
            )

    def shuffled(self, what: str, random: np.random.Generator) -> Wires:
        """Return a surrogate: "delay" or "w" of the synapses that excite, exchanged at random among all of them."""
        values = getattr(self, what).copy()
        exciting = np.flatnonzero(self.pre < self.sizes[0])
        values[exciting] = values[random.permutation(exciting)]
        return replace(self, **{what: values})

    @cached_property
    def sorted(self) -> tuple[NDArray[Any], ...]:
        """(starts, post, delay, w) in order of the neuron before, for the loops; and the order."""
        order = np.argsort(self.pre, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(self.pre, minlength=sum(self.sizes)))])
        post, delay, w = self.post[order], self.delay[order], self.w[order]
        return starts.astype(np.int64), post.astype(np.int64), delay.astype(np.int64), w.astype(np.float32), order


@dataclass(frozen=True)
class Search:
    """What counts as a group; see the top of this file. Steps are of the network, weights in its units."""

    largest: float = 10.0
    strong: float = 0.95
    layers: int = 7
    window: int = 10
    quiet: int = 40
    longest: int = 150
    most: int = 200


SEARCH = Search()


class Found(NamedTuple):
    """The groups of some mothers, one row each: mother, the three anchor synapses (numbers in `Wires`), spikes,
    highest layer, steps from the first spike to the last, fingerprint. All (groups,), anchors (groups, 3).

    `triplets`, `answered` and `outbreaks` (mothers,) are how many were tried, to how many the mother replied, and how
    many of these made the whole network fire. Several triplets may start the same chain: `distinct` tells how many
    chains there are.
    """

    mother: NDArray[np.int64]
    anchors: NDArray[np.int64]
    spikes: NDArray[np.int64]
    layers: NDArray[np.int64]
    span: NDArray[np.int64]
    fingerprint: NDArray[np.int64]
    triplets: NDArray[np.int64]
    answered: NDArray[np.int64]
    outbreaks: NDArray[np.int64]

    @property
    def distinct(self) -> int:
        """Chains that differ in the spikes from the mother on, or in the time between two of them."""
        rows = np.stack([self.mother, self.spikes, self.layers, self.fingerprint], axis=1)
        return len(np.unique(rows, axis=0))

    def per_mother(self, mothers: Sequence[int]) -> NDArray[np.int64]:
        """Groups of each mother, (mothers,)."""
        return np.array([int((self.mother == mother).sum()) for mother in mothers])


class Chain(NamedTuple):
    """Spikes of one replay in order of time: neuron, step, layer (0: not of the group); all (spikes,)."""

    unit: NDArray[np.int64]
    step: NDArray[np.int64]
    layer: NDArray[np.int64]


def groups(wires: Wires, mothers: Sequence[int], search: Search = SEARCH, progress: Progress = SILENT) -> Found:
    """Search the groups of `mothers`, which may be all neurons or a sample of them."""
    room = _Room(wires, search)
    found, tried = [], []
    for mother in mothers:
        strong = room.strong_to(mother)
        rows = np.zeros((math.comb(len(strong), ANCHORS), ROW), np.int64)
        counts = np.zeros(4, np.int64)
        room.kernel.of_mother(mother, strong, rows, counts, *room.arguments)
        found.append(rows[: counts[2]].copy())
        tried.append(counts[[0, 1, 3]])
        progress.advance(1, groups=float(sum(map(len, found))))
    rows = np.concatenate([np.zeros((0, ROW), np.int64), *found])
    numbers = wires.sorted[-1][rows[:, 1:4]]
    spikes, layers, span, fingerprint = rows[:, 4:].T
    triplets, answered, outbreaks = np.stack(tried, axis=1) if tried else np.zeros((3, 0), np.int64)
    return Found(rows[:, 0], numbers, spikes, layers, span, fingerprint, triplets, answered, outbreaks)


def chain(wires: Wires, mother: int, anchors: Sequence[int], search: Search = SEARCH) -> Chain:
    """Replay one group: `anchors` are three synapses (numbers in `wires`) that end in `mother`."""
    room = _Room(wires, search)
    place = np.argsort(wires.sorted[-1])[np.asarray(anchors)]
    events = np.zeros((3, room.events), np.int64)
    count = room.kernel.once(mother, place, events, *room.arguments)
    return Chain(*events[:, :count].copy())


class _Room:
    """The compiled search, and the memory in which it replays."""

    def __init__(self, wires: Wires, search: Search) -> None:
        starts, post, delay, w, _ = wires.sorted
        exc, n = wires.sizes[0], sum(wires.sizes)
        self.pre = np.repeat(np.arange(n), np.diff(starts))
        strong = (w >= search.strong * search.largest) & (self.pre < exc)
        self._strong, self._post = strong, post
        steps = search.longest + int(delay.max(initial=1)) + 1
        self.events = search.most + n + ANCHORS  # the last step may go over
        rest = [izhikevich.initial(replace(kind, initial_v=None, initial_u=None)) for kind in wires.kinds]
        state = np.array([rest[0]] * exc + [rest[1]] * wires.sizes[1], np.float64).reshape(n, 2)
        wiring = (starts, self.pre, post, delay, w, strong)
        memory = (
            np.zeros((n, steps), np.float32),
            np.zeros((n, steps), np.int16),
            state,
            state.copy(),
            np.zeros(n, np.int64),
            np.zeros(n, np.bool_),
        )
        limits = (search.layers, search.window, search.quiet, search.longest, search.most, exc)
        constants = tuple(
            typed_constants(izhikevich.EQUATION, kind, wires.dt, np.float64)  # one for each kind
            for kind in wires.kinds
        )
        self.arguments = (wiring, memory, limits, constants)
        functions: dict[str, Callable[..., Any]] = {
            "search": search_mother,
            "play": play_once,
            "advance": izhikevich.advance,
            "fire": izhikevich.fire,
            "where": where,
        }
        self.kernel: Any = generated.load("groups", _TEXT, functions)

    def strong_to(self, mother: int) -> NDArray[np.int64]:
        """Strong synapses that end in `mother`."""
        return np.flatnonzero(self._strong & (self._post == mother))


_TEXT = '''"""Generated by Spikesight: the search of groups. Do not edit."""
from numba import njit


@njit(cache=True, nogil=True)
def of_mother(mother, strong, rows, counts, wiring, memory, limits, constants):
    search(mother, strong, rows, counts, wiring, memory, limits, constants, advance, fire, where)


@njit(cache=True, nogil=True)
def once(mother, anchors, events, wiring, memory, limits, constants):
    return play(mother, anchors, events, wiring, memory, limits, constants, advance, fire, where)
'''

ANCHORS = 3
ROW = 8
"""Numbers of a group: mother, three anchors, spikes, highest layer, span, fingerprint."""


@shared
def send(unit, step, layer, wiring, memory, active):  # type: ignore[no-untyped-def]
    """Let a spike travel; return how many neurons are awake then."""
    starts, _, post, delay, w, strong = wiring
    inputs, heard, _, _, awake, known = memory
    for s in range(starts[unit], starts[unit + 1]):
        j, at = post[s], step + delay[s]
        inputs[j, at] += w[s]
        if strong[s] and layer > heard[j, at]:
            heard[j, at] = layer
        if not known[j]:
            known[j] = True
            awake[active] = j
            active += 1
    return active


@shared
def forget(active, wiring, memory):  # type: ignore[no-untyped-def]
    """Put everybody who was awake back to rest."""
    inputs, heard, state, rest, awake, known = memory
    for q in range(active):
        j = awake[q]
        inputs[j, :] = 0
        heard[j, :] = 0
        state[j, 0], state[j, 1] = rest[j, 0], rest[j, 1]
        known[j] = False


@shared
def replay(mother, anchors, events, wiring, memory, limits, constants, advance, fire, where):  # type: ignore[no-untyped-def]
    """Replay three anchors; return how many spikes there were, 0 where the mother did not answer."""
    _, pre, _, delay, _, _ = wiring
    inputs, heard, state, _, awake, known = memory
    _, window, quiet, longest, most, exc = limits
    together = max(delay[anchors[0]], delay[anchors[1]], delay[anchors[2]])
    active = count = 0
    for a in anchors:
        if not known[pre[a]]:
            known[pre[a]] = True
            awake[active] = pre[a]
            active += 1
    latest, answered = together, False
    for step in range(longest):
        for a in anchors:
            if together - delay[a] == step:
                i = pre[a]
                state[i, 0], state[i, 1] = fire(state[i, 0], state[i, 1], step, *constants[0])
                events[0, count], events[1, count], events[2, count] = i, step, 1
                count += 1
                active = send(i, step, 1, wiring, memory, active)
        for q in range(active):
            j = awake[q]
            kind = constants[0] if j < exc else constants[1]
            v, u, excess = advance(state[j, 0], state[j, 1], inputs[j, step], step, where, *kind)
            if excess >= 0:
                v, u = fire(v, u, step, *kind)
                layer = 0
                for late in range(min(window, step + 1)):
                    layer = max(layer, heard[j, step - late])
                layer = layer + 1 if layer > 0 else 0
                events[0, count], events[1, count], events[2, count] = j, step, layer
                count += 1
                active = send(j, step, layer, wiring, memory, active)
                latest = max(latest, step)
                answered = answered or (j == mother and step >= together)
            state[j, 0], state[j, 1] = v, u
        if count > most or step - latest >= quiet or (step >= together + window and not answered):
            break
    forget(active, wiring, memory)
    return count if answered else 0


@shared
def told(mother, anchors, events, count, row):  # type: ignore[no-untyped-def]
    """Write what `Found` tells of a replay, and return its highest layer."""
    beginning = first = -1
    spikes = highest = last = mark = 0
    for e in range(count):
        if events[2, e] == 0:
            continue
        unit, step = events[0, e], events[1, e]
        spikes += 1
        highest, last = max(highest, events[2, e]), step
        first = step if first < 0 else first
        if events[2, e] > 1:
            beginning = step if beginning < 0 else beginning
            mixed = ((unit * 1024 + step - beginning + 1) * 48271) % 2147483647
            mark += (mixed * mixed) % 2147483647
    row[0], row[1], row[2], row[3] = mother, anchors[0], anchors[1], anchors[2]
    row[4], row[5], row[6], row[7] = spikes, highest, last - first, mark
    return highest


def search_mother(mother, strong, rows, counts, wiring, memory, limits, constants, advance, fire, where):  # type: ignore[no-untyped-def]
    """Try every triplet of `strong` synapses; counts: triplets, answered by the mother, groups, outbreaks."""
    pre = wiring[1]
    events = np.zeros((3, limits[4] + memory[2].shape[0] + ANCHORS), np.int64)
    anchors = np.zeros(ANCHORS, np.int64)
    for a in range(strong.shape[0]):
        for b in range(a + 1, strong.shape[0]):
            for c in range(b + 1, strong.shape[0]):
                i, j, k = pre[strong[a]], pre[strong[b]], pre[strong[c]]
                if i in (j, k) or j == k:
                    continue
                counts[0] += 1
                anchors[0], anchors[1], anchors[2] = strong[a], strong[b], strong[c]
                count = replay(mother, anchors, events, wiring, memory, limits, constants, advance, fire, where)
                counts[1] += count > 0
                counts[3] += count > limits[4]
                if 0 < count <= limits[4] and told(mother, anchors, events, count, rows[counts[2]]) >= limits[0]:
                    counts[2] += 1


def play_once(mother, anchors, events, wiring, memory, limits, constants, advance, fire, where):  # type: ignore[no-untyped-def]
    """Replay three anchors into `events` (neuron, step, layer); return how many spikes there were."""
    return replay(mother, anchors, events, wiring, memory, limits, constants, advance, fire, where)
