import numpy as np
import pytest

from spikesight.analysis.variation.designs import all_but_one, one, together
from spikesight.analysis.variation.kinds import KINDS, Position, Rotation, Scale, Scene, draws, named
from spikesight.analysis.variation.render import Variation, render, rendered
from spikesight.base.errors import InputError

EVERY = named(KINDS)


def digit(dtype=np.uint8):
    image = np.zeros((28, 28), dtype)
    image[10:18, 10:18] = np.random.default_rng(0).integers(50, 255, (8, 8))
    return image


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_level_0_is_the_image_bit_for_bit(dtype):
    found, parameters = render(digit(dtype), Variation(EVERY, 0))
    assert found.tobytes() == digit(dtype).tobytes()
    assert found.dtype == dtype
    assert parameters.ink == 1.0


def test_parameters_tell_what_was_done_and_are_nested():
    kinds = Position(6.0), Scale(), Rotation()
    third, whole = (render(digit(), Variation(kinds, level))[1] for level in (1, 3))
    np.testing.assert_allclose(np.multiply(third.pose, 3.0), whole.pose)
    assert whole.amounts == {"position": 6.0, "scale": 1.0, "rotation": 60.0}
    assert third.amounts["position"] == 2.0


def test_whole_numbers_stay_whole_and_in_range():
    found, _ = render(digit(), Variation(EVERY, 3))
    assert found.dtype == np.uint8
    floats, _ = render(digit(np.float64), Variation(named(["position"]), 2))
    whole, _ = render(digit(), Variation(named(["position"]), 2))
    np.testing.assert_array_equal(whole, np.rint(floats))


def test_ink_tells_what_left_the_image():
    draw = draws(0, [0])[0]._replace(u=np.array([1.0, 0.0, 0.0, 0.0, 0.0, 0.0]))
    kept = render(digit(), Variation((Position(6.0),), 3), draw)[1].ink
    cut = render(digit(), Variation((Position(14.0),), 3), draw)[1].ink
    assert kept == pytest.approx(1.0)
    assert cut == pytest.approx(digit()[:, :14].sum() / digit().sum())


def test_a_background_that_is_not_black_stays():
    bright = np.full((9, 9), 200, np.uint8)
    found, parameters = render(bright, Variation((Position(3.0), Rotation()), 3), scene=Scene(background=200.0))
    np.testing.assert_array_equal(found, bright)
    assert parameters.ink == 1.0


def test_many_images_are_each_their_own():
    images = np.stack([digit().ravel(), digit().T.ravel()])
    chances, variation = draws(2, [5, 9]), Variation(named(["position", "noise"]), 2, seed=2)
    found, ink = rendered(images, (28, 28), variation, chances, Scene())
    for row, draw in enumerate(chances):
        alone, parameters = render(images[row].reshape(28, 28), variation, draw)
        np.testing.assert_array_equal(found[row], alone.ravel())
        assert ink[row] == parameters.ink


def test_designs():
    kinds = Position(), Scale(), Rotation()
    assert [condition.variation for condition in one(kinds)] == ["position", "scale", "rotation"]
    assert together(kinds)[0].kinds == kinds
    left = all_but_one(kinds)
    assert [condition.variation for condition in left] == ["all but position", "all but scale", "all but rotation"]
    assert left[1].kinds == (kinds[0], kinds[2])
    assert all_but_one(kinds[:1]) == []


def test_a_level_is_one_of_those_there_are():
    for level, levels in ((4, 3), (-1, 3), (0, 0)):
        with pytest.raises(InputError, match="level"):
            Variation(EVERY, level, levels=levels)
