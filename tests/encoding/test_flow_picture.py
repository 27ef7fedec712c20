"""Cells and steps that the published code and its mended version give, worked out by hand."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.flow_picture import (
    SIZES,
    STEPS,
    FlowPicture,
    PublishedFlowPicture,
    both_ways_together,
    steps_shuffled,
)

PUBLISHED = [
    *((size, True, cell) for size, cell in [(0, 0), (39, 0), (40, 1), (89, 50), (90, 51), (589, 100), (590, 101)]),
    *((size, True, cell) for size, cell in [(1500, 146), (1589, 150)]),
    *((size, False, cell) for size, cell in [(0, 151), (40, 191), (52, 201), (1500, 298), (1530, 299), (1531, None)]),
]
MENDED = [(0, 0), (39, 0), (40, 0), (89, 49), (90, 50), (589, 99), (590, 100), (1500, 145), (1589, 149), (1590, None)]


def cell_of(picture):
    """The only cell with a packet; None where there is none."""
    used = np.flatnonzero(picture.sum(axis=0))
    assert len(used) <= 1
    return int(used[0]) if len(used) else None


@pytest.mark.parametrize(("size", "forward", "cell"), PUBLISHED)
def test_published_cells(size, forward, cell):
    # The other direction is there, so that no packet is made up for it.
    picture = PublishedFlowPicture()([0.0, 7.0, 3.0], [300, 300, size], [not forward, not forward, forward])
    beside = PublishedFlowPicture()([0.0, 7.0, 3.0], [300, 300, 5000], [not forward, not forward, forward])
    assert cell_of(picture - beside) == cell


@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize(("size", "cell"), MENDED)
def test_mended_cells(size, cell, forward):
    place = cell if forward or cell is None else cell + SIZES // 2
    assert cell_of(FlowPicture()([1.0], [size], [forward])) == place


@pytest.mark.parametrize(("t", "step"), [(0.0, 0), (30.0, 150), (59.99, 299), (60.0, None), (-0.1, None), (0.6, 3)])
def test_mended_steps(t, step):
    used = np.flatnonzero(FlowPicture()([t], [100], [True]).sum(axis=1))
    assert used.tolist() == ([] if step is None else [step])


def packets(seed=0, n=500):
    random = np.random.default_rng(seed)
    return random.uniform(0, 60, n), random.integers(0, 1700, n), random.random(n) < 0.5


def test_turning_directions_round_moves_cells_and_nothing_else():
    t, size, forward = packets()
    picture, turned = FlowPicture()(t, size, forward), FlowPicture()(t, size, ~forward)
    np.testing.assert_array_equal(turned, np.roll(picture, SIZES // 2, axis=1))
    assert picture.sum() == (size <= 1589).sum()
    published = [PublishedFlowPicture()(t, size, way) for way in (forward, ~forward)]
    assert (published[1] != np.roll(published[0], SIZES // 2, axis=1)).any()


def test_the_published_axis_of_time_is_stretched_by_its_own_packet():
    picture = PublishedFlowPicture()(np.linspace(45.0, 60.0, 50), np.full(50, 500), np.full(50, True))
    assert picture[1:224].sum() == 0, "late windows occupy the end of the axis"
    assert FlowPicture()(np.linspace(0.0, 15.0, 50), np.full(50, 500), np.full(50, True))[:76].sum() == 50


def test_published_without_any_packet_or_with_one_time():
    assert PublishedFlowPicture()([], [], []).sum() == 2
    assert PublishedFlowPicture()([3.0, 3.0], [100, 100], [True, False]).sum() == 2


def test_directions_together_keep_all_counts():
    picture = FlowPicture()(*packets())
    together = both_ways_together(picture)
    assert together.shape == (STEPS, SIZES)
    assert together.sum() == picture.sum()
    assert not together[:, SIZES // 2 :].any()
    assert both_ways_together(np.full((1, SIZES), 40_000, np.uint16)).max() == 65_535


def test_shuffled_steps_keep_each_step():
    pictures = np.stack([FlowPicture()(*packets(seed)) for seed in range(2)])
    shuffled = steps_shuffled(pictures, np.random.default_rng(0))
    assert (shuffled != pictures).any()
    for one, other in zip(pictures, shuffled, strict=True):
        np.testing.assert_array_equal(np.unique(one, axis=0), np.unique(other, axis=0))
        np.testing.assert_array_equal(one.sum(axis=0), other.sum(axis=0))


def test_what_is_no_packets():
    for t, size, forward in [([0.0], [1, 2], [True]), ([np.nan], [1], [True]), ([0.0], [-1], [True])]:
        with pytest.raises(InputError):
            FlowPicture()(t, size, forward)
    with pytest.raises(InputError, match="seconds"):
        FlowPicture(0.0)
