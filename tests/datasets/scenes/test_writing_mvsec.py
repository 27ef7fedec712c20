"""A scene in the files of MVSEC is what the scene is."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.datasets.mvsec import mvsec
from spikesight.datasets.scenes.camera import Camera
from spikesight.datasets.scenes.catalogue import SCENES
from spikesight.datasets.scenes.filming import watch_scene
from spikesight.datasets.scenes.measuring import displacement
from spikesight.datasets.scenes.writing_mvsec import write_mvsec
from spikesight.events.files.mvsec import Mvsec, Side, dated
from spikesight.events.files.reading import EventFile


def test_a_scene_is_read_back_from_files_of_mvsec(tmp_path):
    pytest.importorskip("h5py")
    scene = SCENES["indoor"].scene(2, seconds=0.02, camera=Camera(48, 36, 32.0))
    data, truth = write_mvsec(scene, tmp_path / "MVSEC" / "indoor_flying", "indoor_flying1", every=10_000)
    assert sorted(path.name for path in data.parent.iterdir()) == [data.name, truth.name]
    found = mvsec(tmp_path)["indoor_flying1"]
    assert (found.data, found.truth) == (data, truth)
    for side, world in ((Side.LEFT, scene), (Side.RIGHT, scene.right(0.1))):
        events, expected = EventFile(data, Mvsec(side, 48, 36)).read().events, watch_scene(world)
        assert len(events) > 100
        for name in "txyp":
            np.testing.assert_array_equal(getattr(events, name), getattr(expected, name))
        pictures = dated(data, "image_raw", side)
        assert pictures.t.tolist() == [0, 10_000, 20_000]
        np.testing.assert_allclose(pictures.values[1] / 255.0, world.frame(10_000), atol=0.5001 / 255)
    np.testing.assert_allclose(dated(truth, "depth_image_rect").values[1], scene.sees(10_000).depth, rtol=1e-6)
    moved = displacement(scene, 10_000, 20_000).transpose(2, 0, 1)
    np.testing.assert_allclose(dated(truth, "flow_dist").values[1], moved, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(dated(truth, "pose").values[2, :3, 3], scene.pose(20_000).position)
    with pytest.raises(InputError, match="there already"):
        write_mvsec(scene, data.parent, "indoor_flying1")
    with pytest.raises(InputError, match="to the right"):
        write_mvsec(scene, tmp_path, "other", baseline=0.0)


def test_the_depth_of_the_sky_is_not_known(tmp_path):
    pytest.importorskip("h5py")
    scene = SCENES["street"].scene(0, seconds=0.001, camera=Camera(24, 18, 16.0))
    _, truth = write_mvsec(scene, tmp_path, "street", every=1_000)
    depth = dated(truth, "depth_image_rect").values[0]
    sky = np.isinf(scene.sees(0).depth)
    assert 0 < sky.sum() < sky.size
    np.testing.assert_array_equal(np.isnan(depth), sky)
