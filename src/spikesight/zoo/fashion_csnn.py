"""A convolutional spiking network for small grey images: three convolutions, each normalised and pooled, one readout.

The image is held for a few steps as a current; the first convolution with its normalisation and pooling, the same in
every step, is computed once. Pooling comes before the neurons, of which there are a quarter as many by it. Batch
normalisation takes its statistics over batch and time. With `nn.ReLU` for the neurons and one step it is the artificial
network of the same shape.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep.hold import Hold
from spikesight.deep.network import Network
from spikesight.deep.neurons.leaky import LIF


@dataclass(frozen=True)
class FashionCsnn:
    """`channels` of each convolution (3 x 3), `steps` for which the image is held; `neuron` makes the neurons, `pool`
    what halves rows and columns of their currents.

    `dropout` is the share of features before the readout that are left out while learning.
    Errors: InputError for fewer than one step or layer.
    """

    channels: tuple[int, ...] = (32, 64, 128)
    steps: int = 4
    neuron: Callable[[], nn.Module] = LIF
    pool: Callable[[], nn.Module] = partial(nn.MaxPool2d, 2)  # noqa: RUF009 (it makes one for each use)
    dropout: float = 0.0

    def __post_init__(self) -> None:
        if not self.channels or min(self.channels) < 1 or self.steps < 1:
            raise InputError(f"channels of a convolution or more, and a step or more, are needed: got {self}")

    def build(self, shape: Sequence[int], classes: int) -> Network:
        """Return the network for images (channels, rows, columns): (B, C, H, W) in, (steps, B, classes) out.

        Errors: InputError for images of fewer than 2 ^ layers rows or columns.
        """
        colours, rows, columns = shape
        side = min(rows, columns) >> len(self.channels)
        if side < 1:
            raise InputError(f"images of {rows} x {columns} are too small for {len(self.channels)} poolings")
        first, *_ = self.channels
        held = Hold(self.steps, *self._convolution(colours, first))
        layers: dict[str, nn.Module] = {"held": held, "neurons1": self.neuron()}
        for number, (given, made) in enumerate(pairwise(self.channels), 2):
            parts = zip(("conv", "norm", "pool"), self._convolution(given, made), strict=True)
            layers |= {f"{name}{number}": part for name, part in parts}
            layers[f"neurons{number}"] = self.neuron()
        layers["flat"] = nn.Flatten()
        if self.dropout:
            layers["dropout"] = nn.Dropout(self.dropout)
        pooled = (rows >> len(self.channels)) * (columns >> len(self.channels))
        layers["out"] = nn.Linear(self.channels[-1] * pooled, classes)
        return Network(**layers)

    def _convolution(self, given: int, made: int) -> tuple[nn.Module, ...]:
        return nn.Conv2d(given, made, 3, padding=1, bias=False), nn.BatchNorm2d(made), self.pool()
