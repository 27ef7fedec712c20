"""What kernels with elements at learned places stand beside: full grids of as many numbers, and places that stay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from spikesight.datasets.images import ImageSet
from spikesight.recipes.controls import retrained
from spikesight.zoo.depthwise import Depthwise, Grid, LearnedPlaces


def grid_of(places: LearnedPlaces) -> Grid:
    """Return the smallest full kernel of an odd size that has at least as many numbers as `places` learn."""
    size = 1
    while numbers(Grid(size)) < numbers(places):
        size += 2
    return Grid(size)


def numbers(depthwise: Depthwise) -> int:
    """Return how many numbers a channel learns: of learned places weights, places, and widths where there are any."""
    return sum(parameter.numel() for parameter in depthwise.build(1).parameters())


def full_grid(model: Any, images: ImageSet) -> float:
    """Return the test accuracy with `grid_of` the kernels in their place."""
    return _with(model, images, grid_of(model.architecture.depthwise))


def fixed_places(model: Any, images: ImageSet) -> float:
    """Return the test accuracy with as many elements whose places, drawn evenly from the grid, are not learned."""
    return _with(model, images, replace(model.architecture.depthwise, fixed=True))


def _with(model: Any, images: ImageSet, depthwise: Depthwise) -> float:
    return retrained(model, images, architecture=replace(model.architecture, depthwise=depthwise))
