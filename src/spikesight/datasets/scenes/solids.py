"""Bodies that rays meet in closed form, each in axes of its own, in metres."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import ClassVar, Protocol

from spikesight.base.errors import InputError
from spikesight.datasets.scenes.pose import Vector


class Solid(Protocol):
    """A convex body around its middle."""

    kind: ClassVar[int]
    """Its number among the bodies of `casting`."""

    @property
    def extent(self) -> Vector:
        """Half of its size along its axes."""


@dataclass(frozen=True)
class Sheet:
    """A flat rectangle, `width` along its x, `height` along its y; endless where none is told. Both sides are seen."""

    width: float = inf
    height: float = inf
    kind: ClassVar[int] = 0

    def __post_init__(self) -> None:
        _above_0(self, self.width, self.height)

    @property
    def extent(self) -> Vector:
        """Half of its size along its axes."""
        return self.width / 2.0, self.height / 2.0, 0.0


@dataclass(frozen=True)
class Box:
    """A cuboid, seen from outside."""

    width: float
    height: float
    depth: float
    kind: ClassVar[int] = 1

    def __post_init__(self) -> None:
        _above_0(self, self.width, self.height, self.depth)

    @property
    def extent(self) -> Vector:
        """Half of its size along its axes."""
        return self.width / 2.0, self.height / 2.0, self.depth / 2.0


@dataclass(frozen=True)
class Room:
    """A cuboid, seen from inside: four walls, a floor and a ceiling."""

    width: float
    height: float
    depth: float
    kind: ClassVar[int] = 2

    def __post_init__(self) -> None:
        _above_0(self, self.width, self.height, self.depth)

    @property
    def extent(self) -> Vector:
        """Half of its size along its axes."""
        return self.width / 2.0, self.height / 2.0, self.depth / 2.0


@dataclass(frozen=True)
class Sphere:
    """A ball."""

    radius: float
    kind: ClassVar[int] = 3

    def __post_init__(self) -> None:
        _above_0(self, self.radius)

    @property
    def extent(self) -> Vector:
        """Half of its size along its axes."""
        return self.radius, self.radius, self.radius


def _above_0(solid: object, *sizes: float) -> None:
    if not all(size > 0.0 for size in sizes):
        raise InputError(f"a body is larger than nothing, got {solid}")
