"""Solids that fly and turn before a wall, and a camera that sways."""

from __future__ import annotations

import numpy as np

from spikesight.base.randomness import generator
from spikesight.datasets.scenes.camera import Camera
from spikesight.datasets.scenes.labels import Label
from spikesight.datasets.scenes.path import Steady, Swaying
from spikesight.datasets.scenes.pose import Vector
from spikesight.datasets.scenes.solids import Box, Sheet, Sphere
from spikesight.datasets.scenes.textures import Checks, Noise, Stripes
from spikesight.datasets.scenes.world import Light, Part, Scene, Thing


def build(seed: int, seconds: float, camera: Camera) -> Scene:
    """Return the solids of a seed. Nothing is shaded: a place on a solid is equally bright however it turns."""
    random = generator(seed, "shapes")
    things = [Thing((Part(Sheet(), Noise(1.0, 0.3, 0.7), Steady((0.0, 0.0, 6.0))),), Label.WALL)]
    for k in range(6):
        size = random.uniform(0.4, 0.8)
        texture = (Checks(size / 3.0), Noise(size), Stripes(size / 2.0))[k % 3]
        solid = Sphere(size / 2.0) if k % 2 else Box(size, size * random.uniform(0.6, 1.2), size)
        place = (random.uniform(-1.4, 1.4), random.uniform(-1.0, 1.0), random.uniform(2.5, 4.5))
        path = Steady(place, _drawn(random, 0.5), spin=_drawn(random, 1.5))
        things.append(Thing((Part(solid, texture),), Label.OBJECT, path))
    hand = Swaying(Steady(), (0.05, 0.03, 0.0), (0.02, 0.03, 0.04), 1.0, random.uniform(0.0, 6.0))
    return Scene(tuple(things), camera, hand, seconds, Light(ambient=1.0, diffuse=0.0), seed)


def _drawn(random: np.random.Generator, spread: float) -> Vector:
    x, y, z = random.uniform(-spread, spread, 3)
    return float(x), float(y), float(z)
