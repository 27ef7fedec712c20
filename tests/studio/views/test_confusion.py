import numpy as np
import pytest

from spikesight.studio.query import Query
from spikesight.studio.views import confusion


def expected(outcomes):
    counts = np.zeros((10, 11), int)
    for _, _, label, prediction, _ in outcomes:
        counts[label, prediction if prediction >= 0 else 10] += 1
    return counts


def test_the_window_is_counted(opened, finished):
    told = confusion.answer(opened, Query(t0=20.0, t1=60.0))
    inside = [one for one in finished.outcomes if 40_000 <= one[1] < 120_000]
    np.testing.assert_array_equal(told["counts"], expected(inside))
    assert told["stimuli"] == len(inside)


def test_the_blocks_are_the_whole_run(opened, finished):
    told = confusion.answer(opened, Query(t0=20.0, t1=60.0))
    np.testing.assert_array_equal(told["blocks"]["counts"].sum(axis=0), expected(finished.outcomes))
    assert len(told["blocks"]["t_start"]) == confusion.BLOCKS
    right = [one[4] for one in finished.outcomes[-300 // confusion.BLOCKS :]]
    assert told["blocks"]["accuracy"][-1] == pytest.approx(np.mean(right[-37:]), abs=0.03)
