import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events.cleaning.checks import check_counts, check_share


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
