"""Networks in which excitation and inhibition balance, and neurons fire irregularly by themselves.

    exc --sparse--> exc, inh          inh --sparse--> exc, inh

Vogels & Abbott (2005) with conductance synapses ("COBA"), as in the comparison of simulators by Brette et al. (2007);
Brunel (2000) with instantaneous kicks, one delay for all synapses, and Poisson spikes from outside.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from spikesight.base.randomness import generator
from spikesight.circuits.connections.sparse import Sparse
from spikesight.circuits.delays import Axonal
from spikesight.circuits.drive import Drive
from spikesight.circuits.engine import Engine
from spikesight.circuits.network import Arrays, Network
from spikesight.circuits.population import Population
from spikesight.circuits.projection import Projection
from spikesight.circuits.wiring import fan_in, random_pairs
from spikesight.equations import conductance, leaky
from spikesight.equations.reset import ToValue
from spikesight.equations.time_constants import steps


class Balanced(NamedTuple):
    """A network with its weights, and the state it begins with where that is not rest."""

    network: Network
    parameters: Arrays
    begin: Arrays


def begin(engine: Engine, made: Balanced) -> None:
    """Put a fresh engine of the network into the state with which it begins."""
    for name, values in made.begin.items():
        engine.arrays[name][...] = values


class Sizes(NamedTuple):
    """Neurons of both kinds."""

    exc: int
    inh: int


NAMES = ("exc", "inh")
NEURON_OF_COBA = conductance.Params(
    tau=20e-3,
    rest=-60e-3,
    threshold=-50e-3,
    reset=ToValue(-60e-3),
    refractory=5e-3,
    reversal_e=0.0,
    reversal_i=-80e-3,
    tau_e=5e-3,
    tau_i=10e-3,
)
"""Brette et al. 2007, benchmark 1."""

NEURON_OF_BRUNEL = leaky.Params(tau=20e-3, threshold=20e-3, reset=ToValue(10e-3), refractory=2e-3, drive=leaky.Charge())
"""Brunel 2000, table 1; a synapse adds its weight (volts) to the membrane."""


def coba(
    n: int, dt: float, seed: int, *, probability: float = 0.02, w_exc: float = 0.6, w_inh: float = 6.7
) -> Balanced:
    """Return the conductance network of `n` neurons, a fifth of them inhibitory; weights in units of the leak.

    The membranes and conductances begin at random, so that activity starts at once: normal, -65 (5) mV, 4 (1.5) and
    20 (12), as in published programs of the benchmark, one conductance in twenty below zero.
    Source: Vogels & Abbott 2005; Brette et al. 2007, benchmark 1.
    """
    sizes = Sizes(n - n // 5, n // 5)
    nodes = tuple(
        Population(name, (size,), conductance.EQUATION, NEURON_OF_COBA) for name, size in zip(NAMES, sizes, strict=True)
    )

    def draw(pre: int, post: int, random: np.random.Generator) -> Sparse:
        return random_pairs(pre, post, probability, random)

    projections = _all_to_all(sizes, draw, seed, {"exc": "g_e", "inh": "g_i"}, None)
    random = generator(seed, "begin")
    begin: Arrays = {}
    for name, size in zip(NAMES, sizes, strict=True):
        begin[f"{name}.v"] = random.normal(-65e-3, 5e-3, size)
        begin[f"{name}.g_e"] = random.normal(4.0, 1.5, size)
        begin[f"{name}.g_i"] = random.normal(20.0, 12.0, size)
    return Balanced(Network(dt, nodes, projections), _weights(projections, w_exc, w_inh), begin)


def brunel(n: int, dt: float, seed: int, *, g: float, fraction: float = 0.1, delay: float = 1.5e-3) -> Balanced:
    """Return the network of `n` neurons, a fifth of them inhibitory; each receives from `fraction` of both kinds.

    An excitatory spike adds `kick` volts (0.1 mV in the paper's network of 12,500), an inhibitory one subtracts
    `g` times that. Spikes from outside come through the drives "outside_exc" and "outside_inh" (volts per
    step).   Source: Brunel 2000, model A.
    """
    sizes = Sizes(n - n // 5, n // 5)
    nodes = tuple(
        Population(name, (size,), leaky.EQUATION, NEURON_OF_BRUNEL) for name, size in zip(NAMES, sizes, strict=True)
    )

    def draw(pre: int, post: int, random: np.random.Generator) -> Sparse:
        return fan_in(pre, post, round(fraction * pre), random)

    late = Axonal(max(steps(delay, dt) - 1, 0))  # a spike acts in the next step anyway
    projections = _all_to_all(sizes, draw, seed, {"exc": "current", "inh": "current"}, late)
    w = kick(inputs_of_brunel(n, fraction))
    drives = tuple(Drive(f"outside_{name}", name, "current") for name in NAMES)
    return Balanced(Network(dt, nodes, projections, drives=drives), _weights(projections, w, -g * w), {})


def inputs_of_brunel(n: int, fraction: float = 0.1) -> int:
    """Excitatory synapses of each neuron in Brunel's network of `n`: of `fraction` of the excitatory neurons."""
    return round(fraction * (n - n // 5))


def kick(inputs: int) -> float:
    """Weight (volts) of an excitatory synapse in Brunel's network with so many of them per neuron: 0.1 mV for 1000."""
    return 0.1e-3 * 1000 / inputs


def _all_to_all(
    sizes: Sizes,
    draw: Callable[[int, int, np.random.Generator], Sparse],
    seed: int,
    into: dict[str, str],
    delay: Axonal | None,
) -> tuple[Projection, ...]:
    size = dict(zip(NAMES, sizes, strict=True))
    return tuple(
        Projection(
            f"{pre}_{post}",
            pre,
            post,
            into[pre],
            draw(size[pre], size[post], generator(seed, f"{pre}_{post}")),
            delay=delay,
        )
        for pre in NAMES
        for post in NAMES
    )


def _weights(projections: tuple[Projection, ...], w_exc: float, w_inh: float) -> Arrays:
    of = {"exc": w_exc, "inh": w_inh}
    weights: Arrays = {}
    for p in projections:
        assert isinstance(p.connection, Sparse)
        weights[f"{p.name}.w"] = np.full(len(p.connection.targets), of[p.pre])
    return weights
