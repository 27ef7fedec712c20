"""A network that reads an image row by row: two dense layers of neurons, normalised, and a linear readout.

A row is the input of a step; all that the network knows of earlier rows is in the state of its neurons. Batch
normalisation takes its statistics over batch and time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep.network import Network
from spikesight.deep.neurons.leaky import LIF


@dataclass(frozen=True)
class RowNetwork:
    """`neuron` makes the neurons of a layer, `hidden` is how many of them there are in each of the `layers`.

    Errors: InputError where there is none.
    """

    neuron: Callable[[], nn.Module] = LIF
    hidden: int = 128
    layers: int = 2

    def __post_init__(self) -> None:
        if self.hidden < 1 or self.layers < 1:
            raise InputError(f"hidden neurons and layers are needed, got {self.hidden} in each of {self.layers}")

    def build(self, shape: Sequence[int], classes: int) -> Network:
        """Return the network for rows of shape (n,): (T, B, n) in, (T, B, classes) out."""
        (given,) = shape
        layers: dict[str, nn.Module] = {}
        for number in range(1, self.layers + 1):
            layers[f"dense{number}"] = nn.Linear(given, self.hidden, bias=False)
            layers[f"norm{number}"] = nn.BatchNorm1d(self.hidden)
            layers[f"neurons{number}"] = self.neuron()
            given = self.hidden
        return Network(**layers, out=nn.Linear(given, classes))

    def parameters(self, shape: Sequence[int], classes: int) -> int:
        """Return how many numbers such a network learns."""
        return sum(parameter.numel() for parameter in self.build(shape, classes).parameters())

    def as_large_as(self, least: int, shape: Sequence[int], classes: int) -> RowNetwork:
        """Return the narrowest network of this kind that learns at least so many numbers."""
        hidden = 1
        while (made := replace(self, hidden=hidden)).parameters(shape, classes) < least:
            hidden += 1
        return made
