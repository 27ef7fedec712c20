"""Saliency by neurons with conductances: each watches a block of a coarse stream, those that fire inhibit the others.

    coarse events --block--> region neurons --all to all--> region neurons         any number may fire at once
    the synapses of a block that wins grow stronger, those of one that rests long fall back

Weights are in microsiemens, as published for a membrane of 1 nF; `spikesight.zoo.saliency` is the form that counts.
Source: Gruel, Hareb, Grimaldi, Martinet, Perrinet, Linares-Barranco & Serrano-Gotarredona, Stakes of neuromorphic
foveation, Biological Cybernetics 2023, and the code they released.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.circuits.connections.dense import Dense
from spikesight.circuits.connections.sparse import Sparse
from spikesight.circuits.engine import Fired, start
from spikesight.circuits.network import Arrays, Network
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.encoding.spike_list import SpikeList
from spikesight.equations import conductance
from spikesight.equations.reset import ToValue
from spikesight.equations.time_constants import steps
from spikesight.executors.executor import Executor
from spikesight.zoo.saliency import Growing, Inhibition, Regions

NEURON = conductance.Params(
    tau=2.5e-3,
    rest=-65e-3,
    threshold=-25e-3,
    reset=ToValue(-100e-3),
    refractory=0.1e-3,
    reversal_e=0.0,
    reversal_i=-70e-3,
    tau_e=5e-3,
    tau_i=5e-3,
)
"""As published; reversal potentials and synaptic time constants are those of PyNN where nothing is said."""

LEAK = 0.4
"""What a membrane of 1 nF leaks that forgets within 2.5 ms, in microsiemens."""


MILLISECOND = 1e-3


@dataclass(frozen=True)
class Habit:
    """Each millisecond the weights of a block grow by `more` (up to `most`) if its neuron fired within it, and are
    `back` at once if it was silent for longer than `patience` (seconds).

    The released code bounds weights by `back` from above in one place and from below in another; here they return to it
    from either side, and `most` keeps them from growing for ever.
    """

    more: float = 0.01
    back: float = 0.7
    most: float = 2.0
    patience: float = 100e-3

    def moved(self, weights: NDArray[Any], silent: NDArray[Any]) -> NDArray[Any]:
        """Return weights (microsiemens) a millisecond later; `silent` are seconds since the last spike.   Shapes: same.

        Errors: none.
        """
        grown = np.where(silent <= MILLISECOND, np.minimum(weights + self.more, self.most), weights)
        moved: NDArray[Any] = np.where(silent > self.patience, self.back, grown)
        return moved


@dataclass(frozen=True)
class SalientRegions:
    """Blocks of `block` x `block` pixels of a coarse sensor of `width` x `height`, a neuron each.

    `weight` in microsiemens: with the published 1 two events within a millisecond make a neuron fire, so that what the
    coarse stream lets through decides; with 0.3 it takes four. `dt` in seconds.
    Errors: InputError where there is no pixel or no block.
    """

    width: int
    height: int
    block: int = 5
    weight: float = 1.0
    inhibition: Inhibition = field(default_factory=Growing)
    habit: Habit | None = field(default_factory=Habit)
    dt: float = 0.1e-3

    def __post_init__(self) -> None:
        _ = self.grid

    @property
    def grid(self) -> Regions:
        """The blocks."""
        return Regions(self.width, self.height, self.block, dt=self.dt)

    @property
    def network(self) -> Network:
        """Regions that watch and inhibit each other; the source is called "events"."""
        pixels, shape = self.height * self.width, self.grid.shape
        blocks = Sparse(np.arange(pixels + 1), self.grid.of_pixel, shape[0] * shape[1])
        return Network(
            self.dt,
            (
                Source("events", (self.height, self.width)),
                Population("regions", shape, conductance.EQUATION, NEURON),
            ),
            (
                Projection("block", "events", "regions", "g_e", blocks),
                Projection("lateral", "regions", "regions", "g_i", Dense()),
            ),
        )

    @property
    def parameters(self) -> Arrays:
        """All blocks weigh the same; who inhibits whom is what `inhibition` says. In units of the leak."""
        return {
            "block.w": np.full(self.height * self.width, self.weight / LEAK),
            "lateral.w": self.inhibition.weights(*self.grid.shape) / LEAK,
        }


def salient(network: SalientRegions, events: SpikeList, executor: Executor) -> Fired:
    """Return which regions fire, a step after the events that made them.

    Errors: InputError where events are of another sensor.
    """
    engine = start(network.network, network.parameters, executor)
    if network.habit is None:
        return engine.advance({"events": events}, events.steps)["regions"]
    grid, turn = network.grid, steps(MILLISECOND, network.dt)
    last = np.zeros(grid.shape[0] * grid.shape[1], np.int64)
    fired: list[Fired] = []
    for first in range(0, events.steps, turn):
        until = min(first + turn, events.steps)
        found = engine.advance({"events": events.part(first, until)}, until - first)["regions"]
        fired.append(Fired(first + found.step, found.unit))
        last[found.unit] = first + found.step
        weights = engine.arrays["block.w"]
        weights[...] = network.habit.moved(weights * LEAK, (until - last)[grid.of_pixel] * network.dt) / LEAK
    return Fired(
        np.concatenate([np.empty(0, np.int64), *(one.step for one in fired)]),
        np.concatenate([np.empty(0, np.int32), *(one.unit for one in fired)]),
    )
