import pytest

from spikesight.base.errors import InputError
from spikesight.first_spike.geometry import check, outcome


@pytest.mark.parametrize(
    ("size", "window", "stride", "padding", "dilation", "expected"),
    [
        ((28, 28), (5, 5), (1, 1), (0, 0), (1, 1), (24, 24)),
        ((28, 30), (5, 3), (1, 1), (2, 1), (1, 1), (28, 30)),
        ((28, 28), (2, 2), (2, 2), (1, 1), (1, 1), (15, 15)),
        ((9, 8), (3, 2), (2, 3), (0, 1), (2, 4), (3, 2)),
        ((3, 3), (3, 3), (7, 7), (0, 0), (1, 1), (1, 1)),
    ],
)
def test_windows_that_fit(size, window, stride, padding, dilation, expected):
    assert outcome(size, window, stride, padding, dilation) == expected
    for length, extent, move, pad, step, places in zip(size, window, stride, padding, dilation, expected, strict=True):
        firsts = [first for first in range(0, length + 2 * pad, move) if first + step * (extent - 1) < length + 2 * pad]
        assert len(firsts) == places


def test_a_window_that_does_not_fit_says_what_to_do():
    with pytest.raises(InputError, match=r"5 x 5 .* does not fit on maps of 4 x 9 .*more padding"):
        outcome((4, 9), (5, 5))


@pytest.mark.parametrize("wrong", [((0, 1), (1, 1), (0, 0)), ((1, 1), (1, 0), (0, 0)), ((1, 1), (1, 1), (0, -1))])
def test_windows_that_cannot_be(wrong):
    with pytest.raises(InputError, match="1 at least"):
        check(*wrong)


@pytest.mark.parametrize("window", [3, (3,), (3, 3, 3), (3.0, 2.5), (True, True), ("3", "3"), None])
def test_a_window_is_a_pair(window):
    with pytest.raises(InputError, match="a window is a pair of whole numbers, rows and columns, got"):
        check(window, (1, 1), (0, 0))
