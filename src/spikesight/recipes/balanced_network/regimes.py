"""Brunel's network in its four regimes, each written down as a run of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import poisson

from spikesight import __version__
from spikesight.base.randomness import generator
from spikesight.circuits.engine import start
from spikesight.circuits.recording import Recorder, header
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.recipes.balanced_network.theory import outside_rate
from spikesight.recipes.contract import Order
from spikesight.recipes.experiment import experiment
from spikesight.recipes.simulation import Given, Piece
from spikesight.runs.folder import Run
from spikesight.trace.probe import Probe
from spikesight.trace.writer import TraceWriter
from spikesight.zoo.balanced import NAMES, NEURON_OF_BRUNEL, brunel, inputs_of_brunel, kick

DT = 0.1e-3
PIECE = 200
"""Steps that the spikes from outside are drawn for at once."""

SHOWN = {"exc": 1000, "inh": 250}
"""Neurons whose spikes are recorded, the first ones. A network of 2500 has more."""


class Regime(NamedTuple):
    """`g`: an inhibitory synapse over an excitatory one. `eta`: spikes from outside, see `theory.outside_rate`."""

    g: float
    eta: float


REGIMES = {
    "synchronous_regular": Regime(3.0, 2.0),
    "fast_rhythm": Regime(6.0, 4.0),
    "asynchronous_irregular": Regime(5.0, 2.0),
    "slow_rhythm": Regime(4.5, 0.9),
}
"""The panels A to D of figure 8 of Brunel 2000."""


@dataclass(frozen=True)
class Setting:
    """How large a network, and for how long (seconds); the first `settling` seconds are not measured."""

    neurons: int
    seconds: float
    settling: float

    @property
    def pieces(self) -> int:
        """Pieces of the whole simulation."""
        return round((self.seconds + self.settling) / DT / PIECE)


def counts(mean: float, shape: tuple[int, ...], random: np.random.Generator) -> NDArray[np.int64]:
    """Draw Poisson numbers, several times faster than NumPy does for one mean: by looking up uniform ones."""
    table = poisson.cdf(np.arange(poisson.isf(1e-9, mean)), mean).astype(np.float32)
    return np.searchsorted(table, random.random(shape, np.float32), side="right")


def run_regime(name: str, setting: Setting, order: Order, done: Callable[[], object]) -> Run:
    """Simulate a regime and record the spikes of `SHOWN`. `done` is called after every piece."""
    regime = REGIMES[name]
    made = brunel(setting.neurons, DT, order.seed, g=regime.g)
    network = made.network
    w = kick(inputs_of_brunel(setting.neurons))
    mean = outside_rate(NEURON_OF_BRUNEL, w, regime.eta) * DT

    def outside(first: int) -> Given:
        drives = {}
        for population in NAMES:
            random = generator(order.seed, f"outside {population}", first)
            drives[f"outside_{population}"] = w * counts(mean, (PIECE, network.node(population).size), random)
        return Given({}, drives)

    probes = [Probe(f"{population}.spikes", units=tuple(range(shown))) for population, shown in SHOWN.items()]
    config = {"regime": name, **regime._asdict(), **asdict(setting)}
    with experiment("balanced-network", order, config) as run:
        facts = header(network, run.facts["name"], f"brunel {name}", order.seed, __version__, probes)
        with TraceWriter.create(run.trace_folder, facts) as writer:
            recorder = Recorder(writer, network, probes)
            engine = start(network, made.parameters, FusedCpu())
            for number in range(setting.pieces):
                first, given = engine.clock, outside(engine.clock)
                fired = engine.advance(given.spikes, PIECE, given.drives)
                recorder.record(Piece(number, first, PIECE, given, fired, {}), engine.arrays, number)
                done()
    return run
