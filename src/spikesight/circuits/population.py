"""Neurons of one kind: a name, a shape, an equation with its parameters. A source has no equation: its spikes are
handed in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from spikesight.base.errors import InputError
from spikesight.circuits.competition import Winners
from spikesight.equations.contract import Equation


@dataclass(frozen=True)
class Source:
    """Neurons whose spikes come from outside: an encoder, a recording."""

    name: str
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """Number of neurons."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class Population:
    """Neurons that integrate: `params` belongs to `equation`. With `competition` only a few fire in a step.

    Errors: InputError where the two do not fit, the shape is empty, or the model's losers cannot be hushed.
    """

    name: str
    shape: tuple[int, ...]
    equation: Equation
    params: Any
    competition: Winners | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.params, self.equation.params):
            raise InputError(
                f"population '{self.name}': {self.equation.name} takes {self.equation.params.__module__}.Params, "
                f"got {type(self.params).__module__}.{type(self.params).__qualname__}"
            )
        if self.size < 1:
            raise InputError(f"population '{self.name}' has shape {self.shape}: it needs at least one neuron")
        if self.competition and self.competition.blocked is not None and self.equation.silence is None:
            raise InputError(
                f"population '{self.name}': {self.equation.name} neurons cannot be silenced by a winner; "
                "use Winners(blocked=None)"
            )

    @property
    def size(self) -> int:
        """Number of neurons."""
        return math.prod(self.shape)
