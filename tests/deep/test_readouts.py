"""Readouts against numbers worked out by hand."""

import pytest
import torch

from spikesight.deep.readouts import FirstSpike, LastStep, MaxOverTime, MeanOverTime, SumOverTime

Y = torch.tensor([[[1.0, 0.0, 4.0]], [[0.0, 0.0, -2.0]], [[2.0, 3.0, 1.0]]])


@pytest.mark.parametrize(
    ("readout", "scores"),
    [
        (MeanOverTime(), [1.0, 1.0, 1.0]),
        (SumOverTime(), [3.0, 3.0, 3.0]),
        (LastStep(), [2.0, 3.0, 1.0]),
        (MaxOverTime(), [2.0, 3.0, 4.0]),
    ],
    ids=["mean", "sum", "last", "max"],
)
def test_scores(readout, scores):
    torch.testing.assert_close(readout(Y), torch.tensor([scores]))


def test_the_earliest_spike_has_the_largest_score():
    spikes = torch.tensor([[[0.0, 1.0, 0.0]], [[1.0, 1.0, 0.0]], [[0.0, 0.0, 0.0]]])
    torch.testing.assert_close(FirstSpike()(spikes), torch.tensor([[-1.0, 0.0, -3.0]]))


def test_the_first_spike_has_the_blame_until_the_next_one():
    spikes = torch.tensor([0.0, 1.0, 0.0, 1.0, 0.0]).reshape(5, 1, 1).requires_grad_()
    FirstSpike()(spikes).sum().backward()
    # Without the spike of step 1 the time would be 3, two steps later; one in step 0 would come a step sooner.
    torch.testing.assert_close(spikes.grad.flatten(), torch.tensor([1.0, 2.0, 0.0, 0.0, 0.0]))
