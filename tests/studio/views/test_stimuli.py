import numpy as np

from spikesight.studio.query import Query
from spikesight.studio.views import stimuli


def test_few_stimuli_come_one_by_one(opened, finished):
    told = stimuli.answer(opened, Query(t0=20.2, t1=23.0))
    assert told["each"]["stim"].tolist() == [40, 41, 42, 43, 44, 45]
    expected = [outcome[2] for outcome in finished.outcomes[40:46]]
    np.testing.assert_array_equal(told["each"]["label"], expected)
    assert told["count"] == 6
    assert told["shares"] is None


def test_many_stimuli_come_as_shares_that_add_up(opened, finished):
    told = stimuli.answer(opened, Query(bins=37))
    outcomes = [outcome[4] for outcome in finished.outcomes]
    shares = told["shares"]
    assert shares["right"].sum() == outcomes.count(True)
    assert shares["wrong"].sum() == outcomes.count(False)
    assert shares["open"].sum() == outcomes.count(None) == 20
    assert told["each"] is None


def test_shares_lie_where_the_stimuli_lie(opened, finished):
    shares = stimuli.answer(opened, Query(bins=300))["shares"]
    place = int((finished.outcomes[250][1] * 0.0005 - shares["first"]) // shares["width"])
    outcomes = [o[4] for o in finished.outcomes if int((o[1] * 0.0005 - shares["first"]) // shares["width"]) == place]
    assert shares["right"][place] == outcomes.count(True)
    assert shares["wrong"][place] == outcomes.count(False)
