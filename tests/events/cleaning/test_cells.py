import pytest
from streams_to_clean import of, rows

from spikesight.base.errors import InputError
from spikesight.events.cleaning.cells import in_cells


def test_the_last_cells_are_smaller():
    small = in_cells(of([(1, 6, 4, True), (2, 5, 3, False)]), 3)
    assert (small.width, small.height) == (3, 2)
    assert rows(small) == [(1, 2, 1, True), (2, 1, 1, False)]


def test_a_cell_larger_than_anything():
    assert rows(in_cells(of([(1, 6, 4, True)]), 10**9)) == [(1, 0, 0, True)]
    with pytest.raises(InputError, match="factor"):
        in_cells(of([]), 0)
