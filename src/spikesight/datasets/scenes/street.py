"""A street: a car drives along it between houses, trees and people, and other cars come and go."""

from __future__ import annotations

from math import inf, pi

import numpy as np

from spikesight.base.randomness import generator
from spikesight.datasets.scenes.camera import Camera
from spikesight.datasets.scenes.labels import Label
from spikesight.datasets.scenes.path import Steady, Swaying
from spikesight.datasets.scenes.solids import Box, Sheet, Sphere
from spikesight.datasets.scenes.textures import Checks, Noise, Patches, Plain, Rough
from spikesight.datasets.scenes.world import Part, Scene, Thing

FLAT = (pi / 2.0, 0.0, 0.0)
ROAD, WALK = 3.5, 2.5
"""Half of the road's width and the width of a walk beside it, metres."""
EYE = 1.5
"""The camera is so high; the road lies at y = 0."""


def build(seed: int, seconds: float, camera: Camera) -> Scene:
    """Return the street of a seed."""
    random = generator(seed, "street")
    speed = random.uniform(6.0, 12.0)
    far = speed * seconds + 70.0
    things = [_ground(), _lines(), *_walks(far)]
    for side in (-1.0, 1.0):
        things += _houses(random, side, far) + _along(random, side, far)
    things += _cars(random, far) + _people(random, far)
    drive = Steady((-ROAD / 2.0, -EYE, 0.0), (0.0, 0.0, speed))
    steered = Swaying(drive, (0.3, 0.0, 0.0), (0.0, random.uniform(0.02, 0.06), 0.0), 0.4, random.uniform(0.0, 6.0))
    bumps = Swaying(steered, (0.0, 0.015, 0.0), (0.006, 0.0, 0.003), random.uniform(1.5, 3.0), random.uniform(0.0, 6.0))
    return Scene(tuple(things), camera, bumps, seconds, seed=seed)


def _ground() -> Thing:
    return Thing((Part(Sheet(), Noise(0.8, 0.25, 0.5), Steady(turn=FLAT)),), Label.ROAD)


def _lines() -> Thing:
    dashes = Patches((inf, 6.0, inf), (1.0, 0.5, 1.0), 0.35, 0.95)
    return Thing((Part(Sheet(0.15, 4000.0), dashes, Steady((0.0, -0.005, 0.0), turn=FLAT)),), Label.ROAD)


def _walks(far: float) -> list[Thing]:
    slabs = Rough(Checks(0.6, 0.5, 0.7), 0.1, 0.5)
    return [
        Thing((Part(Box(WALK, 0.12, far + 100.0), slabs, Steady((side * (ROAD + WALK / 2.0), -0.06, far / 2.0))),),
              Label.SIDEWALK)
        for side in (-1.0, 1.0)
    ]  # fmt: skip


def _houses(random: np.random.Generator, side: float, far: float) -> list[Thing]:
    houses, z = [], random.uniform(-8.0, 0.0)
    while z < far:
        width, height, depth = random.uniform(8.0, 16.0), random.uniform(6.0, 15.0), random.uniform(6.0, 10.0)
        gap = random.uniform(0.0, 3.0)
        bright, dark = random.uniform(0.5, 0.85), random.uniform(0.1, 0.3)
        period = random.uniform(1.8, 3.2)
        windows = Rough(Patches((period, period, period), (0.5, 0.55, 0.5), bright, dark), 0.08, 0.7)
        x = side * (ROAD + WALK + random.uniform(0.2, 2.0) + depth / 2.0)
        place = Steady((x, -height / 2.0, z + width / 2.0))
        houses.append(Thing((Part(Box(depth, height, width), windows, place),), Label.BUILDING))
        z += width + gap
    return houses


def _along(random: np.random.Generator, side: float, far: float) -> list[Thing]:
    """Trees, poles, signs and fences, in turns that are drawn."""
    things, z, x = [], random.uniform(3.0, 8.0), side * (ROAD + 0.5)
    while z < far:
        kind = random.integers(4)
        at = Steady((x, 0.0, z))
        if kind == 0:
            trunk = Part(Box(0.25, 2.4, 0.25), Noise(0.3, 0.1, 0.35), Steady((0.0, -1.2, 0.0)))
            crown = Part(Sphere(random.uniform(0.8, 1.3)), Noise(0.6, 0.1, 0.6), Steady((0.0, -3.0, 0.0)))
            things.append(Thing((trunk, crown), Label.VEGETATION, at))
        elif kind == 1:
            pole = Part(Box(0.16, 5.0, 0.16), Plain(random.uniform(0.2, 0.5)), Steady((0.0, -2.5, 0.0)))
            things.append(Thing((pole,), Label.POLE, at))
        elif kind == 2:
            pole = Part(Box(0.1, 2.2, 0.1), Plain(0.4), Steady((0.0, -1.1, 0.0)))
            things.append(Thing((pole,), Label.POLE, at))
            board = Part(Box(0.7, 0.7, 0.04), Checks(0.35, 0.15, 0.95), Steady((0.0, -2.5, 0.0)))
            things.append(Thing((board,), Label.SIGN, at))
        else:
            planks = Patches((inf, inf, 0.3), (1.0, 1.0, 0.7), 0.15, 0.7)
            fence = Part(Box(0.06, 1.1, random.uniform(3.0, 6.0)), planks, Steady((side * 1.8, -0.55, 0.0)))
            things.append(Thing((fence,), Label.FENCE, at))
        z += random.uniform(4.0, 9.0)
    return things


def _cars(random: np.random.Generator, far: float) -> list[Thing]:
    cars = []
    for lane, z in (
        (-1.0, random.uniform(10.0, 16.0)),
        (1.0, random.uniform(14.0, 30.0)),
        (1.0, random.uniform(40.0, far)),
    ):
        speed = random.uniform(4.0, 12.0) * (1.0 if lane < 0 else -1.0)
        paint = Rough(Plain(random.uniform(0.15, 0.85)), 0.08, 0.8)
        body = Part(Box(1.8, 0.8, 4.2), paint, Steady((0.0, -0.7, 0.0)))
        cabin = Part(
            Box(1.6, 0.6, 2.2), Patches((inf, 0.8, 1.1), (1.0, 0.8, 0.85), 0.6, 0.12), Steady((0.0, -1.4, 0.0))
        )
        wheels = Part(Box(1.7, 0.3, 3.4), Plain(0.05), Steady((0.0, -0.15, 0.0)))
        path = Steady((lane * ROAD / 2.0, 0.0, z), (0.0, 0.0, speed))
        cars.append(Thing((body, cabin, wheels), Label.VEHICLE, path))
    return cars


def _people(random: np.random.Generator, far: float) -> list[Thing]:
    people = []
    for _ in range(6):
        side = random.choice([-1.0, 1.0])
        x, z = side * (ROAD + random.uniform(0.9, WALK - 0.3)), random.uniform(6.0, far)
        body = Part(Box(0.45, 1.3, 0.3), Noise(0.4, 0.1, 0.8), Steady((0.0, -0.65, 0.0)))
        head = Part(Sphere(0.16), Plain(random.uniform(0.3, 0.8)), Steady((0.0, -1.48, 0.0)))
        walk = Steady((x, -0.12, z), (0.0, 0.0, random.uniform(-1.6, 1.6)))
        people.append(Thing((body, head), Label.PERSON, Swaying(walk, (0.0, 0.03, 0.0), hertz=1.8)))
    return people
