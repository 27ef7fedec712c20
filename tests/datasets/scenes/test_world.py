"""Scenes are the same bits each time, and what makes no sense is refused."""

import numpy as np
import pytest

from spikesight.base.cores import LIMIT
from spikesight.base.errors import InputError, UnknownName
from spikesight.datasets.scenes.camera import Camera
from spikesight.datasets.scenes.catalogue import SCENES, TEST, TRAIN, VALIDATION, named
from spikesight.datasets.scenes.labels import DDD17, Label, as_ddd17
from spikesight.datasets.scenes.measuring import truth
from spikesight.datasets.scenes.path import Beside, Steady, Swaying, Through
from spikesight.datasets.scenes.pose import Pose, steered, turned
from spikesight.datasets.scenes.solids import Box, Sheet, Sphere
from spikesight.datasets.scenes.textures import Plain
from spikesight.datasets.scenes.world import Light, Part, Scene, Thing

SMALL = Camera(60, 45, 45.0)


@pytest.mark.parametrize("name", sorted(SCENES))
def test_a_seed_is_a_scene_bit_by_bit_on_any_number_of_cores(name, monkeypatch):
    frames = []
    for cores in ("1", "2"):
        monkeypatch.setenv(LIMIT, cores)
        frames.append(SCENES[name].scene(7, camera=SMALL).frame(300_000))
    np.testing.assert_array_equal(*frames)
    assert 0.0 <= frames[0].min() < frames[0].max() <= 1.0
    other = SCENES[name].scene(8, camera=SMALL).frame(300_000)
    assert np.abs(other - frames[0]).mean() > 0.01


@pytest.mark.parametrize("name", sorted(SCENES))
def test_scenes_have_variety_in_what_is_true(name):
    seen = truth(SCENES[name].scene(0, camera=SMALL), 500_000)
    assert len(np.unique(seen.labels)) >= (5 if "street" in name or "driving" in name else 2)
    assert len(np.unique(seen.instances)) >= 4
    assert np.isfinite(seen.flow).all()
    assert (seen.depth > 0.0).all()


def test_splits_share_no_seed():
    assert len({*TRAIN, *VALIDATION, *TEST}) == len(TRAIN) + len(VALIDATION) + len(TEST) == 60


def test_unknown_scenes_and_seeds_are_refused():
    with pytest.raises(UnknownName, match="street"):
        named("streets")
    with pytest.raises(InputError, match="from 0 up"):
        SCENES["street"].scene(-1)


def test_an_edge_is_as_grey_as_its_share():
    for shift in (0.0, 0.25, 0.5):  # of a pixel
        sheet = Thing((Part(Sheet(8.0, 8.0), Plain(1.0)),), path=Steady((-4.0 + shift * 4.0 / 40.0, 0.0, 4.0)))
        row = Scene((sheet,), Camera(41, 1, 40.0), light=Light(ambient=1.0, diffuse=0.0, sky=0.0)).frame(0)[0]
        np.testing.assert_allclose(row[:20], 1.0)
        np.testing.assert_allclose(row[20:22], (0.5 + shift, 0.0), atol=1.0 / 16.0)


def test_light_shades_what_turns_away_from_it():
    light = Light((0.0, 0.0, 1.0), ambient=0.2, diffuse=0.6)
    ball = Thing((Part(Sphere(1.0), Plain(0.5)),), path=Steady((0.0, 0.0, 5.0)))
    seen = Scene((ball,), Camera(41, 41, 60.0), light=light).frame(0)
    assert seen[20, 20] == pytest.approx(0.5 * 0.8, abs=1e-3)
    assert seen[20, 31] < 0.3


def test_labels_have_a_class_in_ddd17():
    every = as_ddd17(np.array(list(Label), np.uint8))
    assert every.max() == len(DDD17) - 1
    assert [DDD17[k] for k in every[[Label.ROAD, Label.PERSON, Label.VEHICLE]]] == ["flat", "human", "vehicle"]


def test_poses_turn_step_and_come_back():
    np.testing.assert_allclose(turned((0.0, 0.0, np.pi / 2)) @ (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), atol=1e-15)
    np.testing.assert_allclose(steered(np.pi / 2, 0.0, 0.0) @ (0.0, 0.0, 1.0), (1.0, 0.0, 0.0), atol=1e-15)
    np.testing.assert_allclose(steered(0.0, np.pi / 2, 0.0) @ (0.0, 0.0, 1.0), (0.0, -1.0, 0.0), atol=1e-15)
    pose = Pose(turned((0.3, -0.2, 0.9)), np.array([1.0, 2.0, 3.0]))
    back = pose.inverse().of(pose)
    np.testing.assert_allclose(back.rotation, np.eye(3), atol=1e-15)
    np.testing.assert_allclose(back.position, 0.0, atol=1e-15)


def test_paths_pass_where_they_should():
    through = Through((0.0, 1.0, 3.0), ((0, 0, 0), (1, 0, 2), (2, 1, 4)), ((0, 0, 0), (0.1, 0, 0), (0, 0, 0.2)))
    np.testing.assert_allclose(through.at(1.0).position, (1, 0, 2))
    np.testing.assert_allclose(through.at(3.0).rotation, steered(0.0, 0.0, 0.2), atol=1e-15)
    swaying = Swaying(Steady(velocity=(1.0, 0.0, 0.0)), (0.0, 0.5, 0.0), hertz=2.0)
    np.testing.assert_allclose(swaying.at(0.125).position, (0.125, 0.5, 0.0))
    turned_right = Steady(turn=(0.0, np.pi / 2, 0.0))
    np.testing.assert_allclose(Beside(turned_right, (0.5, 0.0, 0.0)).at(0.0).position, (0.0, 0.0, -0.5), atol=1e-15)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Camera(0, 10, 5.0),
        lambda: Camera(10, 10, 0.0),
        lambda: Box(1.0, 0.0, 1.0),
        lambda: Scene((), SMALL),
        lambda: Scene((Thing((Part(Sphere(1.0), Plain()),)),), SMALL, seconds=0.0),
        lambda: Through((0.0, 0.0), ((0, 0, 0), (1, 1, 1))),
    ],
    ids=["no pixel", "no lens", "no body", "nothing", "no time", "no path"],
)
def test_what_makes_no_sense_is_refused(make):
    with pytest.raises(InputError):
        make()
