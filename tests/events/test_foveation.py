import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.events.cleaning import EventCount, Funnelling, LogLuminance
from spikesight.events.foveation import Foveation, foveate
from spikesight.events.regions_of_interest import RegionsOfInterest
from spikesight.events.stream import EventStream

REDUCERS = [Funnelling(4, 1000), EventCount(4), LogLuminance(4, samples=100), EventCount(3)]
each = pytest.mark.parametrize("reducer", REDUCERS, ids=repr)


@pytest.fixture
def events():
    random = generator(0, "events to foveate")
    n, width, height = 4000, 30, 22
    t = np.sort(random.integers(10**6, 10**6 + 10**5, n))
    return EventStream(
        t, random.integers(0, width, n), random.integers(0, height, n), random.random(n) < 0.8, width, height
    )


@each
def test_where_everything_is_of_interest_nothing_changes(events, reducer):
    found = Foveation(reducer)(events, RegionsOfInterest.whole(events))
    assert found.inside.rows.tolist() == events.rows.tolist()
    assert len(found.outside) == 0
    assert found.spread(0).rows.tolist() == events.rows.tolist()


@each
def test_where_nothing_is_of_interest_all_is_coarse(events, reducer):
    found = Foveation(reducer)(events, RegionsOfInterest.none())
    assert len(found.inside) == 0
    assert found.outside.rows.tolist() == reducer(events).rows.tolist()
    assert len(found) == len(reducer(events)) > 0


def test_each_event_is_sharp_or_coarse(events):
    """A box of whole cells for half of the time: no event is told twice, none is lost."""
    reducer = Funnelling(4, 1)
    box = RegionsOfInterest([1_020_000], [1_070_000], [[8, 4, 20, 12]])
    found = Foveation(reducer)(events, box)
    coarse = reducer(events)
    for part, whole, left, top, right, bottom in (
        (found.inside, events, 8, 4, 20, 12),
        (found.outside, coarse, 2, 1, 5, 3),
    ):
        here = (whole.t >= 1_020_000) & (whole.t < 1_070_000)
        here &= (whole.x >= left) & (whole.x < right) & (whole.y >= top) & (whole.y < bottom)
        chosen = here if part is found.inside else ~here
        assert part.rows.tolist() == whole.of(chosen).rows.tolist()
    assert found.inside.provenance[-1] == "in 1 regions of interest"


def test_a_cell_that_a_border_cuts_is_told_both_ways(events):
    cut = RegionsOfInterest([0], [2 * 10**6], [[1, 0, 30, 22]])
    found = Foveation(Funnelling(4, 1000))(events, cut)
    assert set(found.outside.x.tolist()) == {0}
    assert found.inside.x.min() == 1


def test_events_are_counted_before_they_are_spread(events):
    found = Foveation(EventCount(4))(events, RegionsOfInterest([0], [2 * 10**6], [[8, 4, 20, 12]]))
    spread = found.spread(1)
    assert len(found) == len(found.inside) + len(found.outside)
    assert (spread.width, spread.height) == (30, 22)
    assert len(found) < len(spread) <= len(found.inside) + 16 * len(found.outside)
    assert not spread.backward_steps
    assert spread.rows.tolist() == found.spread(1).rows.tolist() != found.spread(2).rows.tolist()
    inside = (spread.x >= 8) & (spread.x < 20) & (spread.y >= 4) & (spread.y < 12)
    assert inside.sum() == len(found.inside), "a cell stays where it is"
    alone = found.outside.of(slice(0, 1))
    one = foveate(events.of(slice(0, 0)), alone, 4, RegionsOfInterest.none()).spread(0)
    assert set((one.x // 4).tolist()) == {int(alone.x[0])}
    assert set(one.t.tolist()) == {int(alone.t[0])}


def test_coarse_events_of_another_sensor_are_refused(events):
    with pytest.raises(InputError, match=r"8 x 6 cells of 4 x 4, but the coarse events are of 15 x 11"):
        foveate(events, EventCount(2)(events), 4, RegionsOfInterest.none())
