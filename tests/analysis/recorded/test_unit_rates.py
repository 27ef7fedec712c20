import numpy as np
import pytest

from spikesight.analysis.recorded import rates
from spikesight.base.errors import InputError, UnknownName

TICK, LENGTH = 0.0005, 200


def test_rates_are_spikes_over_seconds(trace, truth):
    found = rates(trace, "exc", t=(0.1, 2.0))
    inside = truth.within("exc", 200, 4000)
    np.testing.assert_array_equal(found.spikes, np.bincount(inside[:, 1], minlength=12))
    np.testing.assert_allclose(found.hertz, found.spikes / 1.9, rtol=1e-12)
    assert found.t == (0.1, 2.0)
    assert found.hertz[3] == 0.0  # never spikes


def test_the_whole_trace_is_the_default(trace, truth):
    found = rates(trace, "exc")
    assert found.t == (0.0, 48 * LENGTH * TICK)
    assert found.spikes.sum() == len(truth.spikes["exc"])
    np.testing.assert_array_equal(rates(trace, "exc", t=(-np.inf, np.inf)).hertz, found.hertz)


def test_units_that_were_not_recorded_are_not_silent(trace, truth):
    found = rates(trace, "some")
    assert np.isnan(found.hertz).tolist() == [True, False, True, True, False, True]
    assert found.hertz[4] == pytest.approx((truth.spikes["some"][:, 1] == 4).sum() / 4.8, rel=1e-12)


def test_seconds_are_those_of_the_stimuli_that_were_recorded(trace, truth):
    found = rates(trace, "seldom")
    assert found.seconds == pytest.approx(16 * LENGTH * TICK)
    np.testing.assert_allclose(found.hertz, np.bincount(truth.spikes["seldom"][:, 1], minlength=6) / found.seconds)
    assert rates(trace, "seldom", t=(0.05, 0.35)).seconds == pytest.approx(0.05 + 0.05)  # of stimuli 0 and 3
    nothing = rates(trace, "seldom", t=(0.12, 0.18))
    assert nothing.seconds == 0.0
    assert np.isnan(nothing.hertz).all()


def test_a_table_has_a_row_per_unit(trace):
    assert {name: len(column) for name, column in rates(trace, "exc").columns().items()} == {
        "unit": 12,
        "spikes": 12,
        "hertz": 12,
    }


def test_an_empty_trace_has_no_spikes(empty):
    assert rates(empty, "exc").spikes.tolist() == [0] * 12
    assert not np.nan_to_num(rates(empty, "exc").hertz).any()


def test_what_cannot_be_asked(trace):
    with pytest.raises(UnknownName, match="Did you mean exc"):
        rates(trace, "exd")
    with pytest.raises(InputError, match="start <= end"):
        rates(trace, "exc", t=(1.0, 0.5))
