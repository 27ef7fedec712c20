"""Parameters of a neuron model that were published under a name, with what drove the neuron in that publication."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Preset:
    """`what` it shows, the `params` of its equation, and, where known, the step and the drive that show it.

    `dt` and `seconds` (how long to look) are in seconds; `current(times)` is the drive at `times` (seconds).
    """

    what: str
    params: Any
    dt: float | None = None
    seconds: float | None = None
    current: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None
