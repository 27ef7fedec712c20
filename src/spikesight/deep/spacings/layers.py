"""Convolutions with learned spacings, in one, two and three dimensions, in place of torch's convolutions."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.nn import functional

from spikesight.base.errors import InputError
from spikesight.deep.course import Course
from spikesight.deep.spacings.interpolation import Bilinear, Interpolation
from spikesight.deep.spacings.kernel import bounds, dense_kernel

SPREAD = 0.5
"""Standard deviation of the first positions, in cells."""

FASTER = 5.0
"""Rate of positions and widths over that of weights, as published."""


class Spaced(nn.Module, Course):
    """A convolution whose kernel has `elements` weights per pair of channels, each at a learned position.

    `weight` (O, I / groups, elements), `position` (d, O, I / groups, elements) in cells from the middle, `width` of the
    same shape where the interpolation has widths. `size` of the grid: one number, or one per axis; stride and padding
    as torch's convolutions have them. Positions begin near the middle (normal, 0.5 cells).
    Trained by `deep.training`, positions and widths have no weight decay and learn five times as fast as weights.
    Errors: InputError for numbers that do not go together.   Source: Khalfaoui-Hassani et al., ICLR 2023.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        elements: int,
        size: int | Sequence[int],
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] = 0,
        *,
        groups: int = 1,
        bias: bool = True,
        interpolation: Interpolation = Bilinear(),  # noqa: B008 (frozen)
    ) -> None:
        super().__init__()
        self.size = self._per_axis(size)
        self.stride, self.padding = self._per_axis(stride), self._per_axis(padding)
        if elements < 1 or min(self.size) < 1 or groups < 1 or in_channels % groups or out_channels % groups:
            raise InputError(
                f"{elements} elements on a grid of {self.size}, {in_channels} channels to {out_channels} in {groups} "
                "groups: one element and one cell at least, and groups that divide both numbers of channels"
            )
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.interpolation = interpolation
        shape = out_channels, in_channels // groups, elements
        self.weight = nn.Parameter(torch.empty(shape))
        self.position = nn.Parameter(torch.empty(len(self.size), *shape))
        first = interpolation.first_width
        self.width = None if first is None else nn.Parameter(torch.full((len(self.size), *shape), first))
        self.bias = nn.Parameter(torch.empty(out_channels)) if bias else None
        self._begin()

    @classmethod
    def like(
        cls,
        plain: nn.Module,
        elements: int,
        size: int | Sequence[int],
        interpolation: Interpolation = Bilinear(),  # noqa: B008 (frozen)
    ) -> Self:
        """Return a layer of the channels, groups, stride and bias of a plain convolution, padded to the same output.

        Fresh weights.   Errors: InputError where the plain one is of other dimensions, is dilated, or padded so that
        no padding of a whole number of cells gives the same output.
        """
        convolution: Any = plain
        if (
            not isinstance(plain, cls.plain())
            or convolution.padding_mode != "zeros"
            or set(convolution.dilation) != {1}
        ):
            raise InputError(f"{cls.__name__} stands for a {cls.plain().__name__} with zeros around, got {plain}")
        sizes = (size,) * cls.axes() if isinstance(size, int) else tuple(size)
        padding = convolution.padding
        if padding == "same":
            if any(k % 2 == 0 for k in convolution.kernel_size):
                raise InputError(
                    f"{plain}: an even kernel padded to the same size has more zeros on one side than a grid has"
                )
            padding = tuple((k - 1) // 2 for k in convolution.kernel_size)
        elif padding == "valid":
            padding = (0,) * cls.axes()
        more = [n - k for n, k in zip(sizes, convolution.kernel_size, strict=True)]
        if any(extra % 2 for extra in more) or any(p + extra // 2 < 0 for p, extra in zip(padding, more, strict=True)):
            raise InputError(
                f"a grid of {sizes} in place of a kernel of {convolution.kernel_size} with padding {padding}: no whole "
                "padding gives the same output; take a size that differs by an even number"
            )
        return cls(
            convolution.in_channels,
            convolution.out_channels,
            elements,
            sizes,
            convolution.stride,
            tuple(p + extra // 2 for p, extra in zip(padding, more, strict=True)),
            groups=convolution.groups,
            bias=convolution.bias is not None,
            interpolation=interpolation,
        )

    @classmethod
    @abstractmethod
    def axes(cls) -> int:
        """Number of spatial axes."""

    @classmethod
    @abstractmethod
    def plain(cls) -> type[nn.Module]:
        """Torch's convolution over as many axes."""

    @staticmethod
    @abstractmethod
    def convolve() -> Callable[..., Tensor]:
        """Torch's function for it."""

    def kernel(self) -> Tensor:
        """Return the dense kernel (O, I / groups, *size)."""
        with torch.autocast(self.weight.device.type, enabled=False):  # positions want all their digits
            return dense_kernel(self.weight, self.position, self.width, self.size, self.interpolation)

    def forward(self, x: Tensor) -> Tensor:
        """Return the convolution of x (B, I, ...) with the kernel: (B, O, ...)."""
        convolve = type(self).convolve()
        return convolve(x, self.kernel(), self.bias, self.stride, self.padding, 1, self.groups)

    @torch.no_grad()
    def settle(self) -> None:
        """Clamp the positions to the grid. The output is the same without; the parameters then tell where they are."""
        for d, n in enumerate(self.size):
            self.position[d].clamp_(*bounds(n))

    def rates(self) -> list[tuple[nn.Parameter, float]]:
        """See `Course`."""
        return [(own, FASTER) for own in (self.position, self.width) if own is not None]

    def extra_repr(self) -> str:
        """Return channels, elements and grid."""
        return (
            f"{self.in_channels}, {self.out_channels}, elements={self.weight.shape[-1]}, size={self.size}, "
            f"stride={self.stride}, padding={self.padding}, groups={self.groups}, {self.interpolation}"
        )

    @torch.no_grad()
    def _begin(self) -> None:
        nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        nn.init.normal_(self.position, 0.0, SPREAD)
        self.settle()
        if self.bias is not None:
            fan_in = self.weight[0].numel()
            nn.init.uniform_(self.bias, -1 / math.sqrt(fan_in), 1 / math.sqrt(fan_in))

    @classmethod
    def _per_axis(cls, value: int | Sequence[int]) -> tuple[int, ...]:
        values = (value,) * cls.axes() if isinstance(value, int) else tuple(value)
        if len(values) != cls.axes():
            raise InputError(f"{cls.__name__} has {cls.axes()} axes, got {values}: one number for all, or one each")
        return values


class Dcls1d(Spaced):
    """See `Spaced`: x (B, I, L)."""

    @classmethod
    def axes(cls) -> int:
        """One."""
        return 1

    @classmethod
    def plain(cls) -> type[nn.Module]:
        """See `Spaced`."""
        return nn.Conv1d

    @staticmethod
    def convolve() -> Callable[..., Tensor]:
        """See `Spaced`."""
        return functional.conv1d


class Dcls2d(Spaced):
    """See `Spaced`: x (B, I, H, W)."""

    @classmethod
    def axes(cls) -> int:
        """Two."""
        return 2

    @classmethod
    def plain(cls) -> type[nn.Module]:
        """See `Spaced`."""
        return nn.Conv2d

    @staticmethod
    def convolve() -> Callable[..., Tensor]:
        """See `Spaced`."""
        return functional.conv2d


class Dcls3d(Spaced):
    """See `Spaced`: x (B, I, D, H, W)."""

    @classmethod
    def axes(cls) -> int:
        """Three."""
        return 3

    @classmethod
    def plain(cls) -> type[nn.Module]:
        """See `Spaced`."""
        return nn.Conv3d

    @staticmethod
    def convolve() -> Callable[..., Tensor]:
        """See `Spaced`."""
        return functional.conv3d
