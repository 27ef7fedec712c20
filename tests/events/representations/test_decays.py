import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events.representations import Exponential, Linear, Recent

AGES = np.array([0.0, 5e-3, 10e-3, 20e-3, np.inf], np.float32)


@pytest.mark.parametrize(
    ("decay", "expected"),
    [
        (Exponential(10e-3), [1.0, np.exp(-0.5), 0.36788, np.exp(-2.0), 0.0]),
        (Linear(10e-3), [1.0, 0.5, 0.0, 0.0, 0.0]),
        (Recent(10e-3), [1.0, 1.0, 1.0, 0.0, 0.0]),
    ],
    ids=["exponential", "linear", "recent"],
)
def test_what_is_left(decay, expected):
    before = AGES.copy()
    found = decay(AGES)
    np.testing.assert_allclose(found, expected, atol=5e-6)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(AGES, before)


@pytest.mark.parametrize("kind", [Exponential, Linear, Recent])
def test_no_time_is_an_error(kind):
    for tau in (0.0, -1.0, 1e-40, 1e50, float("inf"), float("nan")):
        with pytest.raises(InputError, match="tau"):
            kind(tau)
