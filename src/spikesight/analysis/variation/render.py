"""One image under one variation: what comes of it, and what chance chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.variation.kinds import Draw, Kind, Scene, draws
from spikesight.analysis.variation.pose import AS_IT_IS, Pose, posed
from spikesight.base.errors import InputError

LEVELS: Final = 3
"""Of variation, beside none."""


@dataclass(frozen=True)
class Variation:
    """One or more `kinds` at `level` of `levels`, as the draws of `seed` have it. At level 0 nothing varies.

    Errors: InputError for a level that is not between 0 and `levels`.
    """

    kinds: tuple[Kind, ...]
    level: int = 0
    seed: int = 0
    levels: int = LEVELS

    def __post_init__(self) -> None:
        if not 0 <= self.level <= self.levels or self.levels < 1:
            raise InputError(f"a level is 0 to {self.levels}, and there is one at least; got {self.level}")

    @property
    def share(self) -> float:
        """Of the most that is asked for."""
        return self.level / self.levels


class Parameters(NamedTuple):
    """What was done to an image: its pose, how far each kind could go, and the share of its ink that was kept.

    `ink` compares sums over the background before and after moving: below 1, a part of the object left the image.
    """

    pose: Pose
    amounts: dict[str, float]
    ink: float


def render(
    image: NDArray[Any],
    variation: Variation,
    draw: Draw | None = None,
    scene: Scene = Scene(),  # noqa: B008 (frozen)
) -> tuple[NDArray[Any], Parameters]:
    """Return an image (rows, columns) under a variation, and what was done.

    Whole numbers stay so: they are rounded, and cut to 0 and white. `draw` is that of the image among others (None:
    that of the first one). Level 0 is the image bit for bit.
    """
    share = variation.share
    amounts = {kind.name: kind.amount(share) for kind in variation.kinds}
    if not variation.level:
        return np.array(image), Parameters(AS_IT_IS, amounts, 1.0)
    chance = draws(variation.seed, [0])[0] if draw is None else draw
    pose = AS_IT_IS
    for kind in variation.kinds:
        pose = pose + kind.pose(chance, share)
    found = posed(image, pose, scene.background)
    ink = _ink(image, found, pose, scene.background)
    for kind in variation.kinds:
        found = kind.applied(found, chance, share, scene)
    return as_given(found, image.dtype, scene.white), Parameters(pose, amounts, ink)


def rendered(
    images: NDArray[Any], shape: tuple[int, int], variation: Variation, chances: Sequence[Draw], scene: Scene
) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Return flat images (B, pixels) under a variation, each with its draw, and the ink (B,) that each kept."""
    found, ink = np.empty_like(images), np.empty(len(images))
    for row, (image, draw) in enumerate(zip(images, chances, strict=True)):
        out, parameters = render(image.reshape(shape), variation, draw, scene)
        found[row], ink[row] = out.ravel(), parameters.ink
    return found, ink


def as_given(image: NDArray[np.float64], dtype: np.dtype[Any], white: float) -> NDArray[Any]:
    """Return an image as numbers of the type that it had."""
    return np.rint(image).clip(0, white).astype(dtype) if dtype.kind in "ui" else image.astype(dtype)


def _ink(image: NDArray[Any], found: NDArray[np.float64], pose: Pose, background: float) -> float:
    before = float(np.abs(np.asarray(image, np.float64) - background).sum())
    after = float(np.abs(found - background).sum()) / 4.0**pose.octaves
    return after / before if before else 1.0
