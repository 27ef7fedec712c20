"""How late synapses act: four kinds, each with its own way to wait.

A spike of step k acts in step k + 1, or later by its delay. Two kinds store what is under way as sums, in a ring of
steps: a delay per synapse (whole steps), and one that may lie between two steps. Two store who fired, and visit the
synapses when the spike arrives: one delay for all, and branches of an axon. A learning rule sees the spike when it is
emitted with the first two, when it arrives with the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spikesight.base.errors import InputError


def put(s, i, j, arrays, slot, constants):  # type: ignore[no-untyped-def]
    """Add the weight to the step in which it acts; `slot` is the place of the next step in the ring."""
    w, delay, ring = arrays
    at = slot + np.int64(delay[s])
    at = at - ring.shape[0] if at >= ring.shape[0] else at
    ring[at, j] += w[s]


def put_between(s, i, j, arrays, slot, constants):  # type: ignore[no-untyped-def]
    """Share the weight between the two steps around its delay, the nearer one getting more."""
    w, delay, ring = arrays
    whole = np.floor(delay[s])
    at = slot + np.int64(whole)
    at = at - ring.shape[0] if at >= ring.shape[0] else at
    after = at + 1 if at + 1 < ring.shape[0] else 0
    late = (delay[s] - whole) * w[s]
    ring[at, j] += w[s] - late
    ring[after, j] += late


def send(spikes, count, sent, sent_count, slot):  # type: ignore[no-untyped-def]
    """Note who fired in this step."""
    sent_count[slot] = count
    for q in range(count):
        sent[slot, q] = spikes[q]


def branches(sent, sent_count, clock, rows):  # type: ignore[no-untyped-def]
    """List the branches in which a spike arrives now, the shortest first; return how many."""
    lengths = sent.shape[0]
    count = 0
    for late in range(lengths):
        slot = (clock - late) % lengths
        for q in range(sent_count[slot]):
            rows[count] = sent[slot, q] * lengths + late
            count += 1
    return count


def _check(steps: float) -> None:
    if not 0 <= steps < 2**15:
        raise InputError(f"a delay is 0 to {2**15 - 1} steps, got {steps}")


def _check_whole(steps: int) -> None:
    _check(steps)
    if not isinstance(steps, int | np.integer):
        raise InputError(f"this delay is a whole number of steps, got {steps}; Interpolated takes parts of steps")


@dataclass(frozen=True)
class PerSynapse:
    """Array "<projection>.delay" holds whole steps up to `longest`, one for each weight."""

    longest: int

    put = staticmethod(put)

    def __post_init__(self) -> None:
        _check_whole(self.longest)

    @property
    def dtype(self) -> type:
        """The smallest whole numbers that hold `longest`."""
        return np.min_scalar_type(self.longest).type

    @property
    def ring(self) -> int:
        """Steps that sums must wait at most."""
        return self.longest + 1

    def rows(self, n_pre: int) -> int:
        """One for each neuron."""
        return n_pre


@dataclass(frozen=True)
class Interpolated:
    """Array "<projection>.delay" holds steps up to `longest`, not necessarily whole, one for each weight.

    The effect is shared between the two steps around it. A rule may learn such delays.
    """

    longest: float

    put = staticmethod(put_between)

    def __post_init__(self) -> None:
        _check(self.longest)

    @property
    def dtype(self) -> None:
        """The network's float type."""
        return None

    @property
    def ring(self) -> int:
        """Steps that sums must wait at most."""
        return int(np.floor(self.longest)) + 2

    def rows(self, n_pre: int) -> int:
        """One for each neuron."""
        return n_pre


@dataclass(frozen=True)
class Axonal:
    """All synapses act `steps` later."""

    steps: int

    def __post_init__(self) -> None:
        _check_whole(self.steps)

    @property
    def history(self) -> int:
        """Steps whose spikes must be remembered."""
        return self.steps + 1

    def rows(self, n_pre: int) -> int:
        """One for each neuron."""
        return n_pre


@dataclass(frozen=True)
class Branched:
    """The axon of neuron i has a branch for every delay d from 0 to `longest` steps: row i (longest + 1) + d.

    The wiring then joins branches, not neurons, to the neurons behind; `wiring.branched` makes such a list.
    """

    longest: int

    def __post_init__(self) -> None:
        _check_whole(self.longest)

    @property
    def history(self) -> int:
        """Steps whose spikes must be remembered."""
        return self.longest + 1

    def rows(self, n_pre: int) -> int:
        """One for each branch."""
        return n_pre * (self.longest + 1)


Waiting = PerSynapse | Interpolated
Travelling = Axonal | Branched
Delay = Waiting | Travelling
