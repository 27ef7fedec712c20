import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from spikesight.analysis.variation.depth import Turned, angle, halved, normalised
from spikesight.base.errors import InputError
from spikesight.datasets.eth80 import Views


def nearest():
    return KNeighborsClassifier(1)


def views():
    """Return two classes of four objects from four sides; only the two views from the side tell them apart."""
    tilts = [(90, 90), (90, 60), (90, 0), (0, 0)]
    known = [(label, thing, view) for label in range(2) for thing in range(4) for view in tilts]
    labels, objects, angles = (np.array(column) for column in zip(*known, strict=True))
    images = np.random.default_rng(0).random((len(known), 16)) * 0.1
    side = angle(angles, (90, 90)) <= 30.001
    images[side, 0] += 5.0 * labels[side]
    return Views(images, labels, objects, angles, ("a", "b"), (4, 4))


def test_angles_of_the_sheet():
    assert angle((90, 0), (90, 90)) == pytest.approx(90.0)
    np.testing.assert_allclose(angle([(0, 0), (0, 45), (0, 270)], (90, 123)), 90.0)
    assert angle((45, 0), (45, 90)) == pytest.approx(60.0)
    assert angle((90, 90), (90, 90)) == 0.0
    assert angle((90, 90), (90, 270)) == pytest.approx(180.0)


def test_accuracy_is_told_by_the_angle():
    known = views()
    found = Turned(within=30.0, learning=2).accuracies(nearest, known.images, known)
    assert found.accuracy[0] == 1.0
    assert found.accuracy[2] == 1.0  # 30 degrees belong to what begins there
    assert np.isnan([found.accuracy[1], found.accuracy[3]]).all()
    assert found.accuracy[4] < 0.9
    assert found.overall == pytest.approx((2 + 2 * found.accuracy[4]) / 4)


def test_the_same_objects_are_drawn_whatever_is_learned_of_them():
    known = views()
    one, other = (Turned(within=0.0, learning=2).accuracies(nearest, known.images, known) for _ in range(2))
    np.testing.assert_array_equal(one.accuracy, other.accuracy)


def test_pixels_without_brightness():
    images = np.random.default_rng(0).random((5, 9))
    np.testing.assert_allclose(normalised(3 * images + 7), normalised(images))
    np.testing.assert_allclose(np.linalg.norm(normalised(images), axis=1), 1.0)
    np.testing.assert_array_equal(normalised(np.ones((1, 4))), 0.0)


def test_half_as_large():
    np.testing.assert_array_equal(halved(np.arange(16).reshape(1, -1), (4, 4)), [[2.5, 4.5, 10.5, 12.5]])
    with pytest.raises(InputError, match="halved"):
        halved(np.ones((1, 15)), (3, 5))


def test_what_cannot_be_learned_from_is_refused():
    known = views()
    with pytest.raises(InputError, match="no view"):
        Turned(within=1.0, reference=(45.0, 200.0)).accuracies(nearest, known.images, known)
    with pytest.raises(InputError):
        Turned(splits=0)
