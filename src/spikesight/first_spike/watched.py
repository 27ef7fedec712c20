"""What can be seen of a network whose neurons fire once: when every neuron of every layer fired, and the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.encoding.latencies import Latencies
from spikesight.trace.schema import Layer, Projection

NO_ANSWER = -1


class Watched(NamedTuple):
    """What a network did with B items, learning off.

    `latencies` by layer, the input first, each (B, ...); `answer` (B,) positions in the list of classes, `NO_ANSWER`
    where there is none, or two are equal; `answered` (B,) when it was given, in steps or seconds as the latencies, NaN
    without an answer or where it is read from final potentials.
    """

    latencies: Mapping[str, Latencies]
    answer: NDArray[np.int64]
    answered: NDArray[np.float64]


class Sketch(NamedTuple):
    """A network as a trace describes it. On the virtual time axis every item takes `steps` ticks of `tick` seconds."""

    layers: tuple[Layer, ...]
    projections: tuple[Projection, ...]
    steps: int
    tick: float = 1e-3


def unanswered(items: int) -> dict[str, NDArray[Any]]:
    """Return `answer` and `answered` of a network that names no classes."""
    return {"answer": np.full(items, NO_ANSWER, np.int64), "answered": np.full(items, np.nan)}
