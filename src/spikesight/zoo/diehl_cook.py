"""Competitive learning with one layer (Diehl & Cook 2015).

    input --dense, plastic--> exc --one to one--> inh --all but self--> exc

Every excitatory neuron has an inhibitory partner that silences all others: whoever fires first learns the pattern. A
threshold that rises with each spike gives the others their turn.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.base.randomness import generator
from spikesight.circuits.connections.all_but_self import AllButSelf
from spikesight.circuits.connections.dense import Dense
from spikesight.circuits.connections.one_to_one import OneToOne
from spikesight.circuits.delays import PerSynapse
from spikesight.circuits.network import Arrays, Network
from spikesight.circuits.plasticity.contract import Rule
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.equations import adaptive_conductance, conductance


def network(
    shape: tuple[int, ...],
    n: int,
    dt: float,
    exc: adaptive_conductance.Params,
    inh: conductance.Params,
    rule: Rule,
    longest_delay: int = 0,
    prunable: bool = False,
) -> Network:
    """Return the description: inputs of `shape`, `n` excitatory and `n` inhibitory neurons. `longest_delay` in
    steps. Of a `prunable` network, input synapses can be taken away.
    """
    late = PerSynapse(longest_delay) if longest_delay else None
    return Network(
        dt=dt,
        nodes=(
            Source("input", shape),
            Population("exc", (n,), adaptive_conductance.EQUATION, exc),
            Population("inh", (n,), conductance.EQUATION, inh),
        ),
        projections=(
            Projection("input_exc", "input", "exc", "g_e", Dense(), rule, late, prunable),
            Projection("exc_inh", "exc", "inh", "g_e", OneToOne()),
            Projection("inh_exc", "inh", "exc", "g_i", AllButSelf()),
        ),
    )


def parameters(description: Network, seed: int, *, exc_inh: float, inh_exc: float, **uniform: float) -> Arrays:
    """Draw initial weights: input->exc uniform in [`low`, `high`), the others constant; delays uniform in whole
    steps.
    """
    n_input, n = description.node("input").size, description.node("exc").size
    arrays: dict[str, Any] = {
        "input_exc.w": generator(seed, "weights").uniform(uniform["low"], uniform["high"], (n_input, n)),
        "exc_inh.w": np.full(n, exc_inh),
        "inh_exc.w": np.full(1, inh_exc),
    }
    delay = description.projections[0].delay
    if isinstance(delay, PerSynapse):
        arrays["input_exc.delay"] = generator(seed, "delays").integers(0, delay.longest, (n_input, n), endpoint=True)
    return arrays
