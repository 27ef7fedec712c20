"""Leaky neurons as one would write them in torch, a Python loop over time: the baseline of the benchmarks."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn


class _Spike(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, u: Tensor) -> Tensor:
        ctx.save_for_backward(u)
        return (u >= 0).to(u.dtype)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        (u,) = ctx.saved_tensors
        slope: Tensor = 1.0 / (1.0 + (math.pi * u) ** 2)
        return gradients[0] * slope


def plain_lif(x: Tensor, decay: float, threshold: float = 1.0) -> Tensor:
    """Return the spikes (T, B, ...) of a current x (T, B, ...); reset to zero, an arc tangent's derivative."""
    v, spikes = torch.zeros_like(x[0]), []
    for current in x:
        v = decay * v + current
        s: Tensor = _Spike.apply(v - threshold)  # type: ignore[no-untyped-call]
        v = v * (1.0 - s)
        spikes.append(s)
    return torch.stack(spikes)


class PlainLIF(nn.Module):
    """The same as a module.   `tau` and `dt` in seconds."""

    def __init__(self, tau: float = 2e-3, dt: float = 1e-3) -> None:
        super().__init__()
        self.decay = math.exp(-dt / tau)

    def forward(self, x: Tensor) -> Tensor:
        """Return the spikes (T, B, ...) of a current x (T, B, ...)."""
        return plain_lif(x, self.decay)
