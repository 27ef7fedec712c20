"""Losses against torch's own, closed forms, and finite numbers where a neuron never fires."""

import math

import pytest
import torch
from torch.nn import functional

from spikesight.base.errors import InputError
from spikesight.deep.losses import Between, Counts, CrossEntropy, EveryStep, InTime, Squared, van_rossum
from spikesight.deep.readouts import LastStep

RANDOM = torch.Generator().manual_seed(0)
Y, LABELS = torch.randn(4, 6, 3, generator=RANDOM), torch.arange(6) % 3
SPIKES = (torch.rand(4, 6, 3, generator=RANDOM) < 0.4).float()


def test_cross_entropy_is_of_the_readout():
    torch.testing.assert_close(CrossEntropy()(Y, LABELS), functional.cross_entropy(Y.mean(0), LABELS))
    smooth = CrossEntropy(LastStep(), smoothing=0.2, sharpness=3.0)(Y, LABELS)
    torch.testing.assert_close(smooth, functional.cross_entropy(3.0 * Y[-1], LABELS, label_smoothing=0.2))


def test_every_step_is_the_mean_over_steps_and_holds_outputs():
    steps = torch.stack([functional.cross_entropy(step, LABELS) for step in Y]).mean()
    torch.testing.assert_close(EveryStep(hold=0.0)(Y, LABELS), steps)
    held = 0.8 * steps + 0.2 * (Y - 0.5).square().mean()
    torch.testing.assert_close(EveryStep(hold=0.2, level=0.5)(Y, LABELS), held)


def test_of_one_step_all_cross_entropies_are_one():
    torch.testing.assert_close(EveryStep(hold=0.0)(Y[:1], LABELS), CrossEntropy()(Y[:1], LABELS))


def test_counts_are_wanted():
    spikes = torch.zeros(4, 1, 3)
    spikes[:3, 0, 1] = 1.0
    assert float(Counts(3.0)(spikes, torch.tensor([1]))) == 0.0
    assert float(Counts(4.0, 1.0)(spikes, torch.tensor([0]))) == pytest.approx((16 + 4 + 1) / 3)


def test_in_time_wants_the_right_neuron_first():
    early, late = torch.zeros(5, 1, 2), torch.zeros(5, 1, 2)
    early[1, 0, 0], early[4, 0, 1] = 1.0, 1.0
    late[4, 0, 0], late[1, 0, 1] = 1.0, 1.0
    label = torch.tensor([0])
    assert float(InTime()(early, label)) == pytest.approx(math.log(1 + math.exp(-3)))
    assert float(InTime()(late, label)) == pytest.approx(math.log(1 + math.exp(3)))
    never = torch.zeros(5, 1, 2, requires_grad=True)
    loss = InTime()(never, label)
    loss.backward()
    assert float(loss.detach()) == pytest.approx(math.log(2))
    assert never.grad[0, 0, 0] < 0 < never.grad[0, 0, 1]  # a spike of the right neuron would lower the loss


@pytest.mark.parametrize(
    "loss", [CrossEntropy(), EveryStep(), Counts(3.0), InTime()], ids=lambda one: type(one).__name__
)
def test_gradients_are_those_of_finite_differences(loss):
    y = (SPIKES * 0.5 + 0.2).double().requires_grad_()
    assert torch.autograd.gradcheck(lambda given: loss(given, LABELS), (y,))


def test_a_single_spike_more_is_half_a_unit():
    one, other = torch.zeros(4000, 1, dtype=torch.float64), torch.zeros(4000, 1, dtype=torch.float64)
    one[100] = 1.0
    assert float(van_rossum(one, other, tau=0.1)) == pytest.approx(0.5, rel=0.02)
    assert float(van_rossum(one, one, tau=0.1)) == 0.0
    # Two spikes d apart: 1 - exp(-d / tau), in units of tau.
    other[150] = 1.0
    assert float(van_rossum(one, other, tau=0.1)) == pytest.approx(1.0 - math.exp(-0.5), rel=0.02)
    with pytest.raises(InputError, match="one shape"):
        van_rossum(one, other[1:], tau=0.1)


def test_costs_of_activity():
    spikes = {"one": SPIKES, "other": torch.ones(4, 6, 2)}
    rate = float(SPIKES.mean())
    assert float(Squared(2.0)(spikes)) == pytest.approx(2.0 * 0.5 * (rate + 1.0) / 2.0)
    assert float(Between(0.0, 1.0)(spikes)) == 0.0
    assert float(Between(0.0, 0.75, 3.0)({"other": spikes["other"]})) == pytest.approx(3.0 * 0.0625)
    assert float(Between(0.5, 1.0)({"none": torch.zeros(4, 6, 2)})) == pytest.approx(0.25)
    with pytest.raises(InputError, match="needs layers of neurons"):
        Squared()({})
    with pytest.raises(InputError, match="least and most"):
        Between(0.5, 0.2)


def test_shares_are_shares():
    for make in (lambda: CrossEntropy(smoothing=1.0), lambda: EveryStep(hold=-0.1)):
        with pytest.raises(InputError, match="a share from 0 to below 1"):
            make()
