import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events.cleaning.checks import check_counts, check_share, whole_times


def test_counts_are_whole():
    check_counts(a=1, b=np.int64(3))
    for wrong in (0, 1.0, -1, 10**30):
        with pytest.raises(InputError, match="side is a whole number"):
            check_counts(most=2, side=wrong)


def test_shares_are_shares():
    check_share(0.0)
    check_share(1.0)
    for wrong in (-0.1, 1.1, np.nan):
        with pytest.raises(InputError, match="a share"):
            check_share(wrong)


def test_times_are_rounded_where_they_fit():
    assert whole_times(np.array([-2.6, 0.4, 2.0**62])).tolist() == [-3, 0, 2**62]
    assert whole_times(np.array([])).dtype == np.int64
    for wrong in (-1e19, np.inf, np.nan):
        with pytest.raises(InputError, match="64 bits"):
            whole_times(np.array([0.0, wrong]))
