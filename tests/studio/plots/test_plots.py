"""The contract of every figure, taken from the catalogue: it draws what its view answers, and says what it is."""

import io

import pytest

from spikesight.studio.open_run import Empty
from spikesight.studio.plots import PLOTS
from spikesight.studio.query import Query
from spikesight.studio.views import VIEWS

pytest.importorskip("matplotlib")
NEEDS_ANOTHER_RUN = ("compare",)
"""Figures of views that compare runs, by how their names begin; they have tests of their own."""
QUERIES = {
    "unit": Query(unit=3),
    "instant": Query(t0=6.399, t1=6.4, unit=16),
}


def figure():
    from matplotlib.figure import Figure

    return Figure(figsize=(4, 3), dpi=40)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("name", sorted(PLOTS))
@pytest.mark.parametrize("run", ["opened", "pictures", "convolutions"])
def test_every_figure_draws_what_its_view_answers(name, query, run, request):
    if name.startswith(NEEDS_ANOTHER_RUN):
        pytest.skip("compares runs")
    try:
        answer = VIEWS[name].answer(request.getfixturevalue(run), QUERIES[query])
    except Empty as reason:
        pytest.skip(str(reason))
    drawn = figure()
    axes = drawn.subplots()
    PLOTS[name](axes, answer)
    assert axes.get_title(loc="left")
    drawn.savefig(io.BytesIO(), format="png")


@pytest.mark.parametrize("name", sorted(PLOTS))
def test_a_figure_belongs_to_a_view(name):
    assert name in VIEWS
