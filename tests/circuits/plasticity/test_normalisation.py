"""What reaches a neuron is rescaled to a fixed sum."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.circuits.connections.convolution import Convolution
from spikesight.circuits.connections.one_to_one import OneToOne
from spikesight.circuits.connections.sparse import Sparse
from spikesight.circuits.plasticity.normalisation import normalise, normalise_any, normalise_fused, rescale
from spikesight.circuits.plasticity.pair import PairStdp

BOTH = pytest.mark.parametrize("function", [normalise, normalise_fused])


def initial(n=400):
    """Initial weights of the sheet, 0.3 (U[0, 1] + 0.01), which make 0.003 to 0.303."""
    return generator(0, "weights").uniform(0.003, 0.303, (784, n)).astype(np.float32)


@BOTH
def test_columns_sum_to_the_total(function):
    w = initial()
    function(w, 78.0)
    np.testing.assert_allclose(w.sum(axis=0, dtype=np.float64), 78.0, rtol=1e-6)
    assert w.mean() == pytest.approx(78 / 784, rel=1e-6)


@BOTH
def test_the_first_factor_on_initial_weights(function):
    """The sheet: expected sum 784 * 0.3 * 0.51 = 119.95, first factor 0.6503."""
    w = initial(4000)
    before = w.copy()
    # A sum of 784 uniform weights spreads by 2.4, the mean of 4,000 of them by 0.04.
    assert before.sum(axis=0).mean() == pytest.approx(119.95, abs=4 * 0.04)
    function(w, 78.0)
    assert (w[0] / before[0]).mean() == pytest.approx(0.6503, abs=4 * 0.04 / 119.95 * 0.65 + 3e-4)


@BOTH
def test_proportions_stay(function):
    w = initial(5)
    before = w.copy()
    function(w, 78.0)
    np.testing.assert_allclose(w / w[0], before / before[0], rtol=1e-6)


@BOTH
def test_a_column_of_zeros_stays(function):
    w = np.array([[1.0, 0.0], [3.0, 0.0]], np.float32)
    function(w, 2.0)
    np.testing.assert_array_equal(w, np.float32([[0.5, 0.0], [1.5, 0.0]]))


@BOTH
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_stays_and_twice_is_once(function, dtype):
    w = initial(7).astype(dtype)
    function(w, 78.0)
    assert w.dtype == dtype
    once = w.copy()
    function(w, 78.0)
    np.testing.assert_allclose(w, once, rtol=1e-6)


# Sums that are no sums (1e-45) would be scaled beyond float32; weights are not made of them.
ELEMENTS = st.just(0.0) | st.floats(2.0**-20, 8.0, width=32)
WEIGHTS = arrays.arrays(np.float32, st.tuples(st.integers(1, 40), st.integers(1, 9)), elements=ELEMENTS)


@settings(max_examples=60, deadline=None)
@given(w=WEIGHTS, total=st.floats(0.1, 100))
def test_compiled_and_plain_are_equal_bit_for_bit(w, total):
    plain, compiled, as_it_is = w.copy(), w.copy(), w.copy()
    normalise(plain, total)
    normalise_fused(compiled, total)
    rescale(as_it_is, total, np.empty(w.shape[1]), np.empty(w.shape[1], w.dtype))
    assert plain.tobytes() == compiled.tobytes()
    assert plain.tobytes() == as_it_is.tobytes()


@pytest.mark.parametrize("n", [1, 2, 400])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_equal_with_as_many_inputs_as_in_the_paper(dtype, n):
    plain, compiled = (generator(1, "weights").uniform(0.003, 0.303, (784, n)).astype(dtype) for _ in range(2))
    normalise(plain, 78.0)
    normalise_fused(compiled, 78.0)
    assert plain.tobytes() == compiled.tobytes()


@pytest.mark.parametrize(
    "connection", [OneToOne(), Sparse([0, 3, 3, 8], [0, 2, 2, 0, 1, 1, 2, 3], 4), Convolution((1, 3, 1), 2, (2, 1))]
)
def test_every_wiring_sums_to_the_total_and_what_is_gone_stays_gone(connection):
    n_pre, n_post = (4, 4) if isinstance(connection, OneToOne) else (3, 4)
    w = generator(0, "weights").uniform(0.1, 1.0, connection.weight_shape(n_pre, n_post)).astype(np.float32)
    w.reshape(-1)[-2] = 0.0
    kept = connection.forward(w.astype(np.float64), np.ones(n_pre)) > 0
    normalise_any(connection, w, 2.5, n_pre, n_post)
    sums = connection.forward(w.astype(np.float64), np.ones(n_pre))
    np.testing.assert_allclose(sums[kept], 2.5, rtol=1e-6)
    np.testing.assert_array_equal(sums[~kept], 0.0)
    assert w.reshape(-1)[-2] == 0.0


@pytest.mark.parametrize("total", [0.0, -1.0, np.nan, np.inf])
def test_a_total_is_a_positive_number(lattice, total):
    engine, _ = lattice(PairStdp())
    with pytest.raises(InputError, match="total"):
        engine.normalise("learned", total)
    assert engine.arrays["learned.w"].max() == 0.5
