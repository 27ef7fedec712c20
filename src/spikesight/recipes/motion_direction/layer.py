"""One layer of leaky neurons that compete, each seeing all pixels, learning by the Lille rule."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikesight.circuits.competition import Winners
from spikesight.circuits.connections.dense import Dense
from spikesight.circuits.engine import Engine, Fired, start
from spikesight.circuits.network import Network
from spikesight.circuits.plasticity.recency import RecencyStdp
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.datasets.moving_shapes import DIRECTIONS, Motion
from spikesight.equations import leaky
from spikesight.equations.time_constants import steps
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.recipes.motion_direction.scene import POLARITIES, STARTS, Drawn, spikes_of

RULE = RecencyStdp()

GAP = 100e-3
"""Silence after a pattern, seconds: more than five membrane time constants."""


@dataclass(frozen=True)
class Layer:
    """Constants of the sheet in seconds; the threshold is ``2 sqrt(pixels of the shape / 3)``."""

    motion: Motion
    polarity: str = "both"
    starts: str = "fixed"
    outputs: int = 4
    dt: float = 0.1e-3
    tau: float = 15e-3
    refractory: float = 3e-3
    blocked: float = 6e-3
    mean: float = 0.5
    spread: float = 0.1
    rule: RecencyStdp = RULE

    @property
    def lines(self) -> int:
        """Number of inputs."""
        return POLARITIES[self.polarity][0] * self.motion.pixels

    @property
    def length(self) -> int:
        """Steps of a pattern and the silence after it."""
        return steps(self.motion.seconds + GAP, self.dt)

    def network(self) -> Network:
        """Return the network that learns."""
        side = self.motion.side
        threshold = 2.0 * math.sqrt(len(self.motion.shape) / 3.0)
        neuron = leaky.Params(self.tau, threshold=threshold, refractory=self.refractory, drive=leaky.Charge())
        return Network(
            self.dt,
            (
                Source("input", (self.lines // side, side)),
                Population("out", (self.outputs,), leaky.EQUATION, neuron, Winners(1, self.blocked)),
            ),
            (Projection("input_out", "input", "out", "current", Dense(), self.rule),),
        )

    def begin(self, random: np.random.Generator) -> Engine:
        """Return a network that has learned nothing."""
        drawn = random.normal(self.mean, self.spread, (self.lines, self.outputs))
        return start(self.network(), {"input_out.w": drawn.clip(self.rule.low, self.rule.high)}, FusedCpu())

    def draw(self, direction: int, random: np.random.Generator) -> Drawn:
        """Return a pattern of a direction."""
        name = tuple(DIRECTIONS)[direction]
        place = STARTS[self.starts](self.motion, name, random)
        events = self.motion.events(name, place, random)
        line = POLARITIES[self.polarity][1](events, self.motion.pixels)
        return Drawn(direction, place, spikes_of(events.t, line, self.lines, self.dt, self.length))

    def learn(self, engine: Engine, drawn: Drawn, left: float) -> Fired:
        """Show a pattern to a network that learns; return what fired."""
        return engine.advance({"input": drawn.spikes}, self.length)["out"]

    def counts(self, fired: Fired) -> NDArray[np.int64]:
        """Return the spikes of each output, (outputs,)."""
        return np.bincount(fired.unit, minlength=self.outputs)

    def frozen(self, engine: Engine) -> Engine:
        """Return a copy of a network, at rest, in which nothing is left to learn."""
        return start(engine.network.frozen(), engine.network.learned(engine.arrays), FusedCpu())
