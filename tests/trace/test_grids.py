import pytest

from spikesight import analysis
from spikesight.base.errors import InputError
from spikesight.trace.grids import Grid, covering_grid


def test_bins_begin_at_multiples_of_their_width():
    grid = covering_grid(105, 1190, most_bins=100)
    assert (grid.first, grid.width, grid.bins, grid.end) == (99, 11, 100, 1199)
    assert grid.bin_of([99, 109, 110, 98, 1198, 1199]).tolist() == [0, 0, 1, -1, 99, 100]


def test_a_window_needs_ticks_and_bins():
    with pytest.raises(InputError, match="ends after it starts"):
        covering_grid(5, 5, 10)
    with pytest.raises(InputError, match="at least one bin"):
        covering_grid(0, 5, 0)


def test_analysis_hands_it_on():
    assert analysis.Grid is Grid
    assert analysis.covering_grid is covering_grid
