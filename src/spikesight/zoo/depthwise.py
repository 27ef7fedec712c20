"""Depthwise convolutions to choose from: a full grid of weights, or few weights at learned places in a larger one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from torch import nn


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
