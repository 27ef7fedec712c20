"""Which arrays a circuit needs, with shapes and types: known before any of them exists, so that memory can be told."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from spikesight.circuits.delays import Axonal, Branched, Interpolated, PerSynapse
from spikesight.circuits.plasticity.contract import decaying
from spikesight.circuits.projection import Projection

if TYPE_CHECKING:
    from spikesight.circuits.network import Network


class Place(NamedTuple):
    """What an array will be."""

    shape: tuple[int, ...]
    dtype: Any

    @property
    def bytes(self) -> int:
        """Bytes of memory."""
        return math.prod(self.shape) * int(np.dtype(self.dtype).itemsize)


def layout(network: Network) -> dict[str, Place]:
    """Return the arrays of a network by name, in the order in which engines hold them."""
    places: dict[str, Place] = {}
    for p in network.populations:
        for field in p.equation.fields:
            dtype = np.int32 if p.equation.is_step_number(field) else network.dtype
            places[f"{p.name}.{field}"] = Place((p.size,), dtype)
        places.update({f"{p.name}.{name}": Place((p.size,), network.dtype) for name in p.equation.inputs})
    for projection in network.projections:
        here = {
            **_of_weights(network, projection),
            **_under_way(network, projection),
            **_of_traces(network, projection),
        }
        places.update({f"{projection.name}.{what}": place for what, place in here.items()})
    return places


def per_weight(projection: Projection) -> tuple[str, ...]:
    """Return which arrays of a projection hold one value for each weight."""
    names = ["w"]
    names += ["delay"] if isinstance(projection.delay, PerSynapse | Interpolated) else []
    names += ["mask"] if projection.masked else []
    if projection.rule is not None:
        names += [variable.name for variable in projection.rule.synaptic]
        names += ["touched"] if decaying(projection.rule) else []
    return tuple(names)


def _of_weights(network: Network, projection: Projection) -> dict[str, Place]:
    pre, post = network.node(projection.pre).size, network.node(projection.post).size
    shape = projection.connection.weight_shape(projection.rows(pre), post)
    types: dict[str, Any] = {"mask": np.bool_, "touched": np.int32}
    if isinstance(projection.delay, PerSynapse):
        types["delay"] = projection.delay.dtype
    return {name: Place(shape, types.get(name, network.dtype)) for name in per_weight(projection)}


def _under_way(network: Network, projection: Projection) -> dict[str, Place]:
    pre, post = network.node(projection.pre).size, network.node(projection.post).size
    match projection.delay:
        case PerSynapse() | Interpolated():
            return {"ring": Place((projection.delay.ring, post), network.dtype)}
        case Axonal() | Branched():
            steps = projection.delay.history
            return {"sent": Place((steps, pre), np.int32), "sent_count": Place((steps,), np.int32)}
    return {}


def _of_traces(network: Network, projection: Projection) -> dict[str, Place]:
    if projection.rule is None:
        return {}
    pre, post = network.node(projection.pre).size, network.node(projection.post).size
    places = {}
    for side, traces, size in (
        ("pre", projection.rule.pre_traces, projection.rows(pre)),
        ("post", projection.rule.post_traces, post),
    ):
        places[side] = Place((len(traces), size), network.dtype)
        places[f"{side}_at"] = Place((size,), np.int32)
    return places
