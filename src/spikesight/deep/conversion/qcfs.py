"""An activation made for conversion: as many values as a spiking neuron has rates in a few steps."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from spikesight.base.errors import InputError

SMALLEST = 1e-3
"""Of the largest value: learning does not take it to 0 or below."""


class Floor(torch.autograd.Function):
    """The next whole number below; backwards as if it were not there (straight through)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """Return floor(x)."""
        return x.floor()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        """Return the gradient as it came."""
        return gradients[0]


class QCFS(nn.Module):
    """Quantise, clip, floor, shift: ``a clip(floor(z L / a + 1/2) / L, 0, 1)``, L = `levels` and a learned `height` a.

    What an integrate-and-fire neuron of threshold a does in L steps of a constant current z, begun at a / 2 and reset
    by subtraction: its rate times a is exactly this. `height` is where learning begins.
    Source: Bu et al., ICLR 2022.   Errors: InputError for fewer than one level or a height that is not positive.
    """

    def __init__(self, levels: int = 8, height: float = 8.0) -> None:
        super().__init__()
        if levels < 1 or not height > 0.0:
            raise InputError(f"QCFS has a level at least and a height above 0, got {levels} and {height}")
        self.levels = levels
        self.height = nn.Parameter(torch.tensor(float(height)))

    @property
    def top(self) -> Tensor:
        """The largest value there is."""
        return self.height.clamp(min=SMALLEST)

    def forward(self, z: Tensor) -> Tensor:
        """Return the activation of z, any shape."""
        share = (z / self.top).clamp(0.0, 1.0)
        quantised: Tensor = Floor.apply(share * self.levels + 0.5)  # type: ignore[no-untyped-call]
        return self.top * (quantised / self.levels)

    def extra_repr(self) -> str:
        """Return levels and height."""
        return f"levels={self.levels}, height={float(self.height.detach()):g}"
