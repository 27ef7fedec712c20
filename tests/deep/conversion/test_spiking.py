"""Counts of neurons with constant currents; maxima of counts; networks that stream."""

import pytest
import torch
from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep import IF, Network
from spikesight.deep.conversion import Largest, LargestCount, RateNeuron, Wired, convert
from spikesight.equations.reset import ToValue


@pytest.mark.parametrize(
    ("drive", "soft", "hard"), [(0.3, 300, 250), (0.6, 600, 500), (0.7, 700, 500), (0.9, 900, 500)]
)
def test_subtraction_keeps_rates_and_a_reset_to_zero_does_not(drive, soft, hard):
    current = torch.full((1000, 1, 1), drive)
    assert int(RateNeuron(0.0)(current).sum()) in (soft - 1, soft)
    assert int(IF(1.0, ToValue(0.0))(current).sum()) == hard


@pytest.mark.parametrize("begun", [0.0, 0.25, 0.5])
def test_the_beginning_adds_to_the_count(begun):
    current = torch.tensor([0.0, 0.11, 0.37, 0.5, 0.98, 1.0], dtype=torch.float64)
    counts = RateNeuron(begun)(current.expand(7, 1, 6)).sum(0)[0]
    assert counts.tolist() == torch.floor(7 * current + begun + 1e-9).tolist()


def test_the_largest_count_of_a_window_is_the_count_that_leaves():
    random = torch.Generator().manual_seed(0)
    spikes = (torch.rand(20, 3, 2, 4, 4, generator=random) < torch.rand(4, 4, generator=random)).float()
    pool = LargestCount(nn.MaxPool2d(2))
    left = pool(spikes)
    assert set(left.unique().tolist()) <= {0.0, 1.0}
    for steps in (1, 7, 20):
        assert torch.equal(left[:steps].sum(0), nn.functional.max_pool2d(spikes[:steps].sum(0), 2))
    first, state = pool.run(spikes[:9])
    second, _ = pool.run(spikes[9:], state)
    assert torch.equal(torch.cat([first, second]), left)
    with pytest.raises(InputError, match="counts"):
        pool.run(spikes[:, :1], state)


def test_chains_become_networks_and_others_are_wired(ann, residual, images):
    assert isinstance(convert(ann, images), Network)
    assert isinstance(convert(residual, images), Wired)


@pytest.mark.parametrize("kind", ["chain", "residual"])
def test_two_halves_are_a_whole(ann, residual, images, kind):
    net = ann if kind == "chain" else residual
    whole, half = convert(net, images, Largest(), steps=8), convert(net, images, Largest(), steps=4)
    with torch.no_grad():
        y = whole(images)
        first, state = half.run(images)
        second, _ = half.run(images, state)
        assert torch.equal(torch.cat([first, second]), y)
        assert torch.equal(whole(images), y)
    with pytest.raises(InputError, match="no layers with a state"):
        half.run(images, {**state, "other": None})


def test_a_beginning_beyond_the_threshold_is_refused():
    with pytest.raises(InputError, match="below its threshold"):
        RateNeuron(1.0)
