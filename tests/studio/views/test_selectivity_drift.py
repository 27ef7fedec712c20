import numpy as np
import pytest

from spikesight.studio.query import Query
from spikesight.studio.views import selectivity, selectivity_drift


def test_blocks_cover_the_run_in_order(opened):
    told = selectivity_drift.answer(opened, Query())
    assert len(told["t_start"]) <= selectivity_drift.BLOCKS
    assert (told["t_start"][0], told["t_end"][-1]) == (0.0, 150.0)
    np.testing.assert_array_equal(told["t_start"][1:], told["t_end"][:-1])
    assert told["unit"] is None


def test_a_block_is_the_selectivity_of_its_stimuli(opened):
    told = selectivity_drift.answer(opened, Query(unit=7))
    for block in (0, 17, 40):
        window = Query(t0=told["t_start"][block], t1=told["t_end"][block])
        index = selectivity.answer(opened, window)["index"]
        assert told["unit"][block] == pytest.approx(index[7], nan_ok=True)
        assert told["median"][block] == pytest.approx(np.nanmedian(index))


def test_quartiles_leave_silent_units_out():
    low, median, high = selectivity_drift.quartiles(np.array([[0.0, 1.0, np.nan, 0.5], [np.nan] * 4]))
    np.testing.assert_array_equal([low[0], median[0], high[0]], [0.25, 0.5, 0.75])
    assert np.isnan([low[1], median[1], high[1]]).all()
