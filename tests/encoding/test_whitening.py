from __future__ import annotations

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.whitening import either_sign, whitening_of


def test_no_linear_relation_is_left() -> None:
    random = np.random.default_rng(0)
    x = random.standard_normal((5000, 4)) @ random.standard_normal((4, 4)) + 3.0
    whitened = whitening_of(x, epsilon=1e-9)(x)
    np.testing.assert_allclose(np.cov(whitened, rowvar=False, bias=True), np.eye(4), atol=1e-5)
    np.testing.assert_allclose(whitened.mean(axis=0), 0, atol=1e-9)


def test_it_is_symmetric_and_fixed_once_learned() -> None:
    x = np.random.default_rng(1).random((50, 6))
    whitening = whitening_of(x)
    np.testing.assert_allclose(whitening.matrix, whitening.matrix.T, atol=1e-12)
    np.testing.assert_array_equal(whitening(x[:3]), whitening(x)[:3])


def test_a_pixel_that_never_changes_stays_quiet() -> None:
    x = np.random.default_rng(2).random((50, 3))
    x[:, 1] = 0.5
    whitened = whitening_of(x)(x)
    assert np.isfinite(whitened).all()
    np.testing.assert_allclose(whitened[:, 1], 0, atol=1e-6)


def test_either_sign_gets_channels_of_its_own() -> None:
    x = np.array([[[1.0, -2.0]], [[0.0, 3.0]]])
    np.testing.assert_array_equal(either_sign(x), [[[1, 0], [0, 2]], [[0, 3], [0, 0]]])


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: whitening_of(np.ones((1, 3))), "two rows"),
        (lambda: whitening_of(np.ones((4, 3))), "all equal"),
        (lambda: whitening_of(np.eye(3), 0.0), "epsilon is above 0"),
        (lambda: whitening_of(np.full((3, 3), np.nan)), "9 NaN"),
        (lambda: whitening_of(np.eye(3))(np.ones((2, 4))), "3 inputs, got 4"),
        (lambda: whitening_of(np.ones(3)), "rows of inputs"),
        (lambda: either_sign(np.ones(3)), "finite values"),
    ],
)
def test_what_cannot_be_whitened(call: object, says: str) -> None:
    with pytest.raises(InputError, match=says):
        call()  # type: ignore[operator]
