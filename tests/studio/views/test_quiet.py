from spikesight.studio.view import Place
from spikesight.studio.views import health, quiet


def test_it_draws_what_the_health_view_counts():
    assert quiet.VIEW.answer is health.answer
    assert (quiet.VIEW.tabs, quiet.VIEW.place) == (("neurons",), Place.LANE)
