"""Izhikevich's network with delays and STDP: rhythms, two kinds of weights, and groups that its delays make."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from spikesight.analysis.groups import Found, Wires, chain, groups
from spikesight.base.atomic import storage, write_bytes
from spikesight.base.errors import MissingExtra, RunError
from spikesight.base.progress import progress
from spikesight.base.randomness import generator
from spikesight.circuits.engine import Engine
from spikesight.circuits.network import Arrays
from spikesight.circuits.plasticity.polychronous import PolychronousStdp, consolidate
from spikesight.recipes.contract import Order, Result, result_of
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.polychronous.figure import raster
from spikesight.recipes.polychronous.rhythm import per_millisecond, strengths
from spikesight.recipes.settings import settings_of
from spikesight.recipes.simulation import Given, Piece, Scenario, Simulation, simulate, simulation
from spikesight.runs.folder import Run
from spikesight.runs.plain import plain
from spikesight.trace.probe import Probe
from spikesight.trace.reader import Trace
from spikesight.zoo.polychronous import DT, PLASTIC, kicks, polychronous, wires

RULE = PolychronousStdp()
SECOND = 1.0
QUICK_SECONDS, QUICK_MOTHERS = 60, 3
EARLY = 10
"""Seconds at either end of a run whose rhythms are compared."""
STRONG, WEAK = 9.5, 0.5
"""Weights from, and up to, which a synapse is one of two kinds; the largest is 10."""


@dataclass(frozen=True)
class Polychronous:
    """See the README beside this file: biological `seconds`, and how many `mothers` are drawn for the search."""

    seconds: int = 600
    mothers: int = 20

    name = "polychronous"

    def train(self, order: Order) -> Path:
        """Simulate; the network learns on its own.   Errors: RunError, StorageFull."""
        recipe, order = as_begun(self, order)
        return simulate(recipe.scenario(order), order)

    def reproduce(self, order: Order) -> Result:
        """See `Recipe.reproduce`."""
        recipe, order = as_begun(self, order)
        started = time.perf_counter()
        with simulation(recipe.scenario(order), order) as under_way:
            under_way.finish(order)
            recipe.judge(under_way, order)
            under_way.run.update(metrics={"seconds": time.perf_counter() - started})
        metrics = under_way.run.facts["metrics"]
        return result_of(
            under_way.run.folder, order, metrics["groups_per_triplet"], metrics["groups_per_triplet_delays_shuffled"]
        )

    def scenario(self, order: Order) -> Scenario:
        """Return what is simulated, in pieces of a second: as often as weights change."""
        network, parameters = polychronous(order.seed, RULE)

        def inputs(first_step: int, steps: int) -> Given:
            return Given(kicks(network, order.seed, first_step, steps), {})

        return Scenario(
            recipe=self.name,
            network=network,
            parameters=parameters,
            seconds=min(self.seconds, QUICK_SECONDS) if order.quick else self.seconds,
            inputs=inputs,
            after=learn_and_tell,
            probes=(Probe("exc.spikes"), Probe("inh.spikes")),
            piece=SECOND,
            quick=order.quick,
            settings=settings_of(self),
        )

    def judge(self, under_way: Simulation, order: Order) -> None:
        """Write what the claim is about into the run: rhythms, weights, groups beside their surrogates."""
        run, arrays = under_way.run, under_way.engine.arrays
        wired = wires(under_way.scenario.network, arrays)
        everybody = wired.sizes[0]
        count = min(self.mothers, QUICK_MOTHERS if order.quick else everybody)
        mothers = np.sort(generator(order.seed, "mothers").choice(everybody, count, replace=False)).tolist()
        surrogates = {
            "": wired,
            "_delays_shuffled": wired.shuffled("delay", generator(order.seed, "surrogate", 0)),
            "_weights_shuffled": wired.shuffled("w", generator(order.seed, "surrogate", 1)),
        }
        under_way.writer.seal()
        run.update(metrics={**rhythms(run), **kinds_of_weights(arrays)})
        with progress("searching groups", len(surrogates) * count, order.stream) as bar:
            for name, surrogate in surrogates.items():
                found = groups(surrogate, mothers, progress=bar)
                run.update(
                    metrics={f"{fact}{name}": value for fact, value in figures(found, mothers, everybody).items()}
                )
                if not name:
                    _keep(run, wired, found, order)


def learn_and_tell(engine: Engine, piece: Piece) -> Mapping[str, float]:
    """Let the weights follow their drift, and tell the rhythms of this second and the kinds of weights."""
    for name in PLASTIC:
        consolidate(engine.arrays[f"{name}.w"], engine.arrays[f"{name}.drift"])
    told = kinds_of_weights(engine.arrays)
    if piece.length * DT >= SECOND:
        neurons = sum(population.size for population in engine.network.populations)
        told |= strengths([per_millisecond(piece.fired, piece.length)], neurons, DT)
    return told


def kinds_of_weights(arrays: Arrays) -> dict[str, float]:
    """Return the shares of the synapses that excite that are strong, weak, and neither."""
    w = np.concatenate([arrays[f"{name}.w"] for name in PLASTIC])
    strong, weak = float((w >= STRONG).mean()), float((w <= WEAK).mean())
    return {"strong": strong, "weak": weak, "between": 1.0 - strong - weak}


def rhythms(run: Run) -> dict[str, float]:
    """Return the rhythms of the first and of the last seconds, from the recorded spikes."""
    with Trace.open(run.trace_folder) as trace:
        sizes = {name: trace.header.layer(name).size for name in ("exc", "inh")}
        last = round((trace.extent[1] + 1) * DT)
        found: dict[str, float] = {}
        for name, t in (("early", (0, min(EARLY, last))), ("late", (max(last - EARLY, 0), last))):
            steps = round((t[1] - t[0]) / DT)
            both = [trace.raster(layer, t, steps, 1)[0].astype(np.int64) for layer in sizes]
            told = strengths([sum(both[1:], both[0])], sum(sizes.values()), DT)
            found |= {f"{name}_{fact}": value for fact, value in told.items()}
    return found


def figures(found: Found, mothers: list[int], everybody: int) -> dict[str, float | None]:
    """Return groups per mother with its standard error, over all mothers; triplets; chains that differ; sizes.

    Mothers are drawn without replacement, so that the error is 0 where all were searched.
    """
    each = found.per_mother(mothers)
    left = 1.0 - len(mothers) / everybody
    error = float(each.std(ddof=1) * np.sqrt(left / len(mothers))) if len(mothers) > 1 else None
    tried = int(found.triplets.sum())
    return {
        "groups": len(found.mother),
        "groups_per_mother": float(each.mean()),
        "groups_per_mother_error": error,
        "groups_estimated": float(each.mean()) * everybody,
        "distinct": found.distinct,
        "triplets": tried,
        "groups_per_triplet": len(found.mother) / tried if tried else 0.0,
        "outbreaks_per_triplet": int(found.outbreaks.sum()) / tried if tried else 0.0,
        "median_spikes": float(np.median(found.spikes)) if len(found.spikes) else None,
        "median_layers": float(np.median(found.layers)) if len(found.layers) else None,
        "median_span_ms": float(np.median(found.span)) if len(found.span) else None,
    }


def _keep(run: Run, wired: Wires, found: Found, order: Order) -> None:
    """Write the groups down, and draw the smallest."""
    columns = ("mother", "spikes", "layers", "span")
    table: dict[str, Any] = {name: getattr(found, name).tolist() for name in columns}
    table["anchors"] = [wired.pre[three].tolist() for three in found.anchors]
    table["delays"] = [wired.delay[three].tolist() for three in found.anchors]
    _write(run, "groups.json", json.dumps(plain("groups", table)).encode())
    if not len(found.mother):
        return
    k = int(found.spikes.argmin())
    try:
        picture = raster(chain(wired, int(found.mother[k]), found.anchors[k].tolist()), wired.sizes[0])
        _write(run, "group.svg", picture)
    except MissingExtra as error:
        print(f"No group.svg, only groups.json: {error}", file=order.stream or sys.stderr)


def _write(run: Run, name: str, data: bytes) -> None:
    with storage(run.folder, RunError):
        write_bytes(run.folder / name, data)


RECIPE = Polychronous()
