import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.studio.query import Query
from spikesight.studio.views import class_spikes, selectivity


@pytest.mark.parametrize(("given", "label"), [({}, 0), ({"class": "7"}, 7)])
def test_the_answers_to_one_class(given, label, opened):
    told = class_spikes.answer(opened, Query(options=given))
    everything = selectivity.answer(opened, Query())
    np.testing.assert_array_equal(told["responses"], everything["responses"][label])
    assert (told["class"], told["shown"]) == (label, everything["shown"][label])


def test_a_class_that_was_never_shown(opened):
    told = class_spikes.answer(opened, Query(options={"class": "12"}))
    assert told["shown"] == 0
    assert np.isnan(told["responses"]).all()


def test_a_class_is_a_number(opened):
    with pytest.raises(InputError, match="class is a whole number"):
        class_spikes.answer(opened, Query(options={"class": "seven"}))
