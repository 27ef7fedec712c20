"""Residual network for small images whose blocks weigh their channels ("squeeze and excitation"). Without spikes.

Source: Hu et al., CVPR 2018; as shared within stages: Azadbakht et al., 2022 (arXiv 2210.14151).
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.deep.hold import Hold
from spikesight.deep.network import Network
from spikesight.deep.residual import convolution
from spikesight.deep.sharing import share_kernels

STEM = 16
"""Channels before the first stage."""


class Weighing(nn.Module):
    """Multiplies each channel by a number of 0 to 1 that the means of all channels decide; without bias."""

    def __init__(self, channels: int, reduction: int = 16) -> None:
        super().__init__()
        inside = channels // reduction
        self.squeeze = nn.Linear(channels, inside, bias=False)
        self.excite = nn.Linear(inside, channels, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Return the output (B, C, H, W) for x of the same shape."""
        weights = self.excite(self.squeeze(x.mean((2, 3))).relu()).sigmoid()
        y: Tensor = x * weights[:, :, None, None]
        return y


class Block(nn.Module):
    """relu(weighed(norm(conv(relu(norm(conv(x)))))) + shortcut)."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1, self.norm1 = convolution(inputs, outputs, 3, stride), nn.BatchNorm2d(outputs)
        self.conv2, self.norm2 = convolution(outputs, outputs, 3), nn.BatchNorm2d(outputs)
        self.weighing = Weighing(outputs)
        self.shortcut = nn.Sequential()
        if inputs != outputs or stride != 1:
            self.shortcut = nn.Sequential(convolution(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        """Return the output of the block."""
        inside = self.norm1(self.conv1(x)).relu()
        y: Tensor = self.weighing(self.norm2(self.conv2(inside))) + self.shortcut(x)
        return y.relu()


@dataclass(frozen=True)
class SeResNet:
    """Three stages of `blocks` blocks each; `shared`: in each stage one 3 x 3 kernel for all that keep the channels.

    The first convolution of a stage changes channels and stays private.   Errors: InputError without a block.
    """

    blocks: int = 2
    widths: tuple[int, ...] = (64, 128, 256)
    shared: bool = False

    def __post_init__(self) -> None:
        if self.blocks < 1 or not self.widths:
            raise InputError(f"a stage and a block at least are needed, got {self}")

    def build(self, shape: tuple[int, ...], classes: int) -> Network:
        """Return the network for images of `shape` (C, H, W): (B, C, H, W) in, (1, B, classes) out, a single step."""
        stem = [convolution(shape[0], STEM, 3), nn.BatchNorm2d(STEM), nn.ReLU()]
        made, inputs = nn.Sequential(), STEM
        made.add_module("stem", nn.Sequential(*stem))
        for number, width in enumerate(self.widths, 1):
            blocks = []
            for at in range(self.blocks):
                blocks.append(Block(inputs, width, 2 if number > 1 and not at else 1))
                inputs = width
            stage = nn.Sequential(*blocks)
            if self.shared and self.blocks > 1:
                share_kernels(stage)
            made.add_module(f"stage{number}", stage)
        made.add_module("mean", nn.AdaptiveAvgPool2d(1))
        made.add_module("flat", nn.Flatten())
        made.add_module("out", nn.Linear(inputs, classes))
        return Network(still=Hold(1, made))
