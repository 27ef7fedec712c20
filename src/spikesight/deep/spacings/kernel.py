"""Large kernels from few elements at learned positions.

Our axes: position index d belongs to spatial axis d, in order (0 = depth or rows, last = columns). A position of 0 is
the middle cell, floor(size / 2), of its axis, whatever the sizes of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from spikesight.base.errors import InputError
from spikesight.deep.spacings.interpolation import Interpolation

AXES = "xyz"


class Inside(torch.autograd.Function):
    """Places clamped to 0 .. last. What lies outside or at the border gets the gradient that draws it in, no other.

    So an optimiser that knows nothing of the border cannot lose an element: it stops there, and comes back when the
    loss asks for it, where a plain clamp would hold it for good.
    """

    @staticmethod
    def forward(ctx: Any, place: Tensor, last: float) -> Tensor:
        """Return the places within 0 .. last."""
        ctx.save_for_backward(place)
        ctx.last = last
        return place.clamp(0.0, last)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        """Return the gradient, without what pushes out over the border (a step goes against the gradient)."""
        (place,) = ctx.saved_tensors
        (gradient,) = gradients
        outwards = ((place <= 0.0) & (gradient > 0)) | ((place >= ctx.last) & (gradient < 0))
        return gradient.masked_fill(outwards, 0.0), None


def inside(place: Tensor, cells: int) -> Tensor:
    """Return places clamped to the cells 0 .. cells - 1 of an axis; see `Inside` for the gradient."""
    clamped: Tensor = Inside.apply(place, float(cells - 1))  # type: ignore[no-untyped-call]
    return clamped


def bounds(cells: int) -> tuple[float, float]:
    """Return the least and largest position, relative to the middle cell, on an axis of so many cells."""
    return -float(cells // 2), float(cells - 1 - cells // 2)


def dense_kernel(
    weight: Tensor, position: Tensor, width: Tensor | None, size: Sequence[int], interpolation: Interpolation
) -> Tensor:
    """Return the kernel (O, I, *size) of elements with `weight` (O, I, K) at `position` (d, O, I, K), in cells.

    `width` (d, O, I, K) where the interpolation has widths. Elements beyond the grid count as at its border.
    Errors: InputError where shapes do not belong together.
    Source: Khalfaoui-Hassani et al., ICLR 2023 and arXiv 2306.00817; axes as said at the head of this file.
    """
    if position.shape != (len(size), *weight.shape):
        raise InputError(
            f"weights {tuple(weight.shape)} on a grid of {tuple(size)} need positions {(len(size), *weight.shape)}, "
            f"got {tuple(position.shape)}"
        )
    along = [
        interpolation.shares(inside(position[d] + n // 2, n), n, None if width is None else width[d])
        for d, n in enumerate(size)
    ]
    axes = AXES[: len(size)]
    terms = ",".join(["oik", *(f"oik{axis}" for axis in axes)])
    return torch.einsum(f"{terms}->oi{axes}", weight, *along)
