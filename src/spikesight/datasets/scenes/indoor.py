"""A room with boxes, balls and pillars; a camera flies through it."""

from __future__ import annotations

from spikesight.base.randomness import generator
from spikesight.datasets.scenes.camera import Camera
from spikesight.datasets.scenes.labels import Label
from spikesight.datasets.scenes.path import Steady, Swaying, Through
from spikesight.datasets.scenes.pose import Vector
from spikesight.datasets.scenes.solids import Box, Room, Sheet, Sphere
from spikesight.datasets.scenes.street import FLAT
from spikesight.datasets.scenes.textures import Checks, Noise, Patches, Rough
from spikesight.datasets.scenes.world import Light, Part, Scene, Thing

WIDTH, HEIGHT, DEPTH = 8.0, 3.0, 14.0
"""Of the room, metres; its middle is the origin."""
FLOOR = HEIGHT / 2.0


def build(seed: int, seconds: float, camera: Camera) -> Scene:
    """Return the room and the flight of a seed."""
    random = generator(seed, "indoor")
    walls = Part(Room(WIDTH, HEIGHT, DEPTH), Rough(Patches((1.6, 1.1, 1.6), (0.6, 0.6, 0.6), 0.35, 0.75), 0.15, 0.5))
    tiles = Part(
        Sheet(WIDTH, DEPTH), Rough(Checks(0.5, 0.25, 0.6), 0.1, 0.3), Steady((0.0, FLOOR - 0.01, 0.0), turn=FLAT)
    )
    things = [Thing((walls,), Label.WALL), Thing((tiles,), Label.FLOOR)]
    for _ in range(9):
        x = random.choice([-1.0, 1.0]) * random.uniform(1.2, 3.4)
        z, size = random.uniform(-2.0, 6.0), random.uniform(0.4, 1.1)
        texture = (Checks(size / 4.0), Noise(size), Rough(Patches((size / 3.0,) * 3), 0.1, 0.2))[random.integers(3)]
        solid = Box(size, size * random.uniform(0.8, 2.0), size) if random.random() < 0.7 else Sphere(size / 2.0)
        place = Steady((x, FLOOR - solid.extent[1], z), turn=(0.0, random.uniform(0.0, 1.5), 0.0))
        things.append(Thing((Part(solid, texture, place),), Label.OBJECT))
    ball = Part(Sphere(0.35), Noise(0.3))
    crossing = Steady((-2.0, 0.2, random.uniform(0.0, 3.0)), (random.uniform(0.8, 1.6), 0.0, 0.0), spin=(0.0, 0.0, 2.0))
    things.append(Thing((ball,), Label.OBJECT, crossing))
    return Scene(tuple(things), camera, _flight(seed, seconds), seconds, Light((0.3, 1.0, 0.4)), seed)


def _flight(seed: int, seconds: float) -> Swaying:
    random = generator(seed, "flight")
    times = tuple(float(t) for t in range(int(seconds) + 3))  # a place every second, and one to go on to
    places: list[Vector] = []
    steering: list[Vector] = []
    z = -5.0
    for _ in times:
        places.append((random.uniform(-0.7, 0.7), random.uniform(-0.5, 0.4), z))
        steering.append((random.uniform(-0.3, 0.3), random.uniform(-0.1, 0.1), random.uniform(-0.15, 0.15)))
        z += random.uniform(0.6, 1.2) * min(1.0, 10.0 / len(times))  # the room ends
    return Swaying(Through(times, tuple(places), tuple(steering)), (0.01, 0.02, 0.0), (0.01, 0.0, 0.02), 3.0)
