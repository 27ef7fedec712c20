"""What can be seen of a network that is shown stimuli: what every neuron of every layer did, and the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.trace.activity import Activity
from spikesight.trace.schema import Layer, Projection

NO_ANSWER = -1


class Watched(NamedTuple):
    """What a network did with B items, learning off.

    `layers` by name, the input first: each what its neurons did. `answer` (B,) positions in the list of classes,
    `NO_ANSWER` where there is none, or two are equal; `answered` (B,) when it was given, in steps or seconds as the
    times of the layers, NaN without an answer or where it is read from final potentials or from the whole time.
    """

    layers: Mapping[str, Activity]
    answer: NDArray[np.int64]
    answered: NDArray[np.float64]


class Sketch(NamedTuple):
    """A network as a trace describes it. On the virtual time axis every item takes `steps` ticks of `tick` seconds."""

    layers: tuple[Layer, ...]
    projections: tuple[Projection, ...]
    steps: int
    tick: float = 1e-3


def in_steps(layers: Mapping[str, Activity]) -> bool:
    """Whether times of `layers` are steps; else seconds."""
    return any(layer.steps is not None for layer in layers.values())


def unanswered(items: int) -> dict[str, NDArray[Any]]:
    """Return `answer` and `answered` of a network that names no classes."""
    return {"answer": np.full(items, NO_ANSWER, np.int64), "answered": np.full(items, np.nan)}
