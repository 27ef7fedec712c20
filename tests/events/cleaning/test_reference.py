"""The compiled cleanings do what the plain ones say, event by event."""

import pytest
from hypothesis import given, settings
from streams_to_clean import ROWS, busy, in_order, same

from spikesight.events.cleaning import reference
from spikesight.events.cleaning.denoise import denoise
from spikesight.events.cleaning.event_count import event_count
from spikesight.events.cleaning.funnelling import funnelling
from spikesight.events.cleaning.refractory import refractory
from spikesight.events.cleaning.thin import thin

BOTH = [
    (denoise, reference.denoise, (10,)),
    (refractory, reference.refractory, (7,)),
    (thin, reference.thin, (1, 7, 20)),
    (funnelling, reference.funnelling, (3, 5)),
    (funnelling, reference.funnelling, (70_000, 1)),
    (event_count, reference.event_count, (2, 1)),
    (event_count, reference.event_count, (3, 2)),
]
NAMES = [f"{fast.__name__}-{numbers}" for fast, _, numbers in BOTH]


@pytest.mark.parametrize(("fast", "plain", "numbers"), BOTH, ids=NAMES)
def test_the_compiled_one_is_the_plain_one(fast, plain, numbers):
    @settings(max_examples=30, deadline=None)
    @given(ROWS)
    def check(some):
        events = in_order(some)
        assert same(fast(events, *numbers), plain(events, *numbers))

    check()
    many = fast(busy(), *numbers)
    assert same(many, plain(busy(), *numbers))
    assert 0 < len(many) < len(busy())
