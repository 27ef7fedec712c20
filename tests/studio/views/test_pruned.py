from spikesight.studio.view import Place
from spikesight.studio.views import pruned, weight_changes


def test_it_draws_the_zeros_that_the_weight_changes_count():
    assert pruned.VIEW.answer is weight_changes.answer
    assert pruned.VIEW.place is Place.LANE
