import numpy as np
import pytest

from spikesight.events.from_frames.crossing import report


@pytest.mark.parametrize(
    ("noise", "told"),
    [
        ([], [(10.0, True)]),
        ([3.0], [(10.0, True)]),
        ([-3.0, 6.0], [(6.0, True)]),
        ([-6.0], [(6.0, False)]),
        ([6.0, 8.0, -11.5], [(6.0, True), (11.5, False)]),
    ],
    ids=["no noise", "silent", "silent, then not", "off", "silent after noise"],
)
def test_noise_is_told_and_forgets_the_difference_unless_the_pixel_is_silent(noise, told):
    """A pixel had an event at 100 and is silent for 5 us; its difference would reach the threshold 10 us after."""
    difference, last = np.zeros(1), np.array([100.0])
    t, pixel, p = np.empty(9), np.empty(9, np.int64), np.empty(9, np.bool_)
    ends = np.array([0, len(noise)])
    numbers = (difference, np.array([0.1]), np.ones(1), np.ones(1), last, 100.0, 12.0, 5.0, False)
    found = report(*numbers, np.array(noise), ends, t, pixel, p)
    assert list(zip((t[:found] - 100.0).tolist(), p[:found].tolist(), strict=True)) == told
    assert difference[0] == pytest.approx(0.1 * (12.0 - told[-1][0]))
    assert last[0] == t[found - 1]
