import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.datasets.outlines import NOISE, Outlines


def test_rates_are_those_asked_for():
    scene = Outlines(noise=10.0)
    drawn = scene.draw(generator(0, "scene"))
    found = [np.sum(drawn.source == source) / 300 for source in (0, NOISE)]
    assert scene.signal == 4.2
    assert found == pytest.approx([4.2, 41.0], rel=0.06)


def test_events_of_an_object_lie_on_its_outline():
    scene = Outlines(objects=2, noise=2.0)
    drawn = scene.draw(generator(1, "scene"))
    when = drawn.events.t // 1000
    for number in range(2):
        mine = drawn.source == number
        at = np.stack([drawn.events.x, drawn.events.y], axis=-1)[mine] - drawn.places[when[mine], number]
        assert at.min() == 0
        assert at.max() == 7
        assert np.isin(at, (0, 7)).any(axis=1).all()
    assert drawn.places.min() >= 0
    assert drawn.places.max() <= 56


def test_objects_drift_at_their_speed():
    places = Outlines(milliseconds=2000).draw(generator(2, "scene")).places
    assert np.abs(np.diff(places, axis=0)).max() <= 1
    still = Outlines(speed=0.0).draw(generator(2, "scene")).places
    assert (still == still[0]).all()


@pytest.mark.parametrize(
    "wrong", [{"square": 64}, {"square": 1}, {"noise": -1.0}, {"hertz": 1001.0}, {"objects": -1}, {"milliseconds": 0}]
)
def test_a_scene_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(InputError):
        Outlines(**wrong)
