"""What every cleaning keeps, whatever it does."""

import copy
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from streams_to_clean import HEIGHT, ROWS, WIDTH, in_order, of, rows, same

from spikesight.base.errors import InputError
from spikesight.events import cleaning
from spikesight.events.cleaning import CLEANINGS

USUAL = {
    "centre-crop": {"width": 4, "height": 3},
    "crop": {"left": 1, "top": 1, "width": 4, "height": 3},
    "funnelling": {"factor": 2, "microseconds": 5},
    "event-count": {"factor": 2},
    "log-luminance": {"factor": 2, "samples": 20},
    "shift": {"right": 2, "down": -1},
    "stretch": {"factor": 1.5},
    "thin": {"side": 2, "microseconds": 10},
    "turn": {"degrees": 30.0},
    "denoise": {"microseconds": 10},
    "refractory": {"microseconds": 10},
    "jitter-time": {"microseconds": 5.0},
    "hot-pixels": {"times": 2.0},
}
CHOOSES = {"denoise", "drop-area", "drop-share", "drop-time", "every-nth", "hot-pixels", "refractory", "thin"}
KEEPS_ALL = {"backwards", "flip-left-right", "flip-polarity", "flip-upside-down", "jitter-time", "stretch"}
MAKES_TIMES = {"backwards", "jitter-time", "log-luminance", "stretch"}
NEEDS_ORDER = {"denoise", "event-count", "funnelling", "log-luminance", "refractory", "thin"}


def made(name):
    return CLEANINGS[name](**USUAL.get(name, {}))


each = pytest.mark.parametrize("name", sorted(CLEANINGS))


@each
@settings(max_examples=15, deadline=None)
@given(some=ROWS)
def test_what_comes_out_came_in(name, some):
    events, clean = in_order(some), made(name)
    before = rows(events)
    out = clean(events)
    assert rows(events) == before, "the stream itself stays as it is"
    assert out.provenance == (*events.provenance, repr(clean))
    assert same(out, clean(events)), "the same again"
    assert not out.backward_steps, "events in order of time stay so"
    assert len(out) <= len(events), "nothing is invented"
    if name in CHOOSES:
        assert not Counter(rows(out)) - Counter(before)
        left = iter(before)
        assert all(row in left for row in rows(out)), "in the order that they had"
    if name in KEEPS_ALL:
        assert len(out) == len(events)
    if name not in MAKES_TIMES:
        assert not Counter(out.t.tolist()) - Counter(events.t.tolist())


@each
def test_nothing_comes_of_nothing(name):
    assert len(made(name)(of([]))) == 0


@each
def test_who_needs_the_order_asks_for_it(name):
    events = of([(9, 1, 1, True), (3, 1, 2, True)])
    if name in NEEDS_ORDER:
        with pytest.raises(InputError, match="in order of time"):
            made(name)(events)
    else:
        made(name)(events)


@each
def test_each_prints_itself_and_can_be_copied(name):
    clean = made(name)
    assert copy.deepcopy(clean) == clean
    assert repr(clean).startswith(type(clean).__name__ + "(")


@each
def test_the_size_of_the_sensor(name):
    smaller = {"centre-crop": (4, 3), "crop": (4, 3)} | dict.fromkeys(
        ("event-count", "funnelling", "log-luminance"), (-(-WIDTH // 2), -(-HEIGHT // 2))
    )
    out = made(name)(of([(1, 6, 4, True)]))
    assert (out.width, out.height) == smaller.get(name, (WIDTH, HEIGHT))


@each
def test_a_memory_map_is_cleaned_too(name, tmp_path):
    events = in_order([(k, k % WIDTH, k % HEIGHT, k % 3 > 0) for k in range(30)])
    np.save(tmp_path / "t.npy", events.t)
    mapped = type(events)(
        np.load(tmp_path / "t.npy", mmap_mode="r"), events.x, events.y, events.p, events.width, events.height
    )
    assert same(made(name)(mapped), made(name)(events))


def test_every_name_is_there():
    assert all(getattr(cleaning, one) is not None for one in cleaning.__all__)
    with pytest.raises(AttributeError, match="no attribute 'wash'"):
        _ = cleaning.wash
