import pytest

from spikesight.base.errors import InputError
from spikesight.studio.open_run import Empty
from spikesight.studio.query import Query
from spikesight.studio.views import confused


def ask(opened, label, taken, **window):
    return confused.answer(opened, Query(**window, options={"label": label, "taken": taken}))


def test_every_stimulus_of_a_cell_newest_first(opened, finished):
    cells = {(label, prediction) for _, _, label, prediction, _ in finished.outcomes}
    for label, prediction in cells:
        told = ask(opened, str(label), "none" if prediction < 0 else str(prediction))
        wanted = [stim for stim, _, a, b, _ in finished.outcomes if (a, b) == (label, prediction)]
        assert told["stim"].tolist() == wanted[::-1]
        assert told["count"] == len(wanted)


def test_only_those_of_the_window(opened, finished):
    told = ask(opened, "3", "3", t0=100.0, t1=150.0)
    wanted = [stim for stim, start, a, b, _ in finished.outcomes if a == b == 3 and start >= 200_000]
    assert told["stim"].tolist() == wanted[::-1]


def test_no_cell_and_an_empty_cell(opened):
    with pytest.raises(Empty, match="No cell is chosen"):
        confused.answer(opened, Query())
    with pytest.raises(Empty, match="No such stimulus"):
        ask(opened, "3", "3", t0=0.0, t1=0.5)
    with pytest.raises(InputError, match="whole number"):
        ask(opened, "<b>", "3")
