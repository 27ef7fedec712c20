from __future__ import annotations

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.encoding.lateral import (
    BoostStronger,
    DelayLater,
    earliest_map_per_place,
    inhibition_kernel,
    strongest_map_per_place,
)


def row(*times: float) -> Latencies:
    return Latencies(np.array(times, np.float64).reshape(1, 1, 1, -1))


def delayed(*times: float) -> list[float]:
    found: list[float] = DelayLater()(row(*times)).times.ravel().tolist()
    return found


def test_the_later_of_two_neighbours_is_delayed() -> None:
    assert delayed(10, 12) == pytest.approx([10, 13.8])


def test_all_comparisons_use_the_times_before_any_delay() -> None:
    assert delayed(11, 10, 12)[2] == pytest.approx(12 * (1 + 0.15 + 0.12))


def test_two_earlier_neighbours_at_distances_1_and_5() -> None:
    assert delayed(9, np.inf, np.inf, np.inf, np.inf, 10, 9)[5] == pytest.approx(10 * 1.2)


def test_equal_times_hold_nobody_back_and_never_stays_never() -> None:
    assert delayed(10, 10, np.inf) == [10, 10, np.inf]


def test_neighbours_lie_in_rows_and_columns_of_the_same_map() -> None:
    t = np.full((1, 2, 3, 3), np.inf)
    t[0, 0, 1, 1], t[0, 0, 0, 0], t[0, 1, 1, 1] = 5.0, 10.0, 7.0
    found = DelayLater()(Latencies(t)).times
    assert found[0, 0, 0, 0] == pytest.approx(11.5)
    assert found[0, 1, 1, 1] == 7.0


def test_intensities_are_the_reciprocals_of_delayed_latencies() -> None:
    x = np.random.default_rng(0).random((2, 3, 7, 6))
    by_time = DelayLater()(Latencies(1.0 / x)).times
    np.testing.assert_allclose(DelayLater().intensities(x), 1.0 / by_time, rtol=1e-6)


def test_the_form_of_spyketorch_boosts_instead() -> None:
    x = np.array([2.0, 1.0]).reshape(1, 1, 1, 2)
    beyond = inhibition_kernel((0.1,)).sum()
    boosted = BoostStronger((0.1,)).intensities(x).ravel()
    np.testing.assert_allclose(boosted, [2 * (1 + beyond), 1 * (1 + beyond - 0.1)], rtol=1e-6)


def test_the_kernel_of_inhibition() -> None:
    np.testing.assert_array_equal(
        inhibition_kernel((0.5, 0.2)),
        [[0.2] * 5, [0.2, 0.5, 0.5, 0.5, 0.2], [0.2, 0.5, 0, 0.5, 0.2], [0.2, 0.5, 0.5, 0.5, 0.2], [0.2] * 5],
    )


def test_one_map_is_left_at_each_place() -> None:
    x = np.array([[1.0, 3.0, 0.0], [2.0, 3.0, 0.0]]).reshape(1, 2, 1, 3)
    np.testing.assert_array_equal(strongest_map_per_place(x).reshape(2, 3), [[0, 3, 0], [2, 0, 0]])
    t = Latencies(np.array([[4, 1, 9], [2, 1, 9]]).reshape(1, 2, 1, 3), 9)
    np.testing.assert_array_equal(earliest_map_per_place(t).times.reshape(2, 3), [[9, 1, 9], [2, 9, 9]])


def test_what_cannot_be_inhibited() -> None:
    with pytest.raises(InputError, match="no whole steps"):
        DelayLater()(Latencies(np.zeros((1, 1, 1, 1), np.uint8), 3))
    with pytest.raises(InputError, match="maps are"):
        DelayLater().intensities(np.ones((2, 2)))
    with pytest.raises(InputError, match="NaN"):
        strongest_map_per_place(np.full((1, 1, 1, 1), np.nan))
    for shares in ((), (-0.1,), (0.1, np.nan)):
        with pytest.raises(InputError, match="shares are 0 or more"):
            BoostStronger(shares)
