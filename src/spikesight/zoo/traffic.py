"""Networks that tell encrypted traffic apart: a hidden layer of normalised neurons, and a readout.

A step of a flow picture (300 cells of packet sizes) is an input of the network; nothing else is remembered of what came
before but the membranes, of some steps of a fifth of a second.   Source: Rasteh et al., Neurocomputing 2022.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep.hold import Hold
from spikesight.deep.network import Network
from spikesight.deep.normalised import STEEP, NormalisedDense, NormalisedReadout
from spikesight.equations.surrogate import Surrogate


@dataclass(frozen=True)
class TrafficNet:
    """`hidden` neurons without lateral connections; as published the surrogate is the derivative of sigmoid(10 u).

    With 100 of them, 300 cells and 14 classes there are 31,400 weights.   Errors: InputError for no neuron.
    """

    hidden: int = 100
    surrogate: Surrogate = STEEP

    def __post_init__(self) -> None:
        if self.hidden < 1:
            raise InputError(f"a hidden layer has a neuron at least, got {self.hidden}")

    def build(self, shape: tuple[int, ...], classes: int) -> Network:
        """Return the network for steps of `shape`: (T, B, inputs) in, (T, B, classes) out."""
        return Network(
            hidden=NormalisedDense(math.prod(shape), self.hidden, surrogate=self.surrogate),
            out=NormalisedReadout(self.hidden, classes),
        )


@dataclass(frozen=True)
class BytesNet:
    """The same for the first bytes of a session, which have no time of their own: they are held for `steps` steps.

    Errors: InputError for no neuron or no step.
    """

    hidden: int = 200
    steps: int = 8
    surrogate: Surrogate = STEEP

    def __post_init__(self) -> None:
        if self.hidden < 1 or self.steps < 1:
            raise InputError(f"a neuron and a step at least are needed, got {self.hidden} and {self.steps}")

    def build(self, shape: tuple[int, ...], classes: int) -> Network:
        """Return the network for bytes of `shape`: (B, *shape) in, (T, B, classes) out."""
        return Network(
            held=Hold(self.steps, nn.Flatten()),
            hidden=NormalisedDense(math.prod(shape), self.hidden, surrogate=self.surrogate),
            out=NormalisedReadout(self.hidden, classes),
        )
