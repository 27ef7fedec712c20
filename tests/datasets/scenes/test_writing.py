"""A scene on disk is what the scene is, in the layout and the units of DSEC."""

import zlib

import numpy as np
import pytest
from PIL import Image

from spikesight.base.errors import InputError
from spikesight.datasets.scenes.camera import Camera
from spikesight.datasets.scenes.catalogue import SCENES, made
from spikesight.datasets.scenes.filming import watch_scene
from spikesight.datasets.scenes.measuring import disparity, displacement, truth
from spikesight.datasets.scenes.png import png
from spikesight.datasets.scenes.writing import as_disparity, as_flow, write_scene
from spikesight.events.files.reading import read


def colours(file: bytes) -> np.ndarray:
    """Read a picture as `png` writes it, by the specification."""
    width, height = (int.from_bytes(file[k : k + 4], "big") for k in (16, 20))
    size = int.from_bytes(file[33:37], "big")
    rows = np.frombuffer(zlib.decompress(file[41 : 41 + size]), np.uint8).reshape(height, 1 + 6 * width)
    assert not rows[:, 0].any()
    return np.ascontiguousarray(rows[:, 1:]).view(">u2").reshape(height, width, 3).astype(np.uint16)


def test_flow_and_disparity_have_the_units_of_dsec():
    flow = as_flow(np.array([[[0.0, 2.0], [-1.5, 300.0], [np.nan, 0.0]]]))
    assert flow.tolist() == [[[32768, 33024, 1], [32768, 32768, 0], [32768, 32768, 0]]]
    assert as_disparity(np.array([0.0, 1.0, 10.25, 300.0])).tolist() == [0, 256, 2624, 0]


def test_png_keeps_16_bits(tmp_path):
    picture = np.arange(2 * 3 * 3, dtype=np.uint16).reshape(2, 3, 3) * 3000
    (tmp_path / "a.png").write_bytes(png(picture))
    assert (colours(png(picture)) == picture).all()
    with Image.open(tmp_path / "a.png") as opened:
        assert (opened.size, opened.mode) == ((3, 2), "RGB")
        assert np.abs(np.asarray(opened).astype(int) - picture // 256).max() <= 1  # Pillow has 8 bits of them
    with pytest.raises(InputError, match="uint16"):
        png(np.zeros((2, 2, 3), np.uint8))


def test_a_scene_with_two_cameras_is_written_as_it_is(tmp_path):
    pytest.importorskip("h5py")
    scene = SCENES["stereo-driving"].scene(2, seconds=0.02, camera=Camera(48, 36, 40.0))
    place = write_scene(scene, tmp_path / "a", 0.6, every=10_000)
    assert (place / "timestamps.txt").read_text().split() == ["0", "10000", "20000"]
    for side, world in (("left", scene), ("right", scene.right(0.6))):
        events, expected = read(place / f"events/{side}/events.h5").events, watch_scene(world)
        assert len(events) > 100
        for name in "txyp":
            np.testing.assert_array_equal(getattr(events, name), getattr(expected, name))
    known, t = truth(scene, 10_000), 10_000
    with np.load(place / "truth/000001.npz") as kept:
        for name, values in known._asdict().items():
            np.testing.assert_array_equal(kept[name], values)
    with Image.open(place / "disparity/event/000001.png") as opened:
        apart = np.asarray(opened)
        assert apart.dtype == np.uint16 or opened.mode == "I;16"
        np.testing.assert_allclose(apart / 256.0, disparity(scene, t, 0.6), atol=1 / 500)
    flow = colours((place / "flow/forward/000001.png").read_bytes()).astype(float)
    moved = displacement(scene, t, 2 * t)
    assert flow[..., 2].all()
    np.testing.assert_allclose((flow[..., :2] - 2**15) / 128.0, moved, atol=1 / 250)
    with Image.open(place / "semantic/000001.png") as opened:
        np.testing.assert_array_equal(np.asarray(opened), known.labels)
    with pytest.raises(InputError, match="there already"):
        write_scene(scene, place)


def test_a_named_scene_is_made_also_where_an_earlier_try_was_cut_off(tmp_path):
    pytest.importorskip("h5py")
    left_over = tmp_path / "shapes-050.unfinished" / "events" / "left"
    left_over.mkdir(parents=True)
    (left_over / "events.h5").write_bytes(b"half")
    (tmp_path / "shapes-050.unfinished" / "events" / "right").mkdir()  # that try had two cameras
    told = []

    class Told:
        def advance(self, steps: int, **facts: float) -> None:
            told.append(steps)

    place = made("shapes", 50, tmp_path, Told(), seconds=0.02)
    assert place == tmp_path / "shapes-050"
    assert sum(told) == 20
    assert [path.name for path in tmp_path.iterdir()] == ["shapes-050"]
    assert not (place / "disparity").exists()
    assert not (place / "events/right").exists()
    assert len(read(place / "events/left/events.h5").events) > 1000
