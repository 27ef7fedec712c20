import hashlib
import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.events.facts import facts_of
from spikesight.events.files.format import Columns, Likeness, Reading
from spikesight.events.files.reading import EventFile
from spikesight.events.files.source import Source


class InPieces:
    """A format of events at hand, given in pieces; `width` and `height` as a file may tell them, or not."""

    name, title, suffixes = "at-hand", "events at hand", ()

    def __init__(self, t, x, p, cuts, width=None, height=None):
        self.columns = Columns(
            np.array(t, np.int64), np.array(x, np.uint16), np.zeros(len(t), np.uint16), np.array(p, bool)
        )
        self.cuts, self.width, self.height = [0, *sorted(cuts), len(t)], width, height

    def sniff(self, source):
        return Likeness.YES

    def open(self, source):
        form = self

        class Opened(Reading):
            def pieces(self, events):
                for first, last in zip(form.cuts[:-1], form.cuts[1:], strict=True):
                    yield form.columns.part(first, last)

        return Opened(source, "made up", self.width, self.height)


def found(*arguments, **options):
    return facts_of(EventFile(b"-", InPieces(*arguments, **options)))


def test_a_golden_recording_has_its_published_facts(facts, path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        told = facts_of(EventFile(path))
    assert (told.width, told.height, told.count, told.on) == tuple(
        int(facts[key]) for key in ("width", "height", "n_events", "n_on")
    )
    assert (told.t_first_us, told.t_last_us, told.backward_steps) == tuple(
        int(facts[key]) for key in ("t_first_us", "t_last_us", "n_backward_steps")
    )
    assert told.sha256 == facts["sha256_t_x_y_p"]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9), st.booleans())), st.data())
def test_facts_do_not_depend_on_pieces(events, data):
    t, x, p = zip(*events, strict=True) if events else ((), (), ())
    cuts = data.draw(st.lists(st.integers(0, len(events))))
    told = found(t, x, p, cuts)
    steps = np.diff(np.array(t, int))
    assert told == found(t, x, p, [])
    assert told.count == len(t)
    assert told.on == sum(p)
    assert told.backward_steps == (steps < 0).sum()
    assert [length for _, length in told.gaps] == sorted((int(s) for s in steps if s > 0), reverse=True)[:3]
    for begin, length in told.gaps:
        assert any(a == begin and b - a == length for a, b in pairwise(t))
    columns = (np.array(t, "<i8"), np.array(x, "<u2"), np.zeros(len(t), "<u2"), np.array(p, "u1"))
    assert told.sha256 == hashlib.sha256(b"".join(c.tobytes() for c in columns)).hexdigest()


def test_of_equal_gaps_the_first_recorded_are_told():
    t = (0, 7, 8, 0, 1, 2)  # the clock steps back: a later gap begins earlier
    for cuts in ([], [2], [3], [4]):
        assert found(t, (0,) * 6, (False,) * 6, cuts).gaps == ((0, 7), (7, 1), (0, 1))


def test_rates_and_times():
    told = found([1_000_000, 1_500_000, 3_000_000], [0, 1, 2], [1, 0, 1], [])
    assert (told.t_first_us, told.t_last_us, told.duration_us, told.rate) == (1_000_000, 3_000_000, 2_000_000, 1.5)
    assert (told.width, told.height) == (3, 1)
    none = found([], [], [], [])
    assert (none.t_first_us, none.duration_us, none.rate, none.gaps) == (None, 0, None, ())
    assert none.as_json()["rate_hz"] is None


def test_a_sensor_too_small_for_its_events_is_told():
    with pytest.raises(InputError, match="3 x 1 pixels, but has events up to x = 3"):
        found([1], [3], [1], [], width=3, height=1)


def test_the_source_stays_as_it_is(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(bytes((1, 2, 128, 0, 9)))
    assert facts_of(EventFile(path)).format == "bin"
    assert Source.of(path).size == 5
