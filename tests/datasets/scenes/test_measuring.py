"""What is said of pixels is so: closed forms, and pictures that are moved back onto one another."""

import numpy as np
import pytest
from scipy.ndimage import map_coordinates

from spikesight.base.errors import InputError
from spikesight.datasets.scenes.camera import Camera
from spikesight.datasets.scenes.catalogue import SCENES
from spikesight.datasets.scenes.labels import Label
from spikesight.datasets.scenes.measuring import disparity, displacement, flow, moved_depth, truth
from spikesight.datasets.scenes.path import STILL, Steady
from spikesight.datasets.scenes.solids import Box, Sheet, Sphere
from spikesight.datasets.scenes.textures import Noise
from spikesight.datasets.scenes.world import Part, Scene, Thing

CAMERA = Camera(80, 60, 70.0)
U, V = np.meshgrid(np.arange(80) - 39.5, np.arange(60) - 29.5)
AROUND = range(-1, 3)


def thing(solid, path=STILL, label=Label.OBJECT):
    return Thing((Part(solid, Noise(1.0)),), label, path)


def wall(depth, **how):
    return thing(Sheet(), Steady((0.0, 0.0, depth), **how), Label.WALL)


def scene(*things, path=STILL):
    return Scene(things, CAMERA, path)


def places(shape, moved):
    """Rows and columns (2, H, W) that pixels have moved to."""
    return np.indices(shape) + np.moveaxis(moved[..., ::-1], 2, 0)


def known(moved, deep, after):
    """Which pixels are seen after they have moved as well: within the picture, all around as deep as they should be."""
    height, width = after.shape
    row, column = np.floor(places(after.shape, np.nan_to_num(moved, nan=-1e6))).astype(int)
    known = (row >= 1) & (row < height - 2) & (column >= 1) & (column < width - 2)
    for j in AROUND:
        for i in AROUND:
            there = after[np.clip(row + j, 0, height - 1), np.clip(column + i, 0, width - 1)]
            known &= (there == deep) | (np.abs(there - np.where(np.isfinite(deep), deep, 0.0)) < 0.05 * there)
    return known


def test_a_wall_that_moves_sideways_flows_by_focal_times_speed_over_depth():
    moving = flow(scene(wall(4.0, velocity=(1.0, -0.5, 0.0))), 250_000)
    np.testing.assert_allclose(moving[..., 0], 70.0 * 1.0 / 4.0, rtol=1e-7)
    np.testing.assert_allclose(moving[..., 1], 70.0 * -0.5 / 4.0, rtol=1e-7)


def test_driving_ahead_flows_away_from_the_middle():
    moving = flow(scene(wall(10.0), path=Steady(velocity=(0.0, 0.0, 2.0))), 1_000_000)
    np.testing.assert_allclose(moving, np.stack([U, V], 2) * 2.0 / 8.0, rtol=1e-6)


@pytest.mark.parametrize("depth", [2.0, 50.0, None])
def test_turning_the_camera_flows_alike_at_every_depth_and_in_the_sky(depth):
    world = scene(wall(depth) if depth else thing(Sphere(0.1), Steady((0.0, 0.0, -5.0))), path=Steady(spin=(0, 0.3, 0)))
    expected = np.stack([-0.3 * (70.0 + U**2 / 70.0), -0.3 * U * V / 70.0], 2)
    np.testing.assert_allclose(flow(world, 0), expected, rtol=1e-6, atol=1e-6)


def test_rolling_the_camera_turns_the_picture_the_other_way():
    moving = flow(scene(wall(3.0), path=Steady(spin=(0.0, 0.0, 0.5))), 0)
    np.testing.assert_allclose(moving, 0.5 * np.stack([V, -U], 2), rtol=1e-6, atol=1e-6)


def test_a_solid_that_turns_flows_as_its_surface_does():
    ball = thing(Sphere(1.0), Steady((0.0, 0.0, 5.0), spin=(0.0, 0.4, 0.0)))
    world = Scene((ball,), Camera(81, 61, 70.0))
    near = truth(world, 0)
    assert near.depth[30, 40] == pytest.approx(4.0)
    np.testing.assert_allclose(near.flow[30, 40], (-0.4 * 1.0 * 70.0 / 4.0, 0.0), rtol=1e-6, atol=1e-9)


