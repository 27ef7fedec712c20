import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.datasets.splits import by_object

LABELS = np.repeat([0, 0, 0, 1, 1, 1], 2)
OBJECTS = np.repeat([2, 5, 9, 1, 2, 3], 2)


def test_all_views_of_an_object_lie_on_one_side():
    train = by_object(LABELS, OBJECTS, 2, generator(0, "split"))
    for label in (0, 1):
        learned, tested = (set(OBJECTS[(label == LABELS) & side].tolist()) for side in (train, ~train))
        assert not learned & tested
        assert (len(learned), len(tested)) == (2, 1)


def test_the_split_belongs_to_the_seed():
    one, again, other = (by_object(LABELS, OBJECTS, 1, generator(seed, "split")) for seed in (3, 3, 5))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("learning", [0, 3])
def test_both_sides_need_an_object(learning):
    with pytest.raises(InputError, match="class 0 has 3 objects: learn from 1 to 2"):
        by_object(LABELS, OBJECTS, learning, generator(0, "split"))


def test_one_object_for_each_label():
    with pytest.raises(InputError, match="one each"):
        by_object(LABELS, OBJECTS[1:], 1, generator(0, "split"))
