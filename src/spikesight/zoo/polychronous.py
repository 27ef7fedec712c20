"""The network of "Polychronization: computation with spikes" (Izhikevich 2006).

    exc --delays of 1 to 20 ms, plastic--> exc, inh          inh --1 ms--> exc

Regular spiking and fast spiking neurons at dt 1 ms. In each millisecond one neuron, drawn from all, is kicked from
outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.groups import Wires
from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.circuits.connections.one_to_one import OneToOne
from spikesight.circuits.connections.sparse import Sparse
from spikesight.circuits.delays import Branched
from spikesight.circuits.network import Arrays, Network
from spikesight.circuits.plasticity.contract import Rule
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.encoding.spike_list import SpikeList
from spikesight.equations import izhikevich
from spikesight.executors.sequence import FloatType

DT = 1e-3
EXC = izhikevich.Params(a=0.02, d=8.0, v_steps=2, initial_v=-65.0)
"""Regular spiking."""
INH = izhikevich.Params(a=0.1, d=2.0, v_steps=2, initial_v=-65.0)
"""Fast spiking."""
PLASTIC = ("exc_exc", "exc_inh")
"""The projections that learn: all that excite."""


@dataclass(frozen=True)
class Sizes:
    """Neurons of both kinds; `fan_out` targets each, in equal parts on the delays of 1 to `longest` ms where the
    neuron excites.   Errors: InputError where the parts are not equal.
    """

    exc: int = 800
    inh: int = 200
    fan_out: int = 100
    longest: int = 20

    def __post_init__(self) -> None:
        if min(self.exc, self.inh, self.fan_out, self.longest) < 1 or self.fan_out % self.longest:
            raise InputError(f"the targets of a neuron lie in equal parts on {self.longest} delays, got {self}")


@dataclass(frozen=True)
class Strengths:
    """Weights at the beginning, and the kick from outside: millivolts per millisecond, for one millisecond."""

    exc: float = 6.0
    inh: float = -5.0
    outside: float = 20.0


SIZES, STRENGTHS = Sizes(), Strengths()
"""As published."""


class Drawn(NamedTuple):
    """A network with its weights."""

    network: Network
    parameters: Arrays


def polychronous(
    seed: int,
    rule: Rule | None,
    sizes: Sizes = SIZES,
    strengths: Strengths = STRENGTHS,
    dtype: FloatType = np.float32,
) -> Drawn:
    """Draw the network: targets anywhere for excitatory neurons, among the excitatory ones for inhibitory neurons.

    As in the author's program two neurons may be joined more than once, and a neuron to itself.
    """
    random = generator(seed, "targets")
    targets = random.integers(0, sizes.exc + sizes.inh, (sizes.exc, sizes.fan_out))
    hushed = random.integers(0, sizes.exc, (sizes.inh, sizes.fan_out))
    late = Branched(sizes.longest - 1)  # a spike acts in the next step anyway
    rows = np.arange(sizes.exc)[:, None] * sizes.longest + np.arange(sizes.fan_out) * sizes.longest // sizes.fan_out
    rows, everybody = rows.reshape(-1), targets.reshape(-1)
    to_exc = everybody < sizes.exc
    branches = sizes.exc * sizes.longest
    wirings = {
        "exc_exc": _listed(rows[to_exc], everybody[to_exc], branches, sizes.exc),
        "exc_inh": _listed(rows[~to_exc], everybody[~to_exc] - sizes.exc, branches, sizes.inh),
        "inh_exc": _listed(np.repeat(np.arange(sizes.inh), sizes.fan_out), hushed.reshape(-1), sizes.inh, sizes.exc),
    }
    network = Network(
        dt=DT,
        nodes=(
            Source("outside_exc", (sizes.exc,)),
            Source("outside_inh", (sizes.inh,)),
            Population("exc", (sizes.exc,), izhikevich.EQUATION, EXC),
            Population("inh", (sizes.inh,), izhikevich.EQUATION, INH),
        ),
        projections=(
            Projection("kick_exc", "outside_exc", "exc", "current", OneToOne()),
            Projection("kick_inh", "outside_inh", "inh", "current", OneToOne()),
            Projection("exc_exc", "exc", "exc", "current", wirings["exc_exc"], rule, late),
            Projection("exc_inh", "exc", "inh", "current", wirings["exc_inh"], rule, late),
            Projection("inh_exc", "inh", "exc", "current", wirings["inh_exc"]),
        ),
        dtype=dtype,
    )
    parameters = {
        "kick_exc.w": np.full(sizes.exc, strengths.outside),
        "kick_inh.w": np.full(sizes.inh, strengths.outside),
        **{f"{name}.w": np.full(len(wirings[name].targets), strengths.exc) for name in PLASTIC},
        "inh_exc.w": np.full(len(wirings["inh_exc"].targets), strengths.inh),
    }
    return Drawn(network, parameters)


def _listed(rows: NDArray[np.int64], targets: NDArray[np.int64], n_rows: int, n_post: int) -> Sparse:
    order = np.lexsort((targets, rows))
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n_rows))])
    return Sparse(starts, targets[order].astype(np.int32), n_post)


def kicks(network: Network, seed: int, first_step: int, steps: int) -> dict[str, SpikeList]:
    """Draw who is kicked in each of `steps` steps: one neuron of all. The kick acts in the step after.

    The stream belongs to `first_step`: pieces of the same lengths are given the same.
    """
    exc, inh = network.node("exc").size, network.node("inh").size
    unit = generator(seed, "kicks", first_step).integers(0, exc + inh, steps)
    return {"outside_exc": _one_at_most(unit, unit < exc), "outside_inh": _one_at_most(unit - exc, unit >= exc)}


def _one_at_most(unit: NDArray[np.int64], here: NDArray[np.bool_]) -> SpikeList:
    return SpikeList(np.concatenate([[0], np.cumsum(here)]), unit[here].astype(np.int32))


def wires(network: Network, arrays: Arrays) -> Wires:
    """Return every synapse between neurons, excitatory neurons numbered first: what `analysis.groups` searches."""
    exc = network.node("exc").size
    pre, post, delay, w = [], [], [], []
    for name, first_pre, first_post in (("exc_exc", 0, 0), ("exc_inh", 0, exc), ("inh_exc", exc, 0)):
        (projection,) = (p for p in network.projections if p.name == name)
        wiring, branched = projection.connection, projection.delay
        assert isinstance(wiring, Sparse)
        lengths = branched.history if isinstance(branched, Branched) else 1
        neuron, late = np.divmod(wiring.rows, lengths)
        pre.append(first_pre + neuron)
        post.append(first_post + wiring.targets)
        delay.append(late + 1)
        w.append(arrays[f"{name}.w"])
    return Wires(
        np.concatenate(pre),
        np.concatenate(post),
        np.concatenate(delay),
        np.concatenate(w),
        (EXC, INH),
        (exc, network.node("inh").size),
        network.dt,
    )
