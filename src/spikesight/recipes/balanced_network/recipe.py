"""Networks that keep themselves going, by excitation and inhibition in balance: how much and how irregularly they
fire.
"""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from spikesight.base.progress import progress
from spikesight.base.randomness import generator
from spikesight.circuits.engine import start
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.recipes.balanced_network.measures import Activity, activity, poisson_like, recorded
from spikesight.recipes.balanced_network.regimes import DT, REGIMES, SHOWN, Setting, run_regime
from spikesight.recipes.balanced_network.theory import stationary_rate
from spikesight.recipes.contract import Order, Result, result_of
from spikesight.recipes.settings import settings_of
from spikesight.recipes.simulation import Scenario, simulation
from spikesight.runs.folder import Run
from spikesight.trace.probe import Probe
from spikesight.zoo.balanced import NAMES, NEURON_OF_BRUNEL, Balanced, begin, coba, inputs_of_brunel, kick

COBA_NEURONS = 4000
QUICK = Setting(neurons=2500, seconds=0.5, settling=0.1)
SETTLING = 0.2


@dataclass(frozen=True)
class BalancedNetwork:
    """See the README beside this file. `seconds` are of the network with conductances; `brunel_neurons` and
    `brunel_seconds` of each of Brunel's four.
    """

    seconds: float = 1.0
    brunel_neurons: int = 12_500
    brunel_seconds: float = 2.0

    name = "balanced-network"

    def train(self, order: Order) -> Path:
        """Simulate and record the network with conductances; nothing is trained.   Errors: RunError, StorageFull."""
        return self._tried(order, regimes=False).folder

    def reproduce(self, order: Order) -> Result:
        """See `Recipe.reproduce`."""
        run = self._tried(order, regimes=True)
        metrics = run.facts["metrics"]
        return result_of(run.folder, order, metrics["coba.rate"], metrics["coba_without_inhibition.rate"])

    def scenario(self, made: Balanced, order: Order) -> Scenario:
        """Return the network with conductances as a simulation: all spikes are recorded, and one membrane."""
        return Scenario(
            self.name,
            made.network,
            made.parameters,
            self.seconds,
            probes=(*(Probe(f"{name}.spikes") for name in NAMES), Probe("exc.v", units=(0,), every=5)),
            quick=order.quick,
            settings=settings_of(self),
        )

    def _tried(self, order: Order, *, regimes: bool) -> Run:
        started, made = time.perf_counter(), coba(COBA_NEURONS, DT, order.seed)
        with simulation(self.scenario(made, order), order) as under_way:
            if under_way.engine.clock == 0:
                begin(under_way.engine, made)
            under_way.finish(order)
            run = under_way.run
            run.update(metrics=self._figures_of_coba(run.folder, made, order.seed))
            if regimes:
                run.update(metrics=self._figures_of_brunel(run.folder, order))
            run.update(metrics={"seconds": time.perf_counter() - started})
        return run

    def _figures_of_coba(self, folder: Path, made: Balanced, seed: int) -> dict[str, float | None]:
        sizes = {name: made.network.node(name).size for name in NAMES}
        spikes = recorded(folder, sizes, (0.0, self.seconds), DT)
        trains = poisson_like(spikes, generator(seed, "poisson trains"))
        return {
            **_named("coba", activity(spikes)),
            **_named("poisson", activity(trains)),
            "coba_without_inhibition.rate": self._changed_rate(seed, w_inh=0.0),
            "coba_without_synapses.rate": self._changed_rate(seed, w_exc=0.0, w_inh=0.0),
        }

    def _changed_rate(self, seed: int, **weights: float) -> float:
        """Return the rate (hertz) of the same neurons, begun alike, with other weights."""
        made = coba(COBA_NEURONS, DT, seed, **weights)
        engine = start(made.network, made.parameters, FusedCpu())
        begin(engine, made)
        fired = engine.advance({}, round(self.seconds / DT))
        return sum(len(spikes.unit) for spikes in fired.values()) / (COBA_NEURONS * self.seconds)

    def _figures_of_brunel(self, folder: Path, order: Order) -> dict[str, float | None]:
        setting = QUICK if order.quick else Setting(self.brunel_neurons, self.brunel_seconds, SETTLING)
        inputs, span = inputs_of_brunel(setting.neurons), (setting.settling, setting.settling + setting.seconds)
        below = replace(order, runs=folder / "brunel", resume=None, started=lambda _: None)
        figures: dict[str, float | None] = {}
        with progress("four regimes", len(REGIMES) * setting.pieces, order.stream) as bar:
            for name, regime in REGIMES.items():
                run = run_regime(name, setting, below, lambda: bar.advance(1))
                figures |= _named(name, activity(recorded(run.folder, SHOWN, span, DT)))
                figures[f"{name}.rate_of_theory"] = stationary_rate(NEURON_OF_BRUNEL, inputs, kick(inputs), *regime)
        return figures


def _named(what: str, found: Activity) -> dict[str, float | None]:
    """Return figures by name; None where there is none."""
    return {f"{what}.{name}": None if math.isnan(value) else value for name, value in asdict(found).items()}


RECIPE = BalancedNetwork()
