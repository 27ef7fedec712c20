"""The network of Izhikevich 2006 as one writes it in NumPy: a loop over milliseconds, whole arrays within.

The baseline of `polychronous`, and what tests hold the engine against: it shares no line of arithmetic with it. Plain
numbers are the published ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.groups import Wires


class PlainPolychronous:
    """State and weights of the network; `w` and `drift` are in the order of `wires`."""

    def __init__(self, wires: Wires) -> None:
        n, exc = sum(wires.sizes), wires.sizes[0]
        self.n, self.post, self.pre, self.delay = n, wires.post, wires.pre, wires.delay
        self.a, self.d = np.where(np.arange(n) < exc, 0.02, 0.1), np.where(np.arange(n) < exc, 8.0, 2.0)
        self.w, self.drift = wires.w.astype(np.float64), np.zeros(len(wires.w))
        self.learns = wires.pre < exc
        self.v, self.u = np.full(n, -65.0), np.full(n, -13.0)
        self.longest = int(wires.delay.max())
        leaving = [np.flatnonzero(wires.pre == i) for i in range(n)]
        self.branch = [[of[wires.delay[of] == d] for d in range(1, self.longest + 1)] for of in leaving]
        self.reaching = [np.flatnonzero((wires.post == j) & self.learns) for j in range(n)]
        self.input: NDArray[Any] = np.zeros(n)
        self.trace = np.zeros((self.longest + 1, n))
        self.fired: list[NDArray[np.int64]] = [np.zeros(0, np.int64)] * self.longest
        self.ms = 0

    def advance(self, kicked: NDArray[np.int64], outside: float = 20.0) -> NDArray[np.int64]:
        """Run a millisecond for each neuron in `kicked`, which acts in the millisecond after; return (spikes, 2):
        millisecond, counted from the beginning, and neuron.
        """
        found = [self._millisecond(int(unit), outside) for unit in kicked]
        return np.concatenate(found) if found else np.zeros((0, 2), np.int64)

    def _millisecond(self, kicked: int, outside: float) -> NDArray[np.int64]:
        for _ in range(2):
            self.v = self.v + 0.5 * (0.04 * self.v * self.v + 5.0 * self.v + 140.0 - self.u + self.input)
        self.u = self.u + self.a * (0.2 * self.v - self.u)
        # Here the published millisecond begins: who fires is looked for first.
        now = self.ms % (self.longest + 1)
        self.trace[now] = 0.95 * self.trace[now - 1]
        fired = np.flatnonzero(self.v >= 30.0)
        self.v[fired] = -65.0
        self.u[fired] += self.d[fired]
        self.trace[now, fired] = 0.1
        self.fired = [fired, *self.fired[:-1]]
        for j in fired:
            s = self.reaching[j]
            self.drift[s] += self.trace[(now - self.delay[s]) % (self.longest + 1), self.pre[s]]
        arriving = [self.branch[i][late] for late, units in enumerate(self.fired) for i in units]
        s = np.concatenate([np.zeros(0, np.int64), *arriving])
        self.input = np.bincount(self.post[s], weights=self.w[s], minlength=self.n)
        self.input[kicked] += outside
        learns = s[self.learns[s]]
        self.drift[learns] -= 1.2 * self.trace[now, self.post[learns]]
        self.ms += 1
        return np.stack([np.full(len(fired), self.ms - 1), fired], axis=1)

    def consolidate(self) -> None:
        """Let the weights follow their drift, once per second."""
        moved = np.clip(self.w + 0.01 + self.drift, 0.0, 10.0)
        self.w = np.where(self.learns, moved, self.w)
        self.drift *= 0.9
