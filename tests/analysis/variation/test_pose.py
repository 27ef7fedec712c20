import numpy as np
import pytest

from spikesight.analysis.variation.pose import AS_IT_IS, Pose, padded, posed


def blob(size=41, sigma=4.0, at=(0.0, 0.0)):
    y, x = np.mgrid[:size, :size] - (size - 1) / 2
    return np.exp(-((y - at[0]) ** 2 + (x - at[1]) ** 2) / (2 * sigma**2))


@pytest.fixture
def drawn():
    image = np.zeros((40, 40))
    image[12:28, 12:28] = np.random.default_rng(0).random((16, 16))
    return image


def test_no_pose_is_the_image_bit_for_bit(drawn):
    found = posed(drawn, AS_IT_IS)
    assert found.tobytes() == drawn.tobytes()
    assert found is not drawn


def test_there_and_back_by_whole_pixels_is_the_image_exactly(drawn):
    there = posed(drawn, Pose(right=3.0, down=-2.0))
    np.testing.assert_array_equal(there, np.roll(drawn, (-2, 3), (0, 1)))
    np.testing.assert_array_equal(posed(there, Pose(right=-3.0, down=2.0)), drawn)


def test_whole_pixels_conserve_the_sum(drawn):
    assert posed(drawn, Pose(6.0, 6.0)).sum() == pytest.approx(drawn.sum(), rel=1e-14)


@pytest.mark.parametrize("size", [40, 41])
def test_a_quarter_turn_is_that_of_the_array(size):
    image = np.random.default_rng(1).random((size, size))
    turned = posed(image, Pose(degrees=90.0))
    np.testing.assert_allclose(turned, np.rot90(image, -1), atol=1e-14)  # clockwise on the screen
    for _ in range(3):
        turned = posed(turned, Pose(degrees=90.0))
    np.testing.assert_allclose(turned, image, atol=4e-14)


def test_larger_by_s_is_more_by_its_square():
    image = blob()
    for octaves in (-0.5, 0.3, 0.6):
        assert posed(image, Pose(octaves=octaves)).sum() == pytest.approx(image.sum() * 4.0**octaves, rel=0.02)


def test_larger_and_smaller_again_is_the_image_but_for_interpolation():
    image = blob()
    again = posed(posed(image, Pose(octaves=0.5)), Pose(octaves=-0.5))
    assert np.abs(again - image).max() < 0.02
    flat = np.full((9, 9), 3.0)
    np.testing.assert_allclose(posed(posed(flat, Pose(octaves=0.5), 3.0), Pose(octaves=-0.5), 3.0), 3.0)


def test_turning_comes_before_moving():
    image = blob(at=(0.0, 8.0))  # to the right; a quarter turn clockwise brings it down
    np.testing.assert_allclose(posed(image, Pose(right=5.0, degrees=90.0)), blob(at=(8.0, 5.0)), atol=1e-3)


def test_what_was_outside_is_the_fill():
    found = posed(np.ones((5, 5)), Pose(right=2.0), fill=7.0)
    np.testing.assert_array_equal(found[0], [7, 7, 1, 1, 1])


def test_a_canvas_has_the_image_in_its_middle():
    found = padded(np.arange(1, 7, dtype=np.uint8)[None], (2, 3), (4, 6), fill=9)
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found.reshape(4, 6)[1:3, 1:4], [[1, 2, 3], [4, 5, 6]])
    assert (found == 9).sum() == 18
