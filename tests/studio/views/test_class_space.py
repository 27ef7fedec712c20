import numpy as np

from spikesight.studio.query import Query
from spikesight.studio.view import Place
from spikesight.studio.views import class_space, selectivity


def test_the_landscape_is_the_selectivity_map(opened):
    told, flat = class_space.VIEW.answer(opened, Query()), selectivity.answer(opened, Query())
    np.testing.assert_array_equal(told["responses"], flat["responses"])
    assert (class_space.VIEW.tabs, class_space.VIEW.place) == (("neurons",), Place.MAIN)
