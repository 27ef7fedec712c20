"""The index says what counting every event would say."""

import numpy as np
import pytest

from spikesight.studio.events import recorded
from spikesight.studio.events.recorded import MARK, MOST_GAPS, gaps_of, marks_of


def test_numbers_are_those_of_a_count(opened, offsets):
    times = [-5, 0, 1, 777, 100_000, int(offsets[-1]), int(offsets[-1]) + 1, 2**53]
    assert opened.recorded.numbers(times).tolist() == [int((offsets < t).sum()) for t in times]
    assert opened.recorded.duration == offsets[-1] + 1


@pytest.mark.parametrize("events", [1, MARK - 1, MARK, MARK + 1, 3 * MARK, 10_000])
def test_on_events_before_any_number(events, monkeypatch):
    monkeypatch.setattr(recorded, "_AT_ONCE", 2 * MARK)
    p = np.random.default_rng(events).random(events) < 0.3
    marks = marks_of(p)
    assert marks.tolist() == [int(p[: k * MARK].sum()) for k in range(len(marks))]
    assert marks[-1] == p.sum()


def test_on_until(opened, made):
    numbers = np.array([0, 1, MARK - 1, MARK, MARK + 1, 8999, 9000])
    assert opened.recorded.on_until(numbers).tolist() == [int(made.columns.p[:n].sum()) for n in numbers]


def test_gaps_also_across_pieces(monkeypatch):
    t = np.cumsum(np.where(np.arange(100) % 25 == 24, 200_000, 10))
    whole, count = gaps_of(t)
    assert count == 4
    assert (whole[:, 1] - whole[:, 0] == 200_000).all()
    for size in (1, 2, 7, 25):
        monkeypatch.setattr(recorded, "_AT_ONCE", size)
        pieces, again = gaps_of(t)
        assert (pieces.tolist(), again) == (whole.tolist(), count)


def test_of_many_gaps_the_longest_are_kept():
    lengths = np.random.default_rng(0).permutation(1000) + 100_001
    gaps, count = gaps_of(np.cumsum(lengths))
    assert count == 999
    assert len(gaps) == MOST_GAPS
    assert sorted((gaps[:, 1] - gaps[:, 0]).tolist()) == sorted(lengths[1:].tolist())[-MOST_GAPS:]
    assert (np.diff(gaps[:, 0]) > 0).all()
