"""The published values, and that a neuron does the same."""

import pytest
import torch

from spikesight.base.errors import InputError
from spikesight.deep.conversion import QCFS, RateNeuron

Z = torch.tensor([-0.2, 0.1, 0.125, 0.3, 0.374, 0.376, 0.6, 0.9, 1.2])
FOUR = [0, 0, 0.25, 0.25, 0.25, 0.5, 0.5, 1, 1]
EIGHT = [0, 0.125, 0.125, 0.25, 0.375, 0.375, 0.625, 0.875, 1]


def test_activation_and_rate_of_four_steps_by_hand():
    assert QCFS(4, 1.0)(Z).tolist() == FOUR
    assert RateNeuron()(Z.expand(4, 1, 9)).mean(0)[0].tolist() == FOUR


def test_rates_of_eight_steps_by_hand():
    assert RateNeuron()(Z.expand(8, 1, 9)).mean(0)[0].tolist() == EIGHT


@pytest.mark.parametrize("levels", [1, 3, 8])
def test_a_neuron_does_the_same_in_as_many_steps(levels):
    z = torch.rand(1, 2000, dtype=torch.float64, generator=torch.Generator().manual_seed(levels)) * 1.4 - 0.2
    rates = RateNeuron()(z.expand(levels, 1, 2000)).mean(0)
    torch.testing.assert_close(QCFS(levels, 1.0).double()(z), rates, rtol=0, atol=1e-12)


def test_gradients_pass_straight_through():
    z = torch.tensor([-1.0, 0.3, 1.7, 5.0], requires_grad=True)
    activation = QCFS(4, 2.0)
    y = activation(z)
    y.sum().backward()
    assert z.grad.tolist() == [0, 1, 1, 0]
    # Along the height: y / a where the floor stands for itself, minus what the slope of z / a takes; 1 where saturated.
    expected = sum((y[k] - z[k]).item() / 2.0 for k in (1, 2)) + 1.0
    assert activation.height.grad.item() == pytest.approx(expected)


def test_a_height_that_learning_takes_below_zero_stays_above():
    activation = QCFS(4, 1.0)
    activation.height.data.fill_(-3.0)
    assert activation.top > 0
    assert torch.isfinite(activation(Z)).all()


def test_errors():
    with pytest.raises(InputError, match="a level at least"):
        QCFS(0)
    with pytest.raises(InputError, match="height above 0"):
        QCFS(4, 0.0)