def test_depth_is_that_of_the_surface_and_endless_in_the_sky():
    box = thing(Box(1.0, 1.0, 2.0), Steady((0.0, 0.0, 6.0)))
    seen = truth(scene(box), 0)
    half = 0.5 * 70.0 / 5.0
    inside = (np.abs(U) < half) & (np.abs(V) < half)
    np.testing.assert_allclose(seen.depth[inside], 5.0)
    assert np.isinf(seen.depth[~inside]).all()
    assert (seen.labels[inside] == Label.OBJECT).all()
    assert (seen.labels[~inside] == Label.BACKGROUND).all()


def test_the_ground_lies_where_it_should():
    ground = thing(Sheet(), Steady((0.0, 1.5, 0.0), turn=(np.pi / 2, 0.0, 0.0)), Label.ROAD)
    seen = truth(scene(ground), 0)
    np.testing.assert_allclose(seen.depth[V > 0], 1.5 * 70.0 / V[V > 0])
    assert (seen.labels == np.where(V > 0, Label.ROAD, Label.BACKGROUND)).all()


def test_instances_are_things_and_what_is_nearer_hides():
    seen = truth(scene(wall(9.0), thing(Sphere(0.5), Steady((0.0, 0.0, 4.0)))), 0)
    assert seen.instances[30, 40] == 2
    assert seen.instances[0, 0] == 1
    assert (seen.instances.dtype, seen.labels.dtype) == (np.uint16, np.uint8)


def test_disparity_is_focal_times_baseline_over_depth():
    np.testing.assert_allclose(disparity(scene(wall(4.0)), 0, 0.2), 70.0 * 0.2 / 4.0)
    assert (disparity(scene(thing(Sphere(0.1), Steady((0.0, 0.0, -5.0)))), 0, 0.2) == 0.0).all()
    with pytest.raises(InputError, match="to the right"):
        disparity(scene(wall(4.0)), 0, 0.0)


@pytest.mark.parametrize("name", sorted(SCENES))
def test_flow_moves_each_pixel_to_where_it_is_seen_next(name):
    world = SCENES[name].scene(3, camera=Camera(160, 120, 120.0))
    before, after = world.frame(400_000), world.frame(420_000)
    moved = displacement(world, 400_000, 420_000)
    seen = known(moved, moved_depth(world, 400_000, 420_000), world.sees(420_000).depth)
    guess = map_coordinates(after, places(after.shape, np.nan_to_num(moved)), order=3, mode="nearest")
    wrong, unmoved = np.abs(guess - before)[seen], np.abs(after - before)[seen]
    assert seen.mean() > 0.5
    assert wrong.mean() < 0.01
    assert np.quantile(wrong, 0.99) < 0.08
    assert wrong.mean() < 0.2 * unmoved.mean()


@pytest.mark.parametrize("name", ["stereo-driving", "indoor"])
def test_the_left_picture_is_the_right_one_moved_by_disparity(name):
    baseline = SCENES[name].baseline
    world = SCENES[name].scene(3, camera=Camera(160, 120, 120.0))
    right = world.right(baseline)
    for wrong in (0.0, -1.0, np.nan):
        with pytest.raises(InputError, match="to the right"):
            world.right(wrong)
    left_picture, right_picture = world.frame(200_000), right.frame(200_000)
    apart = np.stack([-disparity(world, 200_000, baseline), np.zeros(world.camera.shape)], 2)
    seen = known(apart, world.sees(200_000).depth, right.sees(200_000).depth)
    guess = map_coordinates(right_picture, places(right_picture.shape, apart), order=3, mode="nearest")
    wrong, unmoved = np.abs(guess - left_picture)[seen], np.abs(right_picture - left_picture)[seen]
    assert seen.mean() > 0.4
    assert wrong.mean() < 0.5 * unmoved.mean()
    assert np.median(wrong) < 0.01
