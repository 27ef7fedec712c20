import numpy as np
import pytest
from PIL import Image

from spikesight.base.errors import InputError
from spikesight.events.pictures import INK, counted, save_gif, save_png
from spikesight.events.stream import EventStream

EVENTS = EventStream([0, 10, 10, 19], [0, 1, 1, 3], [0, 0, 0, 1], [1, 0, 0, 1], 4, 2)


def test_parts_of_time_count_their_own_events():
    counts = counted(EVENTS.pieces(3), 2, 0, 20)
    assert counts.shape == (2, 2, 2, 4)
    assert counts[0].sum() == 1
    assert counts[0, 1, 0, 0] == 1
    assert counts[1, 0, 0, 1] == 2
    assert counts[1, 1, 1, 3] == 1
    assert counted([EVENTS], 1, 0, 1).sum() == 4


@pytest.mark.parametrize("frames", [1, 3, 7])
def test_parts_are_equal_to_the_microsecond_however_far_apart(frames):
    for step in (1, 10**17):
        t = np.arange(40) * step - 5 * step
        events = EventStream(t, np.arange(40), [0] * 40, [1] * 40, 40, 1)
        length = int(t[-1] - t[0]) + 1
        expected = [(int(when) - int(t[0])) * frames // length for when in t]
        assert counted(events.pieces(7), frames, int(t[0]), length)[:, 1, 0].argmax(axis=0).tolist() == expected


def test_a_picture_shows_polarities_and_paper(tmp_path):
    save_png(tmp_path / "a.png", EVENTS.pieces(1))
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (512, 256)
        pixels = np.asarray(picture)[64::128, 64::128]
    assert pixels[0, 1].tolist() == INK[0].tolist()
    assert pixels[0, 2].tolist() == [255, 255, 255]
    on, paper = pixels[1, 3].astype(int), np.array((255, 255, 255))
    # One event where two are the most: the square root of a half of the way from paper to ink.
    assert np.abs(on - (paper + 0.5**0.5 * (INK[1] - paper))).max() <= 1


def test_a_film_has_as_many_pictures_as_are_asked_for(tmp_path):
    save_gif(tmp_path / "a.gif", EVENTS.pieces(2), 0, 19, frames=2)
    with Image.open(tmp_path / "a.gif") as film:
        assert film.n_frames == 2


def test_a_long_row_of_pixels_stays_a_picture(tmp_path):
    row = EventStream([0, 5], [0, 699], [0, 0], [1, 0], 700, 1)
    save_gif(tmp_path / "a.gif", [row], 0, 5, frames=2)
    save_png(tmp_path / "a", [row])
    for name in ("a.gif", "a"):
        with Image.open(tmp_path / name) as picture:
            assert picture.size == (3500, 5)


def test_nothing_is_no_picture(tmp_path):
    with pytest.raises(InputError, match="no event"):
        save_png(tmp_path / "a.png", [])
    with pytest.raises(InputError, match="a frame or more"):
        save_gif(tmp_path / "a.gif", [EVENTS], 0, 9, frames=0)
    assert not list(tmp_path.iterdir())
