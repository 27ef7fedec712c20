import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.studio.query import Query
from spikesight.studio.views import unit


def test_spikes_class_and_responses(opened, finished):
    told = unit.answer(opened, Query(unit=7, t0=20.0, t1=60.0))
    own = finished.spikes("exc")
    own = own[own[:, 1] == 7]
    assert told["spikes"] == len(own)
    assert told["spikes_in_window"] == int(((own[:, 0] >= 40_000) & (own[:, 0] < 120_000)).sum())
    assert told["class"] == finished.owner[7]
    labels = np.array([outcome[2] for outcome in finished.outcomes])
    per_stimulus = np.bincount(own[:, 2], minlength=300)
    expected = [per_stimulus[labels == label].mean() for label in range(10)]
    np.testing.assert_allclose(told["responses"], expected)


def test_a_unit_that_is_not_there(opened):
    with pytest.raises(InputError, match="units 0 to 39, asked for 40"):
        unit.answer(opened, Query(unit=40))


def test_the_field_of_a_unit_of_a_map_is_its_kernel(convolutions):
    told = unit.answer(convolutions, Query(layer="conv1", unit=70, projection="input_conv1"))
    assert told["field"]["levels"].shape == (5, 5)
