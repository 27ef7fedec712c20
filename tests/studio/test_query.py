import pytest

from spikesight.base.errors import InputError
from spikesight.studio.query import MOST_BINS, Query, parse


def test_every_parameter():
    given = {"t0": "1.5", "t1": "2", "at": "1.75", "bins": "10", "rows": "20", "unit": "3"}
    assert parse(given) == Query(t0=1.5, t1=2.0, at=1.75, bins=10, rows=20, unit=3)


def test_nothing_asks_for_the_whole_run():
    assert parse({}) == Query()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"t0": "now"}, "t0 is a time in seconds, got 'now'"),
        ({"t0": "nan"}, "t0 is a time"),
        ({"t1": "inf"}, "t1 is a time"),
        ({"at": "1e400"}, "at is a time"),
        ({"t0": "2", "t1": "2"}, "ends after it starts"),
        ({"bins": "0"}, f"from 1 to {MOST_BINS}"),
        ({"bins": "100000"}, f"from 1 to {MOST_BINS}"),
        ({"rows": "1.5"}, "rows is a whole number"),
        ({"unit": "-1"}, "unit is a whole number"),
        ({"unit": "²"}, "unit is a whole number"),
        ({"unit": "9" * 5000}, "unit is a whole number"),
        ({"file": "/etc/passwd"}, "no parameter is called 'file'"),
    ],
)
def test_what_makes_no_sense_is_answered(given, said):
    with pytest.raises(InputError, match=said):
        parse(given)
