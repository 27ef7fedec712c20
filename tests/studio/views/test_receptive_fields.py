import numpy as np
import pytest

from spikesight.studio.query import Query
from spikesight.studio.views import receptive_fields

TIMES = np.arange(12) * 12.5


@pytest.mark.parametrize(("at", "snapshot"), [(-1, 0), (0, 0), (12.4, 0), (12.5, 1), (100.0, 8), (None, 11), (1e6, 11)])
def test_the_newest_snapshot_at_the_cursor(opened, at, snapshot):
    told = receptive_fields.answer(opened, Query(at=at))
    assert told["snapshot"] == snapshot
    assert told["t"] == TIMES[snapshot]
    assert told["snapshots"] == 12
    if at is not None:
        assert told["valid"][0] <= at < told["valid"][1]


def test_fields_are_the_weights_within_a_step_of_grey(opened, finished):
    told = receptive_fields.answer(opened, Query(at=100.0))
    w = opened.trace.weights("input_exc", 8)
    expected = np.clip(w.T.reshape(finished.units, 8, 8), 0, told["top"])
    np.testing.assert_allclose(told["levels"] / 255 * told["top"], expected, atol=told["top"] / 255 * 0.51)


def test_the_answer_is_the_same_wherever_it_is_valid(opened):
    told = receptive_fields.answer(opened, Query(at=30.0))
    start, end = told["valid"]
    for at in (start, end - 0.0005):
        np.testing.assert_array_equal(receptive_fields.answer(opened, Query(at=at))["levels"], told["levels"])
    assert receptive_fields.answer(opened, Query(at=end))["snapshot"] == told["snapshot"] + 1


def test_each_unit_has_its_class(opened, finished):
    np.testing.assert_array_equal(receptive_fields.answer(opened, Query())["class_of_unit"], finished.owner)
