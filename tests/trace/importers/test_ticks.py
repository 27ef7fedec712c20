import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.trace.importers.contract import MS, SECOND
from spikesight.trace.importers.ticks import LADDER, Search, as_tick_ns, ticks


def found(t, unit_ns, **options):
    search = Search(unit_ns, **options)
    search.see(np.asarray(t))
    return search.found()


@given(st.sampled_from(LADDER), st.lists(st.integers(0, 10**9), min_size=1, max_size=20), st.sampled_from([MS, SECOND]))
def test_times_on_a_grid_are_found_exactly(tick, whole, unit):
    # What a simulator writes: a decimal number, the nearest float of it.
    t = np.array([float(f"{number * tick}e-{9 if unit == SECOND else 6}") for number in whole])
    answer = found(t, unit)
    assert answer.exact
    assert answer.ns >= tick  # a coarser one may do as well
    back = ticks(t, unit, answer.ns) * answer.ns
    assert back.tolist() == [number * tick for number in whole]


@pytest.mark.parametrize(
    ("t", "unit", "tick"),
    [
        ([1, 2, 700], MS, 1_000_000),
        ([0.1, 999.3, 1000.0], MS, 100_000),
        ([445.539, 0.025], MS, 1_000),
        ([22.900000000100004, 1499.8], MS, 100_000),  # 229 steps of 0.1 ms added up
        ([0.028133, 1087.352833], SECOND, 1_000),
        (np.array([0.1, 1499.8], np.float32), MS, 100_000),
        ([], MS, 1_000_000),
    ],
)
def test_the_coarsest_tick_that_is_exact(t, unit, tick):
    assert found(t, unit)[::2] == (tick, True)


def test_where_no_tick_is_exact_the_error_is_told():
    tick, error, exact = found([1 / 3, 2 / 7], MS)
    assert (tick, exact) == (1, False)
    # 1/3 ms is 333333.33 ns, 2/7 ms is 285714.29 ns
    assert error == pytest.approx(1e-9 / 3, rel=1e-6)


def test_a_tick_that_is_given_is_taken_and_its_error_told():
    assert found([0.12, 0.2], MS, given=100_000) == (100_000, pytest.approx(2e-5), False)


def test_a_declared_step_is_tried_first():
    assert found([0.0, 0.5, 1.5], MS, declared=500_000).ns == 500_000
    assert found([0.0, 0.5, 0.6], MS, declared=500_000).ns == 100_000


@given(st.integers(-(10**9), 10**9), st.sampled_from([1, 1000, 100_000, 250_000, MS]))
def test_whole_numbers_are_never_rounded(number, unit):
    assert ticks(np.array([number]), unit, 1).tolist() == [number * unit]


@pytest.mark.parametrize("t", [[np.nan], [np.inf], [1e300], ["x"], [2**62]])
def test_times_that_cannot_be_counted(t):
    with pytest.raises(InputError, match="times are"):
        found(t, MS)


def test_a_tick_in_seconds():
    assert as_tick_ns(1e-4) == 100_000
    for wrong in (0.0, -1.0, 1.5e-9, float("nan"), float("inf")):
        with pytest.raises(InputError, match="a tick is"):
            as_tick_ns(wrong)
