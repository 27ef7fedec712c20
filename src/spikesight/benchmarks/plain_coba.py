"""The balanced network as one would write it in NumPy without a simulator: the baseline of the benchmark."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.circuits.connections.sparse import Sparse
from spikesight.zoo.balanced import NAMES, NEURON_OF_COBA, Balanced


class Outgoing(NamedTuple):
    """For each neuron of both kinds: whom it reaches, with which weight, and whether it inhibits."""

    targets: list[NDArray[np.int32]]
    weights: list[Any]
    inhibits: list[bool]


def plain_coba(made: Balanced, outgoing: Outgoing, steps: int, number: Any) -> int:
    """Run the network for `steps` steps with whole arrays of type `number`, and return how many spikes it fired."""
    targets, w, inhibits = outgoing
    p, dt = NEURON_OF_COBA, number(made.network.dt)
    v, g_e, g_i = (
        np.concatenate([made.begin[f"{name}.{what}"] for name in NAMES]).astype(number) for what in ("v", "g_e", "g_i")
    )
    ready = np.zeros(len(v), np.int32)
    hold = round(p.refractory / made.network.dt) + 1
    rest, reversal_e, reversal_i = (number(value) for value in (p.rest, p.reversal_e, p.reversal_i))
    leak, decay_e, decay_i = dt / number(p.tau), 1 - dt / number(p.tau_e), 1 - dt / number(p.tau_i)
    fired = 0
    for k in range(steps):
        free = ready <= k
        pull = leak * ((rest - v) + g_e * (reversal_e - v) + g_i * (reversal_i - v))
        v[free] += pull[free]
        g_e *= decay_e
        g_i *= decay_i
        spikes = np.flatnonzero((v > p.threshold) & free)
        v[spikes] = p.reset.line(p.threshold, p.rest)[1]
        ready[spikes] = k + hold
        for i in spikes:
            (g_i if inhibits[i] else g_e)[targets[i]] += w[i]
        fired += len(spikes)
    return fired


def outgoing_of(made: Balanced, number: Any) -> Outgoing:
    """Return the synapses of the network by the neuron before them."""
    sizes = {name: made.network.node(name).size for name in NAMES}
    offset = {"exc": 0, "inh": sizes["exc"]}
    wiring = {p.name: p.connection for p in made.network.projections}
    targets, weights, inhibits = [], [], []
    for pre in NAMES:
        for i in range(sizes[pre]):
            pieces = []
            for post in NAMES:
                connection = wiring[f"{pre}_{post}"]
                assert isinstance(connection, Sparse)
                pieces.append(connection.targets[connection.starts[i] : connection.starts[i + 1]] + offset[post])
            targets.append(np.concatenate(pieces))
            weights.append(number(made.parameters[f"{pre}_exc.w"][0]))
            inhibits.append(pre == "inh")
    return Outgoing(targets, weights, inhibits)
