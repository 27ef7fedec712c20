"""What a diagnosis says of networks whose trouble is known, and that it changes nothing."""

import copy
import json

import pytest
import torch
from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep import LIF, Network
from spikesight.deep.diagnosis import diagnose
from spikesight.deep.losses import CrossEntropy
from spikesight.deep.training.not_finite import NotFinite
from spikesight.equations.surrogate import ArcTan

X, LABELS = torch.rand(5, 8, 4, generator=torch.Generator().manual_seed(0)), torch.arange(8) % 3


def net(surrogate=ArcTan()):  # noqa: B008 (frozen)
    torch.manual_seed(0)
    return Network(
        fc1=nn.Linear(4, 20), norm1=nn.BatchNorm1d(20), lif1=LIF(surrogate=surrogate),
        fc2=nn.Linear(20, 20), norm2=nn.BatchNorm1d(20), lif2=LIF(surrogate=surrogate),
        drop=nn.Dropout(0.2), out=nn.Linear(20, 3),
    )  # fmt: skip


def test_facts_are_those_of_the_spikes():
    made = net()
    report = diagnose(made, X, LABELS, CrossEntropy())
    spikes = made.train().lif1(made.norm1(made.fc1(X).flatten(0, 1)).unflatten(0, (5, 8))).detach()
    first = report.layers[0]
    assert [one.name for one in report.layers] == ["lif1", "lif2"]
    assert first.neurons == 20
    assert first.rate == pytest.approx(float(spikes.mean()))
    assert first.silent == pytest.approx(float((spikes.mean((0, 1)) == 0).float().mean()))
    assert first.gradient > 0.0
    assert report.advice == ()


def test_the_gradient_is_that_of_autograd():
    made = Network(lif=LIF(), out=nn.Linear(4, 3))
    report = diagnose(made, 3.0 * X, LABELS, CrossEntropy())
    spikes = made.lif(3.0 * X).detach().requires_grad_()
    CrossEntropy()(made.out(spikes), LABELS).backward()
    assert report.layers[0].gradient == pytest.approx(float(spikes.grad.square().mean().sqrt()))


def test_a_diagnosis_changes_nothing():
    made = net().eval()
    before, state = copy.deepcopy(made.state_dict()), torch.get_rng_state()
    one, other = (diagnose(made, X, LABELS, CrossEntropy()).loss for _ in range(2))
    assert one == other
    assert torch.equal(torch.get_rng_state(), state)
    torch.testing.assert_close(made.state_dict(), before, rtol=0, atol=0)
    assert not made.training
    assert all(parameter.grad is None for parameter in made.parameters())


def test_silence_is_told_and_what_it_does_to_those_before():
    made = net()
    with torch.no_grad():
        made.norm2.weight.zero_()
    report = diagnose(made, X, LABELS, CrossEntropy())
    assert report.layers[1].silent == 1.0
    assert any(line.startswith("lif2: 100% of its neurons never fire; lower the threshold") for line in report.advice)
    assert any(line.startswith("lif1: no gradient reaches it") for line in report.advice)


def test_constant_firing_is_told():
    made = net()
    with torch.no_grad():
        made.norm1.bias.fill_(50.0)
    report = diagnose(made, X, LABELS, CrossEntropy())
    assert report.layers[0].always == 1.0
    assert any(line.startswith("lif1: 100% of its neurons fire in every step") for line in report.advice)


def test_a_gradient_that_vanishes_is_told():
    report = diagnose(net(ArcTan(scale=1e-6)), X, LABELS, CrossEntropy())
    assert any(line.startswith("lif1: its gradient is") for line in report.advice)


@pytest.mark.parametrize("layer", ["fc1", "fc2", "out"])
def test_nan_is_named(layer):
    made = net()
    with torch.no_grad():
        getattr(made, layer).weight[0, 0] = float("nan")
    with pytest.raises(NotFinite, match=f"{layer}: its weight holds 1 NaN"):
        diagnose(made, X, LABELS, CrossEntropy())


def test_a_net_without_neurons_is_refused():
    with pytest.raises(InputError, match="no layer of spiking neurons"):
        diagnose(Network(nn.Linear(4, 3)), X, LABELS, CrossEntropy())


def test_a_report_is_a_table_and_plain_values():
    made = net()
    with torch.no_grad():
        made.norm2.weight.zero_()
    report = diagnose(made, X, LABELS, CrossEntropy())
    lines = report.table().splitlines()
    assert len(lines) == 1 + 2 + len(report.advice)
    assert "100.0%" in lines[2]
    assert json.loads(json.dumps(report.as_json()))["layers"][1]["silent"] == 1.0
