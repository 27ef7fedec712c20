"""What can vary in an image, each by degrees. A share of 0 is the image as it is, of 1 the most that is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.variation import frequency
from spikesight.analysis.variation.pose import AS_IT_IS, Pose
from spikesight.base.errors import InputError, UnknownName
from spikesight.base.randomness import generator

DRAWN: Final = ("right", "down", "octaves", "degrees", "azimuth", "elevation")
"""What the numbers of a draw stand for, in the order of the paper's conditions."""


FINEST: Final = 64.0
"""What stands for an infinite value, between a level that takes nothing away and one that does."""


class Draw(NamedTuple):
    """What chance has to say about one image: `u` (6,) between -1 and 1, and generators of its own for the rest.

    It does not depend on the kind of variation or its level, so that every comparison is between the same draws.
    """

    u: NDArray[np.float64]
    seed: int
    image: int

    def random(self, purpose: str) -> np.random.Generator:
        """Return the generator of this image for one purpose, always from its beginning."""
        return generator(self.seed, f"variation {purpose}", self.image)


def draws(seed: int, images: Iterable[int]) -> list[Draw]:
    """Return the draws of images, by their places in the data set."""
    places = list(images)
    u = generator(seed, "variation").uniform(-1.0, 1.0, (max(places, default=-1) + 1, len(DRAWN)))
    return [Draw(u[place], seed, place) for place in places]


class Scene(NamedTuple):
    """What is known of an image besides its pixels: the value of its `background` and the brightest it can be."""

    background: float = 0.0
    white: float = 255.0


