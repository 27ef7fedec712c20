"""Rays meet bodies where a search along them, or plain algebra, says that they do."""

import numpy as np
import pytest

from spikesight.datasets.scenes.camera import Camera
from spikesight.datasets.scenes.casting import hit
from spikesight.datasets.scenes.catalogue import SCENES
from spikesight.datasets.scenes.path import Steady
from spikesight.datasets.scenes.solids import Box, Room, Sheet, Sphere
from spikesight.datasets.scenes.textures import Plain
from spikesight.datasets.scenes.world import Part, Scene, Thing

FAR = 1e9


def met(solid, origin, direction):
    half = np.minimum(np.array(solid.extent), FAR)
    return hit(solid.kind, half, np.array(origin, float), *(float(d) for d in direction))


@pytest.mark.parametrize(
    ("solid", "origin", "direction", "expected", "face"),
    [
        (Sheet(), (0, 0, -3), (0, 0, 1), 3.0, 0),
        (Sheet(2, 2), (0, 0, -3), (0.4, 0, 1), np.inf, 0),
        (Sheet(), (0, 0, -3), (1, 0, 0), np.inf, 0),
        (Box(2, 2, 2), (0, 0, -5), (0, 0, 1), 4.0, 4),
        (Box(2, 2, 2), (-5, 0, 0), (1, 0, 0), 4.0, 0),
        (Box(2, 2, 2), (5, 0, 0), (-1, 0, 0), 4.0, 1),
        (Box(2, 2, 2), (0, 0, 5), (0, 0, 1), np.inf, 0),
        (Box(2, 2, 2), (0, 0, 0), (0, 0, 1), np.inf, 0),
        (Room(4, 3, 10), (0, 0, 0), (0, 0, 1), 5.0, 5),
        (Room(4, 3, 10), (0, 0, 0), (-1, 0, 0), 2.0, 0),
        (Sphere(1), (0, 0, -5), (0, 0, 1), 4.0, 0),
        (Sphere(1), (0, 1.5, -5), (0, 0, 1), np.inf, 0),
        (Sphere(1), (0, 0, 5), (0, 0, 1), np.inf, 0),
    ],
    ids=str,
)
def test_a_ray_meets_a_body(solid, origin, direction, expected, face):
    distance, where = met(solid, origin, direction)
    assert distance == pytest.approx(expected)
    assert np.isinf(expected) or where == face


@pytest.mark.parametrize("solid", [Box(1.0, 2.0, 0.5), Sphere(0.7)], ids=["box", "sphere"])
def test_a_ray_enters_a_body_where_a_search_along_it_finds(solid):
    random = np.random.default_rng(1)
    steps = np.linspace(0.0, 8.0, 16001)
    for _ in range(50):
        origin, aim = random.normal(size=3), random.normal(size=3) * 0.4
        origin *= 3.0 / np.linalg.norm(origin)
        direction = (aim - origin) / np.linalg.norm(aim - origin)
        places = origin + steps[:, None] * direction
        within = np.linalg.norm(places, axis=1) < 0.7
        if isinstance(solid, Box):
            within = (np.abs(places) < solid.extent).all(axis=1)
        expected = steps[np.argmax(within)] if within.any() else np.inf
        distance, _ = met(solid, origin, direction)
        assert (np.isinf(distance) and np.isinf(expected)) or distance == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("name", sorted(SCENES))
def test_nothing_is_missed_where_bodies_are_thought_not_to_be_seen(name, monkeypatch):
    scene = SCENES[name].scene(4, camera=Camera(60, 45, 45.0))
    looked = scene.sees(700_000)
    everywhere = lambda camera, pose, extent: np.tile([0, camera.width, 0, camera.height], (len(extent), 1))  # noqa: E731
    monkeypatch.setattr("spikesight.datasets.scenes.world._windows", everywhere)
    every = scene.sees(700_000)
    np.testing.assert_array_equal(looked.depth, every.depth)
    np.testing.assert_array_equal(looked.surface, every.surface)


def test_what_the_camera_stands_in_or_beside_is_cut_where_it_begins_to_be_seen(monkeypatch):
    bars = tuple(
        Thing((Part(Box(0.4, 0.4, 6.0), Plain()),), path=Steady((x, y, 0.5), turn=(0.1, 0.3 * x, 0.2)))
        for x, y in [(-0.7, 0.2), (0.8, -0.5), (0.0, 0.9)]
    )
    scene = Scene(bars, Camera(60, 45, 45.0))
    looked = scene.sees(0)
    everywhere = lambda camera, pose, extent: np.tile([0, camera.width, 0, camera.height], (len(extent), 1))  # noqa: E731
    monkeypatch.setattr("spikesight.datasets.scenes.world._windows", everywhere)
    np.testing.assert_array_equal(looked.surface, scene.sees(0).surface)
    assert len(np.unique(looked.surface // 8)) == 4
