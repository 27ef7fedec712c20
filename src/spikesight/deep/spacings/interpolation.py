"""How an element at a position between the cells of a grid is shared out among them, axis by axis.

An element's share in a cell is the product of its shares along the axes, so a kernel is built axis by axis and the
elements of a large kernel never stand in memory one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from spikesight.base.errors import InputError

NOT_ZERO = 1e-7
"""Added to a sum of shares before it divides."""


class Interpolation(Protocol):
    """Shares of cells 0 to s - 1 of an axis for elements at `place` (...) in cells: (..., s).

    `first_width` is where learned widths begin; None where there are none.
    """

    @property
    def first_width(self) -> float | None:
        """Width of every element along every axis before learning, in cells; None without widths."""

    def shares(self, place: Tensor, cells: int, width: Tensor | None) -> Tensor:
        """Return the shares (..., cells)."""


@dataclass(frozen=True)
class Bilinear:
    """The two cells beside the position, each the more the nearer; a position on a cell is that cell alone.

    The slope along the position is that of the pair of cells the element lies in, also on a cell and at the border.
    Source: Khalfaoui-Hassani et al., ICLR 2023.
    """

    first_width = None

    def shares(self, place: Tensor, cells: int, width: Tensor | None = None) -> Tensor:
        """See `Interpolation`."""
        lower = place.detach().floor().clamp(0, max(cells - 2, 0))
        past = (place - lower)[..., None]
        cell = torch.arange(cells, device=place.device, dtype=place.dtype)
        zero = torch.zeros((), dtype=place.dtype, device=place.device)
        below, above = cell == lower[..., None], cell == lower[..., None] + 1
        return torch.where(below, 1 - past, torch.where(above, past, zero))


@dataclass(frozen=True)
class Triangle:
    """``relu(1 - |cell - place|)``, divided by its sum: as `Bilinear`, but without a slope where the place is a cell.

    Source: the package dcls, version "v1".
    """

    first_width = None

    def shares(self, place: Tensor, cells: int, width: Tensor | None = None) -> Tensor:
        """See `Interpolation`."""
        return _normalised((1 - _away(place, cells).abs()).relu())


@dataclass(frozen=True)
class Largest:
    """``relu(1 + |width| - |cell - place|)``, divided by its sum: a triangle that can become wider.

    Widths of exactly 0 have no slope: begin above 0 where they shall be learned. Source: dcls, version "max".
    """

    first_width: float = 0.0

    def shares(self, place: Tensor, cells: int, width: Tensor | None) -> Tensor:
        """See `Interpolation`."""
        return _normalised((1 + _wide(width) - _away(place, cells).abs()).relu())


@dataclass(frozen=True)
class Gaussian:
    """``exp(-((cell - place) / (|width| + floor))^2 / 2)``, divided by its sum: an element feels the whole axis.

    Source: dcls, version "gauss", whose widths begin at a standard deviation of a half.
    Errors: InputError for a floor that is not above 0.
    """

    floor: float = 0.27
    first_width: float = 0.23

    def __post_init__(self) -> None:
        if not self.floor > 0.0:
            raise InputError(f"a Gaussian without width is no Gaussian: floor is above 0, got {self.floor}")

    def shares(self, place: Tensor, cells: int, width: Tensor | None) -> Tensor:
        """See `Interpolation`."""
        away = _away(place, cells) / (_wide(width) + self.floor)
        return _normalised((-0.5 * away.square()).exp())


def _away(place: Tensor, cells: int) -> Tensor:
    return torch.arange(cells, device=place.device, dtype=place.dtype) - place[..., None]


def _wide(width: Tensor | None) -> Tensor:
    if width is None:
        raise InputError("this interpolation has widths: hand in one for each element and axis")
    return width.abs()[..., None]


def _normalised(shares: Tensor) -> Tensor:
    return shares / (shares.sum(-1, keepdim=True) + NOT_ZERO)
