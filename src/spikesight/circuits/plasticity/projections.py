"""What functions that act between two calls must know about a projection of a running circuit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import UnknownName
from spikesight.circuits.network import Network
from spikesight.circuits.projection import Projection

if TYPE_CHECKING:
    from spikesight.circuits.engine import Engine


def found(network: Network, projection: str) -> Projection:
    """Return the projection called so.   Errors: UnknownName."""
    for known in network.projections:
        if known.name == projection:
            return known
    raise UnknownName("projection", projection, [known.name for known in network.projections])


def present(engine: Engine, projection: str) -> NDArray[Any] | np.bool_:
    """Return which synapses are there: the mask, in the shape of the weights, or True for all."""
    return engine.arrays.get(f"{projection}.mask", np.True_)


def spread(
    network: Network, projection: str, pre: NDArray[Any] | None, post: NDArray[Any] | None
) -> NDArray[np.float64]:
    """Return for each weight the product of what is said of its two ends; the mean over its synapses if shared.

    Shapes: pre (rows,), post (n_post,), or None where there is nothing to say.
    """
    part = found(network, projection)
    ones = np.ones(part.rows(network.node(part.pre).size)), np.ones(network.node(part.post).size)
    many = part.connection.pair(ones[1], ones[0])
    product = part.connection.pair(ones[1] if post is None else post, ones[0] if pre is None else pre)
    means: NDArray[np.float64] = np.divide(product, many, out=np.zeros_like(product), where=many > 0)
    return means
