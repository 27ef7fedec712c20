"""The network that learned Fashion-MNIST by proxy (Kheradpisheh, Mirsadeghi & Masquelier 2022).

    image --3x3--> conv1 --3x3--> conv2 --pool--> --3x3--> conv3 --pool--> fc1 --> fc2 --> fc3 --> out

Card. Input: grey values, held as a current. Neurons: no leak, hard reset, as many spikes as they like; every
convolution is normalised over the batch, none has a bias. Output: the spikes of one neuron for each class, counted.
Published with 94.56 % on Fashion-MNIST: 128 channels, 15 steps, 164.7 million multiplications in a pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep.hold import Hold
from spikesight.deep.network import Network
from spikesight.deep.neurons.leaky import IF
from spikesight.deep.proxy import ProxyNetwork, artificial
from spikesight.equations.reset import Reset, ToValue


@dataclass(frozen=True)
class ProxyFashion:
    """`channels` of the convolutions, of which all but the first are pooled; `hidden` dense layers; neurons of
    `threshold` and `reset`, for `steps`. Output neurons fire, or where `silent` they do not: their currents, added up,
    are the output.
    """

    channels: tuple[int, ...] = (128, 128, 128)
    hidden: tuple[int, ...] = (2560, 1152, 256)
    steps: int = 15
    threshold: float = 2.0
    silent: bool = False
    reset: Reset = ToValue(0.0)

    def build(self, shape: Sequence[int], classes: int) -> Network:
        """Return the spiking network, (B, C, H, W) in, (steps, B, classes) out.

        Errors: InputError for images that the poolings leave nothing of.
        """
        colours, rows, columns = shape
        poolings = len(self.channels) - 1
        pixels = (rows >> poolings) * (columns >> poolings)
        if not pixels:
            raise InputError(f"images of {rows} x {columns} are too small for {poolings} poolings")
        held = Hold(self.steps, *_convolution(colours, self.channels[0]))
        layers: dict[str, nn.Module] = {"held": held, "neurons1": IF(self.threshold, self.reset)}
        for number, (given, made) in enumerate(pairwise(self.channels), 2):
            layers[f"conv{number}"], layers[f"norm{number}"] = _convolution(given, made)
            layers[f"neurons{number}"] = IF(self.threshold, self.reset)
            layers[f"pool{number}"] = nn.MaxPool2d(2)
        layers["flat"] = nn.Flatten()
        sizes = (self.channels[-1] * pixels, *self.hidden, classes)
        for number, (given, made) in enumerate(pairwise(sizes), 1):
            last = number == len(sizes) - 1
            layers["weights" if last else f"fc{number}"] = nn.Linear(given, made, bias=False)
            if not (last and self.silent):
                layers["out" if last else f"dense{number}"] = IF(self.threshold, self.reset)
        return Network(**layers)


class Spiking(Protocol):
    """An architecture of a spiking network that is a chain."""

    def build(self, shape: Sequence[int], classes: int) -> Network:
        """Return the network, with outputs (T, B, classes)."""


@dataclass(frozen=True)
class ByProxy:
    """The network `like`, to be trained by proxy; batch normalisations adapt for `settle` batches (None: always)."""

    like: Spiking = ProxyFashion()
    settle: int | None = None

    def build(self, shape: Sequence[int], classes: int) -> ProxyNetwork:
        """Return the network with its proxy.   Errors: those of `like`, and of `ProxyNetwork`."""
        return ProxyNetwork(self.like.build(shape, classes), settle=self.settle)


@dataclass(frozen=True)
class Artificial:
    """The artificial network of the same shape as `like`, with rectifiers, to be trained by itself and converted."""

    like: Spiking = ProxyFashion()

    def build(self, shape: Sequence[int], classes: int) -> Network:
        """Return the network, (B, C, H, W) in, (1, B, classes) out.   Errors: those of `like`, and of `artificial`."""
        return artificial(self.like.build(shape, classes))


def _convolution(given: int, made: int) -> tuple[nn.Module, nn.Module]:
    return nn.Conv2d(given, made, 3, padding=1, bias=False), nn.BatchNorm2d(made)
