"""Streams to clean: a handful by hand, any by hypothesis, many at random."""

from hypothesis import strategies as st

from spikesight.base.randomness import generator
from spikesight.events.stream import EventStream

WIDTH, HEIGHT = 7, 5

ROWS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1), st.booleans()), max_size=60
)


def of(rows, width=WIDTH, height=HEIGHT):
    """Return the stream of rows (t, x, y, p), as they are."""
    t, x, y, p = zip(*rows, strict=True) if rows else ([], [], [], [])
    return EventStream(t, x, y, p, width, height)


def in_order(rows):
    """Return the stream of rows in order of time."""
    return of(sorted(rows, key=lambda row: row[0]))


def rows(events):
    """Return a stream as rows (t, x, y, p) of plain numbers."""
    return list(zip(*(c.tolist() for c in (events.t, events.x, events.y, events.p)), strict=True))


def busy(count=20_000, width=40, height=30, lasting=100_000):
    """Return many events, all over the sensor, with runs of one polarity so that counts go somewhere."""
    random = generator(0, "events to clean")
    t = sorted(random.integers(0, lasting, count))
    p = random.random(count) < 0.8
    return EventStream(t, random.integers(0, width, count), random.integers(0, height, count), p, width, height)


def same(one, other):
    """Return whether two streams hold the same events of the same sensor, in the same order."""
    return (one.width, one.height, rows(one)) == (other.width, other.height, rows(other))