class Kind(Protocol):
    """Something that can vary."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def unit(self) -> str:
        """What `amount` counts."""

    def amount(self, share: float) -> float:
        """Return how far it may go at a share of the most."""

    def pose(self, draw: Draw, share: float) -> Pose:
        """Return how it moves an image."""

    def applied(self, image: NDArray[np.float64], draw: Draw, share: float, scene: Scene) -> NDArray[np.float64]:
        """Return an image, in its pose, with what else it does."""


@dataclass(frozen=True)
class _OfPose:
    """A kind that moves an image and changes nothing else. `most` is its range, in either direction."""

    most: float

    def __post_init__(self) -> None:
        if not 0 <= self.most < np.inf:
            raise InputError(f"the most that a pose varies is a number from 0 on, got {self.most}")

    def amount(self, share: float) -> float:
        """See `Kind`."""
        return share * self.most

    def applied(self, image: NDArray[np.float64], draw: Draw, share: float, scene: Scene) -> NDArray[np.float64]:
        """See `Kind`."""
        return image


@dataclass(frozen=True)
class Position(_OfPose):
    """Moved by up to `most` pixels right or left and up or down."""

    most: float = 6.0
    name = "position"
    unit = "pixels"

    def pose(self, draw: Draw, share: float) -> Pose:
        """See `Kind`."""
        return Pose(right=draw.u[0] * self.amount(share), down=draw.u[1] * self.amount(share))


@dataclass(frozen=True)
class Scale(_OfPose):
    """Larger or smaller by up to `most` octaves."""

    most: float = 1.0
    name = "scale"
    unit = "octaves"

    def pose(self, draw: Draw, share: float) -> Pose:
        """See `Kind`."""
        return Pose(octaves=draw.u[2] * self.amount(share))


@dataclass(frozen=True)
class Rotation(_OfPose):
    """Turned in the plane by up to `most` degrees either way."""

    most: float = 60.0
    name = "rotation"
    unit = "degrees"

    def pose(self, draw: Draw, share: float) -> Pose:
        """See `Kind`."""
        return Pose(degrees=draw.u[3] * self.amount(share))


@dataclass(frozen=True)
class _ByLevel:
    """A kind that leaves the pose alone. `values` by level, the first of which changes nothing."""

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.values) < 2:
            raise InputError(f"values are what nothing is changed at and the most, or more between; got {self.values}")
        if not all(value >= 0 for value in self.values):
            raise InputError(f"values by level are numbers from 0 on, got {self.values}")

    def amount(self, share: float) -> float:
        """See `Kind`. Between levels, values lie evenly."""
        return float(np.interp(share * (len(self.values) - 1), range(len(self.values)), self.values))

    def pose(self, draw: Draw, share: float) -> Pose:
        """See `Kind`."""
        return AS_IT_IS


@dataclass(frozen=True)
class Contrast(_ByLevel):
    """Differences to the background as large as the value says."""

    values: tuple[float, ...] = (1.0, 0.5, 0.25, 0.1)
    name = "contrast"
    unit = "of its contrast"

    def applied(self, image: NDArray[np.float64], draw: Draw, share: float, scene: Scene) -> NDArray[np.float64]:
        """See `Kind`."""
        return scene.background + self.amount(share) * (image - scene.background)


@dataclass(frozen=True)
class Noise(_ByLevel):
    """Gaussian noise of its own on every pixel, with a deviation that is a share of white; cut to 0 and white."""

    values: tuple[float, ...] = (0.0, 0.1, 0.2, 0.4)
    name = "noise"
    unit = "of white"

    def applied(self, image: NDArray[np.float64], draw: Draw, share: float, scene: Scene) -> NDArray[np.float64]:
        """See `Kind`."""
        rough = image + self.amount(share) * scene.white * draw.random("noise").standard_normal(image.shape)
        return rough.clip(min(0.0, image.min()), max(scene.white, image.max()))


@dataclass(frozen=True)
class Occlusion(_ByLevel):
    """A square of the background, somewhere inside, over a share of the image."""

    values: tuple[float, ...] = (0.0, 0.1, 0.25, 0.5)
    name = "occlusion"
    unit = "of the image"

    def applied(self, image: NDArray[np.float64], draw: Draw, share: float, scene: Scene) -> NDArray[np.float64]:
        """See `Kind`. The same place at every level, as far as the square fits there."""
        sides = [round(side * self.amount(share) ** 0.5) for side in image.shape]
        where = draw.random("occlusion").random(2)
        first = [round(at * (whole - side)) for at, whole, side in zip(where, image.shape, sides, strict=True)]
        hidden = image.copy()
        hidden[first[0] : first[0] + sides[0], first[1] : first[1] + sides[1]] = scene.background
        return hidden


@dataclass(frozen=True)
class LowPass(_ByLevel):
    """Only frequencies up to the value, with a sharp edge or, if `smooth`, a Gaussian that is 1/2 there; `restore`
    gives the image its mean and contrast back.
    """

    values: tuple[float, ...] = (np.inf, 8.0, 4.0, 2.0)
    smooth: bool = False
    restore: bool = True
    name = "low-pass"
    unit = "cycles/image"

    def amount(self, share: float) -> float:
        """See `Kind`. Between levels, values lie evenly on a logarithmic scale."""
        return _evenly_in_octaves(self.values, share)

    def applied(self, image: NDArray[np.float64], draw: Draw, share: float, scene: Scene) -> NDArray[np.float64]:
        """See `Kind`."""
        edge = self.amount(share)
        passed = frequency.gaussian_low(image, edge) if self.smooth else frequency.band(image, None, edge)
        return frequency.restored(passed, image) if self.restore else passed


@dataclass(frozen=True)
class HighPass(_ByLevel):
    """Only frequencies above the value; `smooth` and `restore` as in `LowPass`."""

    values: tuple[float, ...] = (0.0, 2.0, 4.0, 8.0)
    smooth: bool = False
    restore: bool = True
    name = "high-pass"
    unit = "cycles/image"

    def applied(self, image: NDArray[np.float64], draw: Draw, share: float, scene: Scene) -> NDArray[np.float64]:
        """See `Kind`."""
        edge = self.amount(share)
        smooth = self.smooth and edge > 0
        passed = frequency.gaussian_high(image, edge) if smooth else frequency.band(image, edge, np.inf)
        return frequency.restored(passed, image) if self.restore else passed


@dataclass(frozen=True)
class BandPass(_ByLevel):
    """Only frequencies within so many octaves of `centre`; the narrowest band is that of 4 to 8 cycles per image.
    `restore` as in `LowPass`.
    """

    values: tuple[float, ...] = (np.inf, 2.0, 1.0, 0.5)
    centre: float = 32.0**0.5
    restore: bool = True
    name = "band-pass"
    unit = "octaves either way"

    def amount(self, share: float) -> float:
        """See `Kind`. Between levels, values lie evenly on a logarithmic scale."""
        return _evenly_in_octaves(self.values, share)

    def applied(self, image: NDArray[np.float64], draw: Draw, share: float, scene: Scene) -> NDArray[np.float64]:
        """See `Kind`."""
        reach = 2.0 ** min(self.amount(share), FINEST)
        passed = frequency.band(image, self.centre / reach, self.centre * reach)
        return frequency.restored(passed, image) if self.restore else passed


def _evenly_in_octaves(values: tuple[float, ...], share: float) -> float:
    at = share * (len(values) - 1)
    below = int(at)
    if at == below:
        return values[below]
    return float(np.exp2(np.interp(at, range(len(values)), np.log2(np.minimum(values, FINEST)))))


KINDS: Final[dict[str, tuple[Kind, ...]]] = {
    "position": (Position(),),
    "scale": (Scale(),),
    "rotation": (Rotation(),),
    "contrast": (Contrast(),),
    "noise": (Noise(),),
    "occlusion": (Occlusion(),),
    "frequency": (LowPass(), HighPass()),
    "band": (BandPass(),),
}
"""What can be asked for by name, with its usual range; a spatial frequency is taken away from either end."""


def named(names: Iterable[str]) -> tuple[Kind, ...]:
    """Return what is meant by names, once each.   Errors: UnknownName with the nearest ones."""
    found: list[Kind] = []
    for name in dict.fromkeys(names):
        if name not in KINDS:
            raise UnknownName("variation", name, KINDS)
        found += KINDS[name]
    return tuple(found)
