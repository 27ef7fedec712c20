from types import SimpleNamespace

import numpy as np
import pytest

from spikesight.analysis import Grid
from spikesight.studio import unit_order
from spikesight.studio.unit_order import dead, order, rows_on
from spikesight.trace.schema import Layer, Recorded

GRID = Grid(20_000, 1000, 80)


def layer(opened, name="exc"):
    return opened.layer(name)


def counts_on(finished, name, grid):
    spikes = finished.spikes(name)
    here = spikes[(spikes[:, 0] >= grid.first) & (spikes[:, 0] < grid.end)]
    counts = np.zeros((64 if name == "input" else finished.units, grid.bins), int)
    np.add.at(counts, (here[:, 1], (here[:, 0] - grid.first) // grid.width), 1)
    return counts


def test_by_rate_the_most_active_is_on_top(opened, finished):
    spikes = np.bincount(finished.spikes("exc")[:, 1], minlength=finished.units)
    chosen = order(opened, layer(opened), "rate")
    assert (np.diff(spikes[chosen.units]) <= 0).all()
    assert sorted(chosen.units) == list(range(finished.units))


def test_by_class_and_within_it_by_rate(opened, finished):
    spikes = np.bincount(finished.spikes("exc")[:, 1], minlength=finished.units)
    chosen = order(opened, layer(opened), "class")
    np.testing.assert_array_equal(chosen.class_of_unit, finished.owner)
    keys = list(zip(finished.owner[chosen.units], -spikes[chosen.units], strict=True))
    assert keys == sorted(keys)


def test_another_layer_is_ordered_by_the_class_it_answers_to(opened, finished):
    chosen = order(opened, layer(opened, "inh"), "class")
    assert chosen.note.startswith("by the class that a unit answers to most")
    assert (chosen.class_of_unit == finished.owner).mean() > 0.9, "made to answer to the class it belongs to"


def test_in_space_neighbours_follow_each_other(opened):
    chosen = order(opened, layer(opened, "input"), "space")
    y, x = np.divmod(chosen.units, 8)
    assert (np.abs(np.diff(y)) + np.abs(np.diff(x)) == 1).all()
    channels = unit_order._by_space(Layer("maps", (3, 2, 2))).units
    assert [set(part) for part in channels.reshape(3, 4)] == [{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9, 10, 11}]


def test_units_in_a_row_have_no_place(opened):
    chosen = order(opened, layer(opened), "space")
    assert chosen.units is None
    assert "do not lie in a picture" in chosen.note


@pytest.mark.parametrize("by", unit_order.ORDERS)
@pytest.mark.parametrize("rows", [40, 16, 7])
def test_rows_hold_the_spikes_of_their_units(opened, finished, by, rows):
    found = rows_on(opened, layer(opened), GRID, rows, order(opened, layer(opened), by), 10**4)
    counts = counts_on(finished, "exc", GRID)
    units = np.arange(finished.units) if found.units is None else found.units
    ends = np.cumsum(found.units_in_row)
    assert ends[-1] == finished.units
    for row, end in enumerate(ends):
        members = units[end - found.units_in_row[row] : end]
        np.testing.assert_array_equal(found.counts[row], counts[members].sum(axis=0))


@pytest.mark.parametrize("by", ["rate", "class"])
def test_too_many_spikes_are_ordered_by_groups(opened, finished, monkeypatch, by):
    monkeypatch.setattr(unit_order, "GROUPS", 8)
    chosen = order(opened, layer(opened), by)
    found = rows_on(opened, layer(opened), GRID, 100, chosen, unit_order.MOST_SPIKES + 1)
    assert len(found.counts) == 8
    assert found.note.endswith("groups of 5 units at this zoom")
    assert sorted(found.units) == list(range(finished.units))
    counts = counts_on(finished, "exc", GRID)
    for row, members in enumerate(found.units.reshape(8, 5)):
        np.testing.assert_array_equal(found.counts[row], counts[members].sum(axis=0))
    place = np.argsort(chosen.units)
    means = [place[members].mean() for members in found.units.reshape(8, 5)]
    assert means == sorted(means)


def test_units_that_never_spiked(opened, finished):
    silent = np.setdiff1d(np.arange(64), finished.spikes("input")[:, 1])
    np.testing.assert_array_equal(dead(opened, layer(opened, "input")), silent)
    assert len(silent)


def test_where_only_some_units_were_recorded_none_is_called_dead():
    run = SimpleNamespace()  # is not asked
    assert len(dead(run, Layer("exc", (4,), Recorded(units=(1, 2))))) == 0
