"""Maps of neurons that share a kernel of delays: each map looks for its own motion, wherever it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikesight.circuits.competition import Winners
from spikesight.circuits.connections.convolution import Convolution
from spikesight.circuits.delays import Interpolated
from spikesight.circuits.engine import Engine, Fired, start
from spikesight.circuits.network import Arrays, Network
from spikesight.circuits.plasticity.delay_learning import DelayStdp, keep_mean_delay
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.datasets.moving_shapes import DIRECTIONS, Motion
from spikesight.equations import adaptive, leaky
from spikesight.equations.time_constants import steps
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.recipes.motion_direction.scene import Drawn, spikes_of, within

NEVER_FORGETS = 1e9
"""Seconds: thresholds change between patterns only."""


@dataclass(frozen=True)
class Maps:
    """Seconds and volts; a spike kicks a neuron by 1 at full weight. Weights do not learn.

    The first neuron over its threshold wins and hushes all others for the rest of the pattern. Its map's threshold
    rises by the factor `harder`; after a pattern without a winner all fall by `easier`. An examined network has them
    lowered to `margin`, so that patterns at the edge are answered. `settling` is how many patterns thresholds adapt to
    before anything is learned, which the control has too. With `spread` 0 and `shift` 0 there are no delays to tell
    directions by.
    """

    motion: Motion
    outputs: int = 8
    kernel: int = 5
    padding: int = 2
    dt: float = 0.2e-3
    tau: float = 2e-3
    shift: float = 0.3e-3
    tau_delay: float = 1e-3
    mean: float = 8e-3
    spread: float = 0.2e-3
    longest: float = 20e-3
    weight_spread: float = 0.01
    hush: float = 30e-3
    gap: float = 40e-3
    threshold: float = 2.0
    harder: float = 1.02
    easier: float = 0.9
    margin: float = 0.9
    settling: int = 200

    @property
    def wiring(self) -> Convolution:
        """From pixels to maps."""
        side = self.motion.side
        return Convolution((1, side, side), self.outputs, (self.kernel, self.kernel), padding=self.padding)

    @property
    def length(self) -> int:
        """Steps of a pattern and the silence after it."""
        return steps(self.motion.seconds + self.gap, self.dt)

    def network(self) -> Network:
        """Return the network that learns."""
        neuron = adaptive.Params(
            tau=self.tau,
            threshold=0.0,
            refractory=self.hush,
            drive=leaky.Charge(),
            tau_theta=NEVER_FORGETS,
            jump=0.0,
        )
        rule = DelayStdp(self.dt, self.longest, self.shift, plus=0.0, tau_delay=self.tau_delay, low=0.0)
        wiring = self.wiring
        return Network(
            self.dt,
            (
                Source("input", wiring.shape[1:]),
                Population("out", wiring.out, adaptive.EQUATION, neuron, Winners(1, self.hush)),
            ),
            (Projection("kernels", "input", "out", "current", wiring, rule, Interpolated(rule.longest_delay)),),
        )

    def begin(self, random: np.random.Generator) -> Engine:
        """Return a network whose thresholds have settled and which has learned nothing else."""
        shape = (self.outputs, 1, self.kernel, self.kernel)
        parameters = {
            "kernels.w": random.normal(1.0, self.weight_spread, shape).clip(0.0, 1.0),
            "kernels.delay": random.normal(self.mean, self.spread, shape).clip(0.0, self.longest) / self.dt,
        }
        engine = start(self.network().frozen(), parameters, FusedCpu())
        engine.arrays["out.theta"][:] = self.threshold
        for _ in range(self.settling):
            drawn = self.draw(int(random.integers(len(DIRECTIONS))), random)
            self._adapt(engine, self._show(engine, drawn), 1.0)
        return self._again(self.network(), engine.arrays, engine.arrays["out.theta"])

    def draw(self, direction: int, random: np.random.Generator) -> Drawn:
        """Return a pattern of a direction, anywhere in the frame: ON events alone."""
        name = tuple(DIRECTIONS)[direction]
        place = within(self.motion, name, random)
        events = self.motion.events(name, place, random).only_on()
        spikes = spikes_of(events.t, events.pixel, self.motion.pixels, self.dt, self.length)
        return Drawn(direction, place, spikes)

    def learn(self, engine: Engine, drawn: Drawn, left: float) -> Fired:
        """Show a pattern to a network that learns, then adapt thresholds; return what fired.

        Changes fade with `left`, so that the network comes to rest.
        """
        delay = engine.arrays["kernels.delay"]
        before = delay.copy()
        fired = self._show(engine, drawn)
        keep_mean_delay(before, delay, self.longest / self.dt)
        delay[...] = before + np.float32(left) * (delay - before)
        self._adapt(engine, fired, left)
        return fired

    def counts(self, fired: Fired) -> NDArray[np.int64]:
        """Return the spikes of each map, (outputs,)."""
        _, rows, columns = self.wiring.out
        return np.bincount(fired.unit // (rows * columns), minlength=self.outputs)

    def frozen(self, engine: Engine) -> Engine:
        """Return a copy of a network, at rest, in which nothing is left to learn, its thresholds at `margin`."""
        return self._again(engine.network.frozen(), engine.arrays, self.margin * engine.arrays["out.theta"])

    def _again(self, network: Network, arrays: Arrays, theta: NDArray[np.floating]) -> Engine:
        engine = start(network, network.learned(arrays), FusedCpu())
        engine.arrays["out.theta"][:] = theta
        return engine

    def _show(self, engine: Engine, drawn: Drawn) -> Fired:
        return engine.advance({"input": drawn.spikes}, self.length)["out"]

    def _adapt(self, engine: Engine, fired: Fired, left: float) -> None:
        won = self.counts(fired)
        theta = engine.arrays["out.theta"].reshape(self.outputs, -1)
        factor = np.where(won, self.harder, 1.0)[:, None] if won.any() else np.array(self.easier)
        theta *= (factor**left).astype(theta.dtype)
