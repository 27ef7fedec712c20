import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events.representations import (
    BinaryFilm,
    EqualShares,
    EqualTimes,
    Film,
    Periods,
    RestInLast,
    film,
    histogram,
    reference,
)
from spikesight.events.stream import EventStream

CUTS = [EqualShares(4), RestInLast(4), EqualTimes(5), Periods(100, 3)]
cuts = pytest.mark.parametrize("cut", CUTS, ids=lambda cut: type(cut).__name__)


def test_each_event_is_counted_in_its_frame():
    events = EventStream([0, 1, 2, 900], [0, 2, 2, 1], [0, 1, 1, 0], [True, False, False, True], 3, 2)
    frames = film(events, EqualShares(2))
    assert frames.shape == (2, 2, 2, 3)
    assert frames[0].tolist() == [[[0, 0, 0], [0, 0, 1]], [[1, 0, 0], [0, 0, 0]]]
    assert frames[1].tolist() == [[[0, 0, 0], [0, 0, 1]], [[0, 1, 0], [0, 0, 0]]]


@cuts
def test_equal_to_the_reference(events, cut):
    frames = film(events, cut)
    np.testing.assert_array_equal(frames, reference.film(events, cut))
    np.testing.assert_array_equal(Film(cut)(events), frames)
    spikes = BinaryFilm(cut)(events)
    np.testing.assert_array_equal(spikes, frames > 0)
    assert (frames.dtype, spikes.dtype) == (np.uint32, np.bool_)


@cuts
def test_frames_have_the_events_of_their_parts(events, cut):
    edges = cut.edges(events)
    assert film(events, cut).sum((1, 2, 3)).tolist() == np.diff(edges).tolist()
    np.testing.assert_array_equal(film(events, cut).sum(0), histogram(events.of(slice(edges[0], edges[-1]))))


@cuts
def test_events_out_of_order_are_an_error(cut, backward):
    with pytest.raises(InputError, match="step back"):
        film(backward, cut)
