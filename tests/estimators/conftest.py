"""A Diehl & Cook estimator that learns in a second: few neurons, bright stimuli, short showings."""

from dataclasses import replace

import numpy as np
import pytest

from spikesight.datasets.images import digits
from spikesight.estimators.diehl_cook import SHOWING, DiehlCook

BRIEF = replace(SHOWING, hertz=36.0, hertz_more=18.0, shown=0.1, rest=0.05)


@pytest.fixture
def tiny():
    """Make an estimator of 20 neurons for the 8 x 8 digits."""

    def make(**changes):
        return DiehlCook(**{"n": 20, "showing": BRIEF, "mean_weight": 0.2, "max_delay": 0.0, "threads": 1, **changes})

    return make


@pytest.fixture(scope="session")
def some_digits():
    """60 zeros, ones and twos to learn from and 30 others: (X, y, X_test, y_test)."""
    images = digits()
    chosen, held = images.train_labels < 3, images.test_labels < 3
    return (
        images.train[chosen][:60],
        images.train_labels[chosen][:60],
        images.test[held][:30],
        images.test_labels[held][:30],
    )


@pytest.fixture(scope="session")
def fitted(some_digits):
    """An estimator that learned some digits twice; nothing may change it."""
    estimator = DiehlCook(n=20, passes=2, showing=BRIEF, mean_weight=0.2, max_delay=0.0, threads=1)
    estimator.fit(*some_digits[:2])
    estimator.engine_.arrays["input_exc.w"].flags.writeable = False
    return estimator


@pytest.fixture
def assert_same_state():
    """Two estimators are at the same place, bit for bit."""

    def check(a, b):
        one, other = a.snapshot(), b.snapshot()
        assert list(one) == list(other)
        for name in one:
            np.testing.assert_array_equal(one[name], other[name], err_msg=name)
            assert one[name].tobytes() == other[name].tobytes(), name

    return check
