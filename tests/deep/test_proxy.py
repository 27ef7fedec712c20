"""Whose values, whose gradients; which parts the two networks share."""

from copy import deepcopy

import pytest
import torch
from torch import nn
from torch.nn import functional

from spikesight.base.errors import InputError
from spikesight.deep import IF, Hold, Network
from spikesight.deep.losses import Counts
from spikesight.deep.proxy import ProxyNetwork, artificial, substituted
from spikesight.zoo.proxy_fashion import ByProxy, ProxyFashion

IMAGES = torch.rand(6, 1, 8, 8, generator=torch.Generator().manual_seed(0))
LABELS = torch.tensor([0, 1, 2, 0, 1, 2])


@pytest.fixture
def net():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        return ByProxy(ProxyFashion((4, 4, 6), (10,), 5, threshold=1.0)).build((1, 8, 8), 3)


def test_the_injected_gradient_by_hand():
    proxy = torch.tensor([[[0.3, -2.0, 9.0]]], requires_grad=True)
    Counts(1.0)(substituted(proxy, torch.tensor([[[3.0, 1.0, 0.0]]])), torch.tensor([0])).backward()
    torch.testing.assert_close(proxy.grad[0, 0], torch.tensor([4 / 3, 2 / 3, 0.0]))


def test_the_value_is_that_of_the_spiking_network(net):
    net.eval()
    counts = net(IMAGES).sum(0)
    for module in net.train().modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()
    torch.testing.assert_close(net(IMAGES)[0], counts)


def test_right_counts_leave_every_parameter_alone(net, monkeypatch):
    wanted = functional.one_hot(LABELS, 3).float()
    monkeypatch.setattr(net.spiking, "forward", lambda x: torch.stack([wanted, torch.zeros_like(wanted)]))
    Counts(1.0)(net(IMAGES), LABELS).backward()
    gradients = [parameter.grad for parameter in net.parameters()]
    assert all(gradient is not None and not gradient.any() for gradient in gradients)


def test_with_its_own_output_as_counts_it_is_ordinary_training(net, monkeypatch):
    net = net.double()
    plain = deepcopy(net.artificial)
    Counts(1.0)(plain(IMAGES.double()), LABELS).backward()
    counts = deepcopy(net.artificial)(IMAGES.double()).detach()
    monkeypatch.setattr(net.spiking, "forward", lambda x: counts)
    Counts(1.0)(net(IMAGES.double()), LABELS).backward()
    for (name, one), other in zip(plain.named_parameters(), net.artificial.parameters(), strict=True):
        torch.testing.assert_close(other.grad, one.grad, rtol=1e-6, atol=1e-12, msg=name)


def test_parameters_are_shared_and_statistics_are_not(net):
    spiking, twin = dict(net.spiking.named_parameters()), dict(net.artificial.named_parameters())
    assert spiking.keys() == twin.keys()
    assert all(spiking[name] is twin[name] for name in spiking)
    net(IMAGES)
    one, other = net.spiking.norm2, net.artificial.norm2
    assert one.num_batches_tracked == other.num_batches_tracked == 1
    assert not torch.equal(one.running_mean, other.running_mean)
    torch.testing.assert_close(net.spiking.held[1].running_mean, net.artificial.held[1].running_mean)
    assert len(list(net.parameters())) == len(spiking)


def test_a_copy_shares_among_itself_only(net):
    other = deepcopy(net)
    assert other.spiking.weights.weight is other.artificial.weights.weight
    assert other.spiking.weights.weight is not net.spiking.weights.weight
    other.load_state_dict({name: value + 1 for name, value in net.state_dict().items()})
    assert torch.equal(other.artificial.weights.weight, net.spiking.weights.weight + 1)
    assert other.spiking.weights.weight is other.artificial.weights.weight


def test_statistics_settle_and_a_restored_network_knows():
    net = ByProxy(ProxyFashion((4, 4), (10,), 3, threshold=1.0), settle=2).build((1, 8, 8), 3)
    for _ in range(2):
        net(IMAGES)
    settled = {name: value.clone() for name, value in net.named_buffers()}
    again = ByProxy(ProxyFashion((4, 4), (10,), 3, threshold=1.0), settle=2).build((1, 8, 8), 3)
    again.load_state_dict(net.state_dict())
    for one in (net, again):
        one.train()(IMAGES)
        for name, value in one.named_buffers():
            assert torch.equal(value, settled[name]), name


def test_in_eval_mode_it_is_the_spiking_network_and_streams(net):
    net.eval()
    spikes = net(IMAGES)
    assert spikes.shape == (5, 6, 3)
    assert set(spikes.unique().tolist()) <= {0.0, 1.0}
    assert torch.equal(spikes, net.spiking(IMAGES))
    first, state = net.run(IMAGES)
    second, _ = net.run(IMAGES, state)
    assert torch.equal(first, spikes)
    net.spiking.held.steps = 10
    assert torch.equal(net(IMAGES), torch.cat([first, second]))


def test_it_learns(net):
    optimiser = torch.optim.Adam(net.parameters(), 3e-3)
    losses = []
    for _ in range(60):
        loss = Counts(3.0)(net(IMAGES), LABELS)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert sum(losses[-10:]) < 0.5 * sum(losses[:10])


def test_a_network_without_output_neurons_sums_its_currents():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(2)
        net = ProxyNetwork(Network(Hold(3, nn.Linear(4, 5)), IF(0.5), nn.Linear(5, 2)))
    x = torch.rand(6, 4)
    summed = net(x)
    assert isinstance(net.artificial.get_submodule("2"), nn.Linear)
    assert torch.equal(summed[0], net.eval()(x).sum(0))


def test_a_network_without_neurons_is_refused():
    with pytest.raises(InputError, match="add neurons"):
        artificial(Network(Hold(2, nn.Linear(3, 4)), nn.Linear(4, 2)))


def test_neurons_in_two_places_are_rectifiers_in_both() -> None:
    neurons = IF()
    twin = artificial(Network(nn.Linear(4, 4), neurons, nn.Linear(4, 4), neurons, nn.Linear(4, 2)))
    assert [type(part) for part in twin.children()] == [nn.Linear, nn.ReLU, nn.Linear, nn.ReLU, nn.Linear]
