"""Depthwise convolutions to choose from: a full grid of weights, or few weights at learned places in a larger one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from torch import nn

from spikesight.deep.spacings.interpolation import Bilinear, Interpolation
from spikesight.deep.spacings.layers import Dcls2d


class Depthwise(Protocol):
    """How a layer looks around in each channel."""

    def build(self, channels: int) -> nn.Module:
        """Return a module that keeps the shape of (B, channels, rows, columns)."""


@dataclass(frozen=True)
class Grid:
    """An ordinary depthwise convolution: size x size weights for each channel."""

    size: int = 7

    def build(self, channels: int) -> nn.Module:
        """See `Depthwise`."""
        return nn.Conv2d(channels, channels, self.size, padding=self.size // 2, groups=channels)


@dataclass(frozen=True)
class LearnedPlaces:
    """`elements` weights for each channel, each at a place in size x size that is learned with it, unless `fixed`.

    Source: Khalfaoui-Hassani et al., Dilated convolution with learnable spacings, ICLR 2023.
    """

    size: int = 17
    elements: int = 34
    interpolation: Interpolation = Bilinear()  # noqa: RUF009 (frozen)
    fixed: bool = False

    def build(self, channels: int) -> nn.Module:
        """See `Depthwise`; fixed places are drawn evenly from all of the grid, learned ones begin near its middle."""
        half, n, between = self.size // 2, channels, self.interpolation
        made = Dcls2d(n, n, self.elements, self.size, padding=half, groups=n, interpolation=between)
        if self.fixed:
            nn.init.uniform_(made.position, -half, half)
            made.position.requires_grad_(False)
        return made
