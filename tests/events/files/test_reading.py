"""Golden recordings, whole and piece by piece."""

import warnings

import pytest

from spikesight.base.errors import InputError
from spikesight.events.files.reading import EventFile
from spikesight.events.stream import joined


def test_a_golden_recording_is_read_to_the_last_bit(facts, path, agrees):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert agrees(EventFile(path).read().events, facts)


def test_pieces_are_the_whole(facts, path, agrees):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pieces = list(EventFile(path).pieces(1001))
    assert max(map(len, pieces)) <= 1001
    assert agrees(joined(*pieces), facts)


@pytest.mark.parametrize("events", [0, -1])
def test_pieces_of_no_event_are_refused(events):
    with pytest.raises(InputError, match="an event or more"):
        list(EventFile(b"0.1 3 4 1\n").pieces(events))
