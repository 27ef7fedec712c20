"""Films follow what moves, and events of an edge agree with its speed."""

from itertools import pairwise

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.datasets.scenes.camera import Camera
from spikesight.datasets.scenes.filming import film, scene_pieces, watch_scene
from spikesight.datasets.scenes.measuring import displacement
from spikesight.datasets.scenes.path import Steady
from spikesight.datasets.scenes.solids import Sheet
from spikesight.datasets.scenes.textures import Patches, Plain
from spikesight.datasets.scenes.world import Light, Part, Scene, Thing
from spikesight.events.stream import joined

CAMERA = Camera(40, 6, 40.0)
FLAT = Light(ambient=1.0, diffuse=0.0, sky=0.1)


def edge(speed: float) -> Scene:
    """A bright sheet before a dark sky, whose right edge begins in the middle and moves by `speed` pixels a second."""
    sheet = Thing((Part(Sheet(10.0, 10.0), Plain(0.9)),), path=Steady((-5.0, 0.0, 4.0), (speed * 4.0 / 40.0, 0.0, 0.0)))
    return Scene((sheet,), CAMERA, seconds=0.1, light=FLAT)


def test_nothing_moves_by_more_than_half_a_pixel_from_frame_to_frame():
    world = edge(150.0)
    times = [shot.t for shot in film(world)]
    assert (times[0], times[-1]) == (0, 100_000)
    assert max(np.nanmax(np.abs(displacement(world, a, b))) for a, b in pairwise(times)) <= 0.5 + 1e-9
    assert len(times) == pytest.approx(150.0 * 0.1 / 0.5 + 1, abs=1)


def test_a_still_scene_needs_few_frames():
    assert len(list(film(edge(0.0)))) == 11


def test_events_of_an_edge_travel_with_it():
    speed = 150.0
    events = watch_scene(edge(speed))
    assert events.p.all()
    assert set(events.x.tolist()) == set(range(20, 35))
    # The edge is at 19.5 + speed t, and brightens pixel x while it goes from x - 0.5 to x + 0.5.
    middle = [np.mean(events.t[events.x == x]) * 1e-6 for x in range(20, 34)]
    assert np.polyfit(middle, np.arange(20, 34), 1)[0] == pytest.approx(speed, rel=0.01)
    within = (events.t * 1e-6 * speed + 19.5) - events.x
    assert np.abs(within).max() <= 0.5 + 0.51  # half a pixel, and no more than the step between two frames
    each = np.log(0.901 / 0.101) / 0.2
    assert (events.counts[:, 20:34] == int(each)).all()


def test_pieces_are_the_events_and_the_same_scene_gives_the_same_bits():
    world = edge(90.0)
    whole, pieces = watch_scene(world), joined(*scene_pieces(world))
    for name in "txyp":
        np.testing.assert_array_equal(getattr(whole, name), getattr(pieces, name))


def test_what_is_too_fine_for_pixels_makes_no_events():
    fine = Patches((0.01, 0.013, 1.0), (0.5, 0.5, 1.0))
    sheet = Thing((Part(Sheet(), fine),), path=Steady((0.0, 0.0, 8.0), (1.0, 0.0, 0.0)))
    assert len(watch_scene(Scene((sheet,), CAMERA, seconds=0.3, light=FLAT))) == 0


def test_a_film_takes_time():
    with pytest.raises(InputError, match="takes time"):
        next(film(edge(1.0), 5, 5))
