"""ConvMixer: patches, then blocks of one depthwise and one pointwise convolution, all of the same size.

A network without spikes. As all blocks have the same shape, they may all share one kernel of each kind.
Source: Trockman & Kolter, Patches are all you need?, TMLR 2023; shared: Azadbakht et al., 2022 (arXiv 2210.14151).
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.deep.hold import Hold
from spikesight.deep.network import Network
from spikesight.deep.sharing import CONVOLUTIONS, share_kernels
from spikesight.deep.spacings.layers import Spaced
from spikesight.zoo.depthwise import Depthwise, Grid


class Mixer(nn.Module):
    """x + norm(gelu(depthwise(x))), then norm(gelu(pointwise(.)))."""

    def __init__(self, width: int, depthwise: Depthwise) -> None:
        super().__init__()
        self.depthwise, self.norm1 = depthwise.build(width), nn.BatchNorm2d(width)
        self.pointwise, self.norm2 = nn.Conv2d(width, width, 1), nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        """Return the output (B, C, H, W) for x of the same shape."""
        x = x + self.norm1(nn.functional.gelu(self.depthwise(x)))
        y: Tensor = self.norm2(nn.functional.gelu(self.pointwise(x)))
        return y


@dataclass(frozen=True)
class ConvMixer:
    """`depth` blocks of `width` channels on patches of `patch` x `patch` pixels; `shared`: one kernel of each kind.

    Normalisations are each block's own.   Errors: InputError without a block, channel or pixel.
    """

    width: int = 256
    depth: int = 16
    patch: int = 1
    depthwise: Depthwise = Grid(9)  # noqa: RUF009 (frozen)
    shared: bool = False

    def __post_init__(self) -> None:
        if min(self.width, self.depth, self.patch) < 1:
            raise InputError(f"a block, a channel and a pixel at least are needed, got {self}")

    def build(self, shape: tuple[int, ...], classes: int) -> Network:
        """Return the network for images of `shape` (C, H, W): (B, C, H, W) in, (1, B, classes) out, a single step."""
        made = nn.Sequential()
        made.add_module("patches", nn.Conv2d(shape[0], self.width, self.patch, self.patch))
        made.add_module("gelu", nn.GELU())
        made.add_module("norm", nn.BatchNorm2d(self.width))
        blocks = nn.Sequential(*(Mixer(self.width, self.depthwise) for _ in range(self.depth)))
        if self.shared and self.depth > 1:
            share_kernels(blocks, (*CONVOLUTIONS, Spaced))
        made.add_module("blocks", blocks)
        made.add_module("mean", nn.AdaptiveAvgPool2d(1))
        made.add_module("flat", nn.Flatten())
        made.add_module("out", nn.Linear(self.width, classes))
        return Network(still=Hold(1, made))
