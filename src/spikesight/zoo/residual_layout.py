"""How residual networks for images are laid out: a stem, stages of blocks that halve the picture, a mean, a readout."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep.hold import Hold
from spikesight.deep.network import Network
from spikesight.deep.residual import Basic, Bottleneck, Branch, MakeNeuron, convolution
from spikesight.deep.temporal import Temporal

MakeBlock = Callable[[int, int, int], Temporal]
"""Makes a block of given channels, channels that it gives, and stride."""


@dataclass(frozen=True)
class Layout:
    """`blocks` of each stage, what a block's branch is, and the `width` of the first stage; each next one is double.

    Errors: InputError without a stage, or with one that is empty.
    """

    blocks: tuple[int, ...] = (2, 2, 2, 2)
    branch: Branch = Basic()  # noqa: RUF009 (frozen)
    width: int = 64

    def __post_init__(self) -> None:
        if not self.blocks or min(self.blocks) < 1 or self.width < 1:
            raise InputError(f"each stage has a block or more, and channels: got {self}")


PUBLISHED = {
    18: Layout(),
    34: Layout((3, 4, 6, 3)),
    50: Layout((3, 4, 6, 3), Bottleneck()),
    101: Layout((3, 4, 23, 3), Bottleneck()),
    152: Layout((3, 8, 36, 3), Bottleneck()),
}
"""By number of layers.   Source: He et al., CVPR 2016."""


class Stem(Protocol):
    """What comes before the first block. Its convolution sees a still image, so it is computed once for all steps."""

    def layers(self, colours: int, width: int, steps: int, neuron: MakeNeuron) -> dict[str, nn.Module]:
        """Return layers by name, from images (B, colours, ...) to (steps, B, width, ...)."""


@dataclass(frozen=True)
class LargeStem:
    """For photographs: 7 x 7 with stride 2, and pooling 3 x 3 with stride 2."""

    def layers(self, colours: int, width: int, steps: int, neuron: MakeNeuron) -> dict[str, nn.Module]:
        """See `Stem`."""
        return _stem(colours, width, steps, neuron, 7, 2) | {"pool": nn.MaxPool2d(3, 2, 1)}


@dataclass(frozen=True)
class SmallStem:
    """For images of about 32 x 32: 3 x 3, no pooling."""

    def layers(self, colours: int, width: int, steps: int, neuron: MakeNeuron) -> dict[str, nn.Module]:
        """See `Stem`."""
        return _stem(colours, width, steps, neuron, 3, 1)


def stacked(layout: Layout, stem: dict[str, nn.Module], block: MakeBlock, classes: int) -> Network:
    """Return the network: stem, stages, mean over places, and a linear readout of each step, (T, B, classes)."""
    layers, inputs = dict(stem), layout.width
    for stage, number in enumerate(layout.blocks):
        outputs = layout.width * 2**stage * layout.branch.expansion
        made: dict[str, nn.Module] = {}
        for at in range(number):
            made[f"block{at + 1}"] = block(inputs, outputs, 2 if stage and not at else 1)
            inputs = outputs
        layers[f"stage{stage + 1}"] = Network(**made)
    layers |= {"mean": nn.AdaptiveAvgPool2d(1), "flat": nn.Flatten(), "out": nn.Linear(inputs, classes)}
    net = Network(**layers)
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
    return net


def _stem(colours: int, width: int, steps: int, neuron: MakeNeuron, size: int, stride: int) -> dict[str, nn.Module]:
    held = Hold(steps, convolution(colours, width, size, stride), nn.BatchNorm2d(width))
    return {"held": held, "neuron": neuron()}
