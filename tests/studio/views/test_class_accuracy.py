import numpy as np
import pytest

from spikesight.studio.open_run import Empty
from spikesight.studio.query import Query
from spikesight.studio.views import class_accuracy


def test_counts_and_shares_are_those_of_the_stimuli(opened, finished):
    told = class_accuracy.answer(opened, Query(t0=50.0, t1=150.0))
    known = [one for one in finished.outcomes if one[1] >= 100_000]
    for row, label in enumerate(told["classes"]):
        mine = [right for _, _, a, _, right in known if a == label]
        assert told["shown"][row].sum() == len(mine)
        right = np.nansum(told["right"][row] * told["shown"][row])
        assert right == pytest.approx(sum(mine), abs=1e-4)


def test_cells_hold_enough_stimuli(opened):
    told = class_accuracy.answer(opened, Query())
    assert told["shown"].sum() / told["shown"].size >= class_accuracy.STIMULI_PER_CELL * 0.8


def test_before_the_first_outcome(opened):
    with pytest.raises(Empty, match="No outcome"):
        class_accuracy.answer(opened, Query(t0=0.0, t1=5.0))
