import numpy as np

from spikesight.base.randomness import generator
from spikesight.encoding.moved import moved


def test_every_move_occurs_and_is_one_of_whole_pixels():
    image = np.zeros((5, 6), np.uint8)
    image[2:4, 2:5] = [[1, 2, 3], [4, 5, 6]]
    found = moved(np.tile(image.ravel(), (400, 1)), (5, 6), 1, generator(0, "moves")).reshape(-1, 5, 6)
    moves = [np.roll(image, (down, right), (0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    counts = [(found == one).all(axis=(1, 2)).sum() for one in moves]
    assert sum(counts) == 400
    assert min(counts) > 20


def test_what_comes_in_is_the_fill():
    found = moved(np.ones((50, 9)), (3, 3), 2, generator(0, "moves"), fill=7.0)
    assert set(np.unique(found)) == {1.0, 7.0}


def test_no_move_is_the_image_itself():
    images = np.random.default_rng(0).integers(0, 9, (4, 12))
    np.testing.assert_array_equal(moved(images, (3, 4), 0, generator(0, "moves")), images)
