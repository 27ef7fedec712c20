import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.analysis import Grid, binned, covering_grid
from spikesight.base.errors import InputError


@given(st.integers(0, 10**9), st.integers(1, 10**7), st.integers(1, 2000))
def test_grid_covers_the_window_with_equal_bins(first, length, most_bins):
    grid = covering_grid(first, first + length, most_bins)
    assert grid.first <= first < grid.first + grid.width
    assert grid.end - grid.width < first + length <= grid.end
    assert grid.bins <= most_bins + 1
    assert grid.first % grid.width == 0


def test_bins_hold_whole_ticks_so_a_regular_train_stays_flat():
    grid = covering_grid(0, 1000, most_bins=300)
    counts = np.bincount(grid.bin_of(np.arange(1000)), minlength=grid.bins)
    assert grid.width == 4
    assert set(counts.tolist()) == {4}


def test_least_width_is_kept():
    assert covering_grid(100, 120, most_bins=500, least_width=8).width == 8


def test_moving_the_window_keeps_the_bin_edges():
    edges = {covering_grid(first, first + 1000, 100).first % 10 for first in range(0, 50, 7)}
    assert edges == {0}


@pytest.mark.parametrize(("first", "end", "bins"), [(5, 5, 10), (9, 3, 10), (0, 10, 0)])
def test_impossible_windows_are_refused(first, end, bins):
    with pytest.raises(InputError, match="window of time"):
        covering_grid(first, end, bins)


def test_binned_by_hand():
    counts = binned(Grid(10, 5, 3), np.array([9, 10, 14, 15, 24, 25, 14]), np.array([0, 0, 1, 1, 0, 1, 1]), 2)
    assert counts.tolist() == [[1, 2], [0, 1], [1, 0]]


def test_one_tick_per_spike_is_needed():
    with pytest.raises(InputError, match="one tick per spike"):
        binned(Grid(0, 1, 3), np.zeros(2), np.zeros(3), 2)


@pytest.mark.parametrize("unit", [-1, 2])
def test_a_neuron_that_is_not_there_spikes_in_no_bin(unit):
    with pytest.raises(InputError, match="0 to 1, got"):
        binned(Grid(0, 1, 3), np.array([1]), np.array([unit]), 2)
