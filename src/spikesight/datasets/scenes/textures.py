"""How bright a surface is, from 0 to 1, as a function of the place in the axes of its body, in metres.

Each is known as its mean over what a pixel sees of it, so that what is too fine for a pixel fades to grey: a picture
whose stripes flicker would make events that nothing moved.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple, Protocol

from spikesight.base.errors import InputError
from spikesight.datasets.scenes.pose import Vector


class Row(NamedTuple):
    """A texture as `shading` computes it: dark + (bright - dark) * pattern + rough * noise.

    The pattern is a product over the axes of pulses of `share` of a `period`, or, for checks, of square waves.
    """

    dark: float
    bright: float
    checks: float = 0.0
    period: Vector = (inf, inf, inf)
    share: Vector = (1.0, 1.0, 1.0)
    rough: float = 0.0
    size: float = 1.0


class Texture(Protocol):
    """How bright a surface is."""

    @property
    def row(self) -> Row:
        """The numbers that `shading` computes it from."""


@dataclass(frozen=True)
class Plain:
    """The same everywhere."""

    brightness: float = 0.5

    @property
    def row(self) -> Row:
        """The numbers that `shading` computes it from."""
        return _checked(Row(self.brightness, self.brightness))


@dataclass(frozen=True)
class Patches:
    """Bright patches on dark: along each axis `share` of every `period`, about 0. Windows, dashes, planks.

    An axis of endless period does not matter.   Errors, here and below: InputError where brightness leaves 0 to 1.
    """

    period: Vector
    share: Vector = (0.5, 0.5, 0.5)
    dark: float = 0.1
    bright: float = 0.9

    @property
    def row(self) -> Row:
        """The numbers that `shading` computes it from."""
        share = [s if p < inf else 1.0 for s, p in zip(self.share, self.period, strict=True)]
        return _checked(Row(self.dark, self.bright, 0.0, self.period, (share[0], share[1], share[2])))


@dataclass(frozen=True)
class Stripes:
    """Bright and dark in turns along one axis, 0 to 2; a bright stripe lies about 0."""

    period: float
    dark: float = 0.1
    bright: float = 0.9
    axis: int = 0

    @property
    def row(self) -> Row:
        """The numbers that `shading` computes it from."""
        x, y, z = (self.period if axis == self.axis else inf for axis in range(3))
        return Patches((x, y, z), dark=self.dark, bright=self.bright).row


@dataclass(frozen=True)
class Checks:
    """A chessboard of cubes of `size`, one of them with its middle at 0."""

    size: float
    dark: float = 0.1
    bright: float = 0.9

    @property
    def row(self) -> Row:
        """The numbers that `shading` computes it from."""
        return _checked(Row(self.dark, self.bright, 1.0, (2.0 * self.size,) * 3, (0.5, 0.5, 0.5)))


@dataclass(frozen=True)
class Noise:
    """Smooth noise: waves in random directions, no longer than `size` and no shorter than a quarter of it.

    Waves fade sooner than their mean over a pixel would: those of 1.4 pixels are gone.
    """

    size: float
    dark: float = 0.1
    bright: float = 0.9

    @property
    def row(self) -> Row:
        """The numbers that `shading` computes it from."""
        middle, half = (self.dark + self.bright) / 2.0, (self.bright - self.dark) / 2.0
        return _checked(Row(middle, middle, rough=half, size=self.size))


@dataclass(frozen=True)
class Rough:
    """Another texture with noise of `size` on it, `amount` brighter or darker at most."""

    texture: Texture
    amount: float = 0.1
    size: float = field(default=0.5)

    @property
    def row(self) -> Row:
        """The numbers that `shading` computes it from."""
        row = self.texture.row
        return _checked(row._replace(rough=self.amount, size=self.size))


def _checked(row: Row) -> Row:
    least, most = min(row.dark, row.bright) - abs(row.rough), max(row.dark, row.bright) + abs(row.rough)
    if not (least >= -1e-9 and most <= 1.0 + 1e-9 and row.size > 0.0 and all(p > 0.0 for p in row.period)):
        raise InputError(f"brightness goes from 0 to 1 and sizes are above 0, got {least:.3g} to {most:.3g} ({row})")
    return row
