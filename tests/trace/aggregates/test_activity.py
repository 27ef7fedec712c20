import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.trace.aggregates import activity


@given(st.integers(-(10**6), 10**6), st.integers(0, 10**7), st.integers(1, 10**6), st.integers(1, 256))
def test_the_finest_bins_hold_some_spikes_each(first, length, rows, groups):
    width = activity.width_for(first, first + length, rows, groups)
    assert width in {16 * 4**power for power in range(20)}
    cells = (length // width + 1) * groups
    assert cells * activity.SPIKES_PER_CELL <= rows or width > length


@given(st.integers(-100, 100), st.integers(1, 100))
def test_bins_that_nest_fill_a_bin_without_a_rest(first, width):
    found = activity.nesting(16 * first, 16 * width)
    assert found >= 16
    assert (16 * width) % found == (16 * first) % found == 0
    wider = found * 4
    assert (16 * width) % wider or (16 * first) % wider or wider > 16 * width


@pytest.mark.parametrize(("first", "width"), [(8, 16), (16, 24), (0, 8), (1, 1)])
def test_some_bins_hold_no_whole_ones(first, width):
    assert activity.nesting(first, width) == 0


@pytest.mark.parametrize(("width", "found"), [(15, 0), (16, 16), (63, 16), (64, 64), (10**6, 262_144)])
def test_the_widest_bins_within_others(width, found):
    assert activity.coarsest_within(width) == found


@given(st.integers(1, 400), st.integers(-(10**5), 10**5), st.integers(1, 3000), st.integers(0, 2**32 - 1))
def test_every_width_counts_every_spike_where_it_is(size, start, length, seed):
    random = np.random.default_rng(seed)
    t, unit = start + random.integers(0, length, 200), random.integers(0, size, 200)
    rows, groups = activity.counted(t, unit, size, 16), min(size, 256)
    for width in (16, 64):
        these = rows["width"] == width
        found = {
            (int(group), int(tick)): int(spikes)
            for group, tick, spikes in zip(*(rows[name][these] for name in ("grp", "t", "spikes")), strict=True)
            if spikes
        }
        expected: dict[tuple[int, int], int] = {}
        for tick, one in zip(t.tolist(), unit.tolist(), strict=True):
            key = one * groups // size, tick // width * width
            expected[key] = expected.get(key, 0) + 1
        assert found == expected


def test_a_file_keeps_wider_bins_the_more_it_covers():
    assert activity.merged_width([16, 64]) == 256
    assert activity.stored_width(16, 10**6) == 64
    assert activity.stored_width(16, 16) == 16
