"""Taking synapses away for good."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.circuits.network import Arrays, Network
from spikesight.circuits.plasticity.projections import found


def pruned(network: Network, parameters: Arrays, projection: str, keep: NDArray[Any]) -> Arrays:
    """Return parameters in which the synapses of a projection where `keep` is False are gone, besides those that were.

    Their weight is 0, and no rule brings them back. `keep` has the shape of the weights.
    Errors: UnknownName; InputError where the projection has no masks or the shape is another.
    """
    if not found(network, projection).masked:
        raise InputError(f"'{projection}' has no masks: describe it with Projection(..., masked=True)")
    w = parameters[f"{projection}.w"]
    if np.shape(keep) != w.shape:
        raise InputError(f"keep says for each weight whether it stays: shape {w.shape}, got {np.shape(keep)}")
    mask = np.asarray(keep, np.bool_) & parameters.get(f"{projection}.mask", np.ones(w.shape, np.bool_))
    return {**parameters, f"{projection}.w": np.where(mask, w, w.dtype.type(0)), f"{projection}.mask": mask}
