"""ConvNeXt in small: patches, then stages of blocks that look around in each channel and then mix the channels.

A network without spikes: its activation is GELU, and what it costs are multiplications.
Source: Liu et al., A ConvNet for the 2020s, CVPR 2022.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.deep.hold import Hold
from spikesight.deep.network import Network
from spikesight.deep.spacings.layers import Dcls2d
from spikesight.deep.spacings.positions import share_positions
from spikesight.zoo.depthwise import Depthwise, Grid

SMALL_SCALE = 1e-6
"""With which each block begins: it is nearly the identity."""


class LayerNorm2d(nn.LayerNorm):
    """Normalises over the channels of (B, C, H, W), at each place by itself."""

    def forward(self, x: Tensor) -> Tensor:
        """Return x, normalised."""
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Block(nn.Module):
    """x + scale MLP(norm(depthwise(x))): the MLP is four times as wide inside; each channel learns its `scale`."""

    def __init__(self, channels: int, depthwise: Depthwise, scale: float = SMALL_SCALE) -> None:
        super().__init__()
        self.depthwise = depthwise.build(channels)
        self.norm = LayerNorm2d(channels, eps=1e-6)
        self.widen = nn.Conv2d(channels, 4 * channels, 1)
        self.narrow = nn.Conv2d(4 * channels, channels, 1)
        self.scale = nn.Parameter(torch.full((channels, 1, 1), scale))

    def forward(self, x: Tensor) -> Tensor:
        """Return the output (B, C, H, W) for x of the same shape."""
        inside = nn.functional.gelu(self.widen(self.norm(self.depthwise(x))))
        y: Tensor = x + self.scale * self.narrow(inside)
        return y


@dataclass(frozen=True)
class SmallConvNext:
    """Stages of `depths` blocks and `widths` channels; between them, and at first by `patch`, the picture gets smaller.

    `depthwise` is how each block looks around; `scale` with which each block begins. With `places_of_stages`, blocks of
    a stage have the learned places of their kernels in common.
    Errors: InputError where depths and widths are not as many, or there is no stage.
    """

    depths: tuple[int, ...] = (2, 2)
    widths: tuple[int, ...] = (32, 64)
    patch: int = 2
    depthwise: Depthwise = Grid(7)  # noqa: RUF009 (frozen)
    scale: float = SMALL_SCALE
    places_of_stages: bool = False

    def __post_init__(self) -> None:
        if not self.depths or len(self.depths) != len(self.widths):
            raise InputError(f"each stage has a depth and a width, got {self.depths} and {self.widths}")

    def build(self, shape: tuple[int, ...], classes: int) -> Network:
        """Return the network for images of `shape` (C, H, W): (B, C, H, W) -> (1, B, classes), a single step."""
        layers: list[tuple[str, nn.Module]] = []
        channels = shape[0]
        for stage, (depth, width) in enumerate(zip(self.depths, self.widths, strict=True), 1):
            if stage == 1:
                smaller = [nn.Conv2d(channels, width, self.patch, self.patch), LayerNorm2d(width, eps=1e-6)]
            else:
                smaller = [LayerNorm2d(channels, eps=1e-6), nn.Conv2d(channels, width, 2, 2)]
            layers.append((f"down{stage}", nn.Sequential(*smaller)))
            blocks = [Block(width, self.depthwise, self.scale) for _ in range(depth)]
            if self.places_of_stages:
                share_positions([b.depthwise for b in blocks if isinstance(b.depthwise, Dcls2d)])
            layers.append((f"stage{stage}", nn.Sequential(*blocks)))
            channels = width
        pooled = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.LayerNorm(channels, eps=1e-6)]
        layers += zip(("pool", "flat", "norm"), pooled, strict=True)
        layers.append(("out", nn.Linear(channels, classes)))
        made = nn.Sequential()
        for name, layer in layers:
            made.add_module(name, layer)
        return Network(still=Hold(1, _initialised(made)))


def _initialised(net: nn.Sequential) -> nn.Sequential:
    """Draw weights from truncated normals of deviation 0.02, as published; other kinds of kernels stay."""
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.trunc_normal_(layer.weight, std=0.02)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return net
