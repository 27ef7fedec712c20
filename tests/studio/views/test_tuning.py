import numpy as np
import pytest

from spikesight.base.errors import InputError, UnknownName
from spikesight.studio.open_run import Empty
from spikesight.studio.query import Query
from spikesight.studio.views import selectivity, tuning


def test_one_unit_of_the_selectivity_map(opened):
    told = tuning.answer(opened, Query(unit=7, t0=20.0, t1=60.0))
    everything = selectivity.answer(opened, Query(t0=20.0, t1=60.0))
    np.testing.assert_array_equal(told["responses"], everything["responses"][:, 7])
    assert told["preferred"] == everything["preferred"][7]
    assert told["index"] == everything["index"][7]


def test_of_another_population(pictures, pictured):
    told = tuning.answer(pictures, Query(layer="conv", unit=70))
    labels, spikes = pictured.labels, pictured.spikes("conv")
    per_stimulus = np.bincount(spikes[spikes[:, 1] == 70, 2], minlength=len(labels))
    expected = [per_stimulus[labels == label].mean() for label in range(4)]
    np.testing.assert_allclose(told["responses"], expected, rtol=1e-6)


def test_without_a_unit_it_says_what_to_do(opened):
    with pytest.raises(Empty, match="Click one"):
        tuning.answer(opened, Query())


def test_a_unit_and_a_layer_that_are_not_there(opened):
    with pytest.raises(InputError, match="units 0 to 39, asked for 40"):
        tuning.answer(opened, Query(unit=40))
    with pytest.raises(UnknownName, match="exc"):
        tuning.answer(opened, Query(layer="ecx", unit=0))
