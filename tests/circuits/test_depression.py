import math

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.circuits.depression import Depression
from spikesight.encoding.spike_list import SpikeList, from_dense


def every(step, count, lines=1, line=0):
    dense = np.zeros((step * count, lines), np.int64)
    dense[::step, line] = 1
    return from_dense(dense)


def test_the_published_series():
    depression = Depression()
    assert depression.fraction == pytest.approx(0.016119, abs=5e-7)
    gave = depression.given(every(4, 2000), 1)
    assert gave[:6] == pytest.approx([1, 0.98404, 0.96850, 0.95335, 0.93860, 0.92424], abs=5e-6)
    assert gave[-1] == pytest.approx(0.38405, abs=5e-6)
    assert depression.limit(4) == pytest.approx(0.38405, abs=5e-6)


def test_recovery_in_silence():
    depression = Depression()
    before = depression.given(every(4, 50), 1)[-1]
    after = depression.left(np.array([before]))
    assert depression.recovered(after, np.array([400])) == pytest.approx(1 - (1 - after) / math.e)
    silent = every(4, 50)
    later = np.concatenate([silent.dense(1), np.zeros((396, 1), np.int64), [[1]]])
    assert depression.given(from_dense(later), 1)[-1] == pytest.approx(1 - (1 - after[0]) * math.exp(-1.0), rel=1e-12)


def test_lines_are_depressed_each_on_its_own():
    alone = Depression().given(every(4, 20), 1)
    both = from_dense(every(4, 20, 2, 0).dense(2) + every(5, 16, 2, 1).dense(2))
    gave = Depression().given(both, 2)
    assert np.array_equal(gave[both.units == 0], alone)
    assert np.array_equal(gave[both.units == 1], Depression().given(every(5, 16), 1))
    assert len(Depression().given(SpikeList(np.zeros(3, np.int64), np.empty(0, np.int32)), 2)) == 0


@pytest.mark.parametrize("wrong", [{"tau": 0.0}, {"fraction": 1.1}, {"fraction": -0.1}])
def test_nonsense_is_refused(wrong):
    with pytest.raises(InputError):
        Depression(**wrong)
