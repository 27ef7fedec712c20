"""Spatial attention on events: regions compete for who has most of them, and the winner opens the gate for its pixels.

    events --sum over a block--> regions --inhibit each other--> regions        one winner per step
    events --one to one--> output          the thresholds of the output follow the spikes of the regions

A region counts events with a leak; its potential and threshold are in events. The output is in volts.
Source: Gruel, Vitale, Martinet & Magno, AICAS 2022, pp. 379-382 (spatial attention), and the code they released.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.circuits.competition import Winners
from spikesight.circuits.connections.dense import Dense
from spikesight.circuits.connections.one_to_one import OneToOne
from spikesight.circuits.connections.sparse import Sparse
from spikesight.circuits.engine import Engine, Fired, start
from spikesight.circuits.network import Arrays, Network
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.encoding.spike_list import SpikeList
from spikesight.equations import adaptive, leaky
from spikesight.equations.reset import ToValue
from spikesight.equations.time_constants import steps
from spikesight.executors.executor import Executor


class Inhibition(Protocol):
    """How strongly a region that fires inhibits the others."""

    def weights(self, rows: int, columns: int) -> NDArray[np.float64]:
        """Return (regions, regions) from whom to whom, not negative, in events; none from a region to itself."""


def distances(rows: int, columns: int) -> NDArray[np.float64]:
    """Return the distances (regions, regions) of the places of a grid, in regions."""
    y, x = np.divmod(np.arange(rows * columns), columns)
    away: NDArray[np.float64] = np.hypot(y[:, None] - y, x[:, None] - x)
    return away


@dataclass(frozen=True)
class Growing:
    """``min(exp(d) / n, cap)`` for n regions: far ones are inhibited most, the neighbours of the winner survive.

    So it is in the released code, whose comments call it Gaussian; `Local` is what they describe.
    """

    cap: float = 1.0

    def weights(self, rows: int, columns: int) -> NDArray[np.float64]:
        """See `Inhibition.weights`."""
        found = np.minimum(np.exp(distances(rows, columns)) / (rows * columns), self.cap)
        np.fill_diagonal(found, 0.0)
        return found


@dataclass(frozen=True)
class Local:
    """``strength exp(-d / length)``: neighbours are inhibited most; `length` in regions."""

    strength: float = 1.0
    length: float = 1.0

    def weights(self, rows: int, columns: int) -> NDArray[np.float64]:
        """See `Inhibition.weights`."""
        found = self.strength * np.exp(-distances(rows, columns) / self.length)
        np.fill_diagonal(found, 0.0)
        return found


@dataclass(frozen=True)
class Regions:
    """A sensor of `width` x `height` pixels in blocks of `block` x `block`, smaller at the far borders.

    `tau` and `dt` in seconds, `threshold` in events.   Errors: InputError where there is no pixel or no block.
    """

    width: int
    height: int
    block: int = 5
    tau: float = 2.5e-3
    threshold: float = 4.0
    inhibition: Inhibition = field(default_factory=Growing)
    dt: float = 1e-3

    def __post_init__(self) -> None:
        if min(self.width, self.height, self.block) < 1:
            raise InputError(f"a sensor and its blocks have a pixel or more, got {self}")

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of regions."""
        return -(-self.height // self.block), -(-self.width // self.block)

    @property
    def of_pixel(self) -> NDArray[np.int32]:
        """The region of each pixel, (height * width,)."""
        y, x = np.divmod(np.arange(self.height * self.width), self.width)
        number: NDArray[np.int64] = y // self.block * self.shape[1] + x // self.block
        return number.astype(np.int32)

    @property
    def network(self) -> Network:
        """Regions that compete; the source is called "events"."""
        n = self.shape[0] * self.shape[1]
        pixels = self.height * self.width
        counter = leaky.Params(self.tau, 0.0, self.threshold, ToValue(0.0), drive=leaky.Charge())
        return Network(
            self.dt,
            (
                Source("events", (self.height, self.width)),
                Population("regions", self.shape, leaky.EQUATION, counter, Winners(1, blocked=None)),
            ),
            (
                Projection("block", "events", "regions", "current", Sparse(np.arange(pixels + 1), self.of_pixel, n)),
                Projection("lateral", "regions", "regions", "current", Dense()),
            ),
        )

    @property
    def parameters(self) -> Arrays:
        """An event counts 1; a winner takes from the others what `inhibition` says."""
        return {
            "block.w": np.ones(self.height * self.width),
            "lateral.w": -self.inhibition.weights(*self.shape),
        }


@dataclass(frozen=True)
class Gate:
    """How thresholds (volts) follow the regions: `move` down when theirs fires, up in each step once it was silent for
    longer than `patience` (seconds), within `low` and `high`. They begin at `begin`.
    """

    move: float = 10e-3
    low: float = -64e-3
    high: float = 0.0
    begin: float = -20e-3
    patience: float = 100e-3

    def moved(self, threshold: NDArray[Any], silent: NDArray[Any], longest: int) -> NDArray[Any]:
        """Return thresholds a step later. `silent` are steps since a region fired (0: just now), `longest` is
        `patience` in steps.   Shapes: all (regions,).
        """
        change = np.where(silent == 0, -self.move, np.where(silent > longest, self.move, 0.0))
        moved: NDArray[Any] = np.clip(threshold + change, self.low, self.high)
        return moved


@dataclass(frozen=True)
class Attention:
    """Regions, and an output of a neuron per pixel that passes events where they say so.

    An event lifts an output neuron from -65 mV by `kick` (volts), and is forgotten with `tau` (seconds).
    """

    regions: Regions
    gate: Gate = Gate()
    kick: float = 20e-3
    tau: float = 25e-3

    @property
    def network(self) -> Network:
        """The network of the regions and the population "output". Its `theta` is what `turn` moves."""
        inner = self.regions.network
        neuron = adaptive.Params(
            self.tau, -65e-3, self.gate.begin, ToValue(-65e-3), drive=leaky.Charge(), tau_theta=np.inf, jump=0.0
        )
        output = Population("output", inner.node("events").shape, adaptive.EQUATION, neuron)
        pixels = Projection("pixel", "events", "output", "current", OneToOne())
        return replace(inner, nodes=(*inner.nodes, output), projections=(*inner.projections, pixels))

    @property
    def parameters(self) -> Arrays:
        """Those of the regions, and the kick of each pixel."""
        return self.regions.parameters | {"pixel.w": np.full(self.regions.width * self.regions.height, self.kick)}

    def thresholds(self, engine: Engine) -> NDArray[Any]:
        """Return the thresholds of the output now (volts), (height * width,)."""
        now: NDArray[Any] = self.gate.begin + engine.arrays["output.theta"]
        return now

    def turn(self, engine: Engine) -> None:
        """Move the thresholds of the output; to be called after every step of the engine."""
        # A region that fires in step k may fire again from k + 1 on, so `ready` remembers its last spike.
        silent = engine.clock - engine.origin - engine.arrays["regions.ready"]
        longest = steps(self.gate.patience, self.regions.dt)
        of_pixel = silent[self.regions.of_pixel]
        engine.arrays["output.theta"][...] = self.gate.moved(self.thresholds(engine), of_pixel, longest) - (
            self.gate.begin
        )


class Attended(NamedTuple):
    """Winners of each step, and the events that were passed on; both a step after the events that caused them."""

    winners: Fired
    passed: Fired


def winners(regions: Regions, events: SpikeList, executor: Executor) -> Fired:
    """Return the regions that fire: at most one in a step, a step after the events that made it.

    Errors: InputError where events are of another sensor.
    """
    engine = start(regions.network, regions.parameters, executor)
    return engine.advance({"events": events}, events.steps)["regions"]


def attend(attention: Attention, events: SpikeList, executor: Executor) -> Attended:
    """Return where attention went, and what it let through.   Errors: as `winners`."""
    engine = start(attention.network, attention.parameters, executor)
    fired: dict[str, list[NDArray[np.int32]]] = {"regions": [], "output": []}
    for k in range(events.steps):
        for name, spikes in engine.advance({"events": events.part(k, k + 1)}, 1).items():
            fired[name].append(spikes.unit)
        attention.turn(engine)
    return Attended(_listed(fired["regions"]), _listed(fired["output"]))


def _listed(units: list[NDArray[np.int32]]) -> Fired:
    when = np.repeat(np.arange(len(units)), [len(one) for one in units])
    return Fired(when, np.concatenate([np.empty(0, np.int32), *units]))
