from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.encoding.rank import DroppingEqualCount, EqualCount, RankOrder, decode_rank

SHEET = np.array([[[9, 0, 3], [7, 0, 1], [5, 2.5, 8]]])
some_intensities = arrays(np.float64, (2, 11), elements=st.sampled_from([0.0, 0.25, 0.5, 1.0, 3.0]))


def test_the_form_of_spyketorch_loses_the_faintest() -> None:
    times = DroppingEqualCount(3)(SHEET).times
    np.testing.assert_array_equal(times, [[[0, 3, 2], [1, 3, 3], [1, 2, 0]]])


def test_ours_keeps_it_and_gives_the_remainder_to_the_first_bins() -> None:
    times = EqualCount(3)(SHEET).times
    np.testing.assert_array_equal(times, [[[0, 3, 1], [0, 3, 2], [1, 2, 0]]])


@given(some_intensities, st.integers(1, 15))
def test_bins_are_filled_in_order_and_nothing_is_lost(x: np.ndarray, steps: int) -> None:
    latencies = EqualCount(steps)(x)
    np.testing.assert_array_equal(latencies.fired, x > 0)
    for values, times in zip(x, latencies.times, strict=True):
        count = np.bincount(times, minlength=steps + 1)[:steps]
        assert (np.diff(count) <= 0).all()
        assert count.max() - count.min() <= 1
        order = np.lexsort((np.arange(len(values)), -values))[: count.sum()]
        assert (np.diff(times[order].astype(int)) >= 0).all()


def test_fewer_inputs_than_bins() -> None:
    x = np.array([[0.0, 2.0, 5.0]])
    np.testing.assert_array_equal(EqualCount(15)(x).times, [[15, 1, 0]])
    with pytest.raises(InputError, match="2 non-zero inputs, fewer than 15 bins"):
        DroppingEqualCount(15)(x)


def test_ties_go_to_the_lower_index() -> None:
    np.testing.assert_array_equal(RankOrder()(np.array([[1, 4, 4, 0, 1]])).times, [[2, 0, 1, 5, 3]])


def test_an_item_does_not_depend_on_the_others() -> None:
    x = np.random.default_rng(0).integers(0, 5, (7, 3, 4, 5))
    together = EqualCount(4)(x).times
    np.testing.assert_array_equal(together, np.concatenate([EqualCount(4)(one[None]).times for one in x]))


def test_an_image_without_contrast_is_silent() -> None:
    assert not EqualCount(5)(np.zeros((2, 9))).fired.any()
    assert EqualCount(5)(np.zeros((0, 9))).shape == (9,)


def test_latencies_are_binned_earliest_first() -> None:
    seconds = Latencies(np.array([[0.3, np.inf, 0.0, 0.1, 0.2]]))
    np.testing.assert_array_equal(EqualCount(2).rebin(seconds).times, [[1, 2, 0, 0, 1]])
    steps = Latencies(np.array([[3, 9, 0, 1, 2]]), 9)
    np.testing.assert_array_equal(EqualCount(2).rebin(steps).times, [[1, 2, 0, 0, 1]])


def test_ranks_are_decoded() -> None:
    decoded = decode_rank(Latencies(np.array([[0, 1, 2, 3, 4, 5]]), 5), 0.9)
    np.testing.assert_allclose(decoded, [[1, 0.9, 0.81, 0.729, 0.6561, 0]], rtol=1e-15)
    with pytest.raises(InputError, match="between 0 and 1"):
        decode_rank(Latencies(np.array([[0]]), 1), 1.0)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([[np.nan]], "1 NaN"),
        ([[-1.0]], "lowest is -1"),
        (3.0, "items first"),
        ([[np.inf]], "inf"),
        ([["a"]], "real numbers, got <U1"),
        ([[1j]], "real numbers, got complex"),
        ([[None, 1]], "real numbers, got object"),
    ],
)
def test_what_is_no_intensity(values: object, says: str) -> None:
    with pytest.raises(InputError, match=says):
        EqualCount(3)(np.array(values))


@pytest.mark.parametrize("encoder", [EqualCount, DroppingEqualCount])
def test_a_step_at_least(encoder: type) -> None:
    with pytest.raises(InputError, match="a step at least, got 0"):
        encoder(0)


@pytest.mark.parametrize("dtype", [np.float16, np.longdouble, ">f4", ">f8", ">i2", np.bool_])
def test_intensities_of_any_type_of_numbers(dtype: object) -> None:
    x = np.array([[1, 0, 1]], dtype)
    np.testing.assert_array_equal(EqualCount(2)(x).times, [[0, 2, 1]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_earliest_comes_first_however_little_earlier_it_is(dtype: type) -> None:
    late = np.nextafter(dtype(2), dtype(0))
    times = np.array([[late, np.nextafter(late, dtype(0))]], dtype)
    assert 1 / times[0, 0] == 1 / times[0, 1]
    np.testing.assert_array_equal(EqualCount(2).rebin(Latencies(times)).times, [[1, 0]])
