"""Traces of spikes: closed forms, and that storing a value and a step is as good as decaying in every step."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.equations.spike_traces import FORGOTTEN, Renewed, Summed, powers, read, renew

DT = 0.5e-3


def test_powers_are_exponentials():
    left = powers((Renewed(20e-3), Summed(40e-3)), DT)
    steps = np.arange(left.shape[1])
    for row, tau in zip(left, (20e-3, 40e-3), strict=True):
        kept = row > 0
        np.testing.assert_allclose(row[kept], np.exp(-steps * DT / tau)[kept], rtol=1e-13)
        assert row[0] == 1.0
        assert row[-1] == 0.0
        # Forgotten where, and only where, less than a ten-thousand-millionth is left.
        last = np.flatnonzero(kept)[-1]
        assert math.exp(-last * DT / tau) >= FORGOTTEN
        assert math.exp(-(last + 1) * DT / tau) < FORGOTTEN


def test_no_traces_have_no_powers():
    assert powers((), DT).shape[0] == 0


def test_half_a_float32_step_is_more_than_what_is_forgotten():
    """What the constant promises: no float32 weight in reach of a rate of 1 could have told the difference."""
    assert np.float32(0.01) + np.float32(FORGOTTEN) == np.float32(0.01)


@pytest.mark.parametrize("tau", [0.0, -1e-3, math.nan])
@pytest.mark.parametrize("kind", [Renewed, Summed])
def test_a_time_constant_is_positive(kind, tau):
    with pytest.raises(InputError, match=r"tau is .*positive number of seconds"):
        kind(tau)


@pytest.mark.parametrize(("kind", "expected"), [(Renewed, [1.0, 1.0, 1.0]), (Summed, [1.0, 1.5, 1.75])])
def test_a_spike_sets_or_adds(kind, expected):
    """Three spikes, between each of which the trace falls to a half."""
    value, seen = 0.0, []
    for _ in range(3):
        value = renew(value * 0.5, *kind(20e-3).line())
        seen.append(value)
    assert seen == expected


@given(
    st.sets(st.integers(0, 120), max_size=20),
    st.sampled_from([Renewed(20e-3), Summed(7e-3), Summed(60e-3)]),
)
def test_lazy_traces_equal_traces_that_decay_in_every_step(spikes, trace):
    (left,) = powers((trace,), DT)
    keep, jump = trace.line()
    every_step, value, last = 0.0, 0.0, 0
    for k in range(130):
        every_step *= math.exp(-DT / trace.tau)
        seen = read(value, k - last, left, np.where)
        assert seen == pytest.approx(every_step, rel=1e-12, abs=1e-9)
        if k in spikes:
            every_step = keep * every_step + jump
            value, last = renew(seen, keep, jump), k


def test_reading_works_on_arrays_and_scalars_and_keeps_the_type():
    left = powers((Summed(20e-3),), DT)[0].astype(np.float32)
    values, since = np.array([1.0, 2.0, 0.5], np.float32), np.array([0, 40, 10**6], np.int32)
    seen = read(values, since, left, np.where)
    assert seen.dtype == np.float32
    np.testing.assert_allclose(seen, [1.0, 2 * math.exp(-1), 0.0], rtol=1e-6)
    one_by_one = [read(value, at, left, lambda c, a, b: a if c else b) for value, at in zip(values, since, strict=True)]
    np.testing.assert_array_equal(seen, one_by_one)
    assert renew(values, np.float32(1), np.float32(1)).dtype == np.float32
