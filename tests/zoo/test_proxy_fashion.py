"""The published shape: multiplications, layers, one step of learning."""

import pytest
import torch
from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep.losses import Counts
from spikesight.deep.neurons.leaky import IF
from spikesight.zoo.proxy_fashion import Artificial, ByProxy, ProxyFashion


def multiplications(net, image):
    """Count those of a pass of the artificial network, by convolution and dense layer."""
    counted = {}

    def count(name):
        def hook(module, _, y):
            each = module.weight[0].numel() * (y[0, 0].numel() if isinstance(module, nn.Conv2d) else 1)
            counted[name] = each * module.weight.shape[0]

        return hook

    for name, module in net.named_modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            module.register_forward_hook(count(name))
    with torch.no_grad():
        net(image)
    return counted


def test_the_published_network_has_the_stated_multiplications():
    counted = multiplications(ByProxy().build((1, 28, 28), 10).artificial, torch.rand(1, 1, 28, 28))
    assert sum(counted.values()) == 164_712_960
    assert counted["held.0"] == 903_168


def test_the_published_network_takes_a_step():
    net = ByProxy(ProxyFashion(steps=2)).build((1, 28, 28), 10)
    y = net(torch.rand(2, 1, 28, 28))
    assert y.shape == (1, 2, 10)
    Counts(1.0)(y, torch.tensor([3, 4])).backward()
    weights = [parameter for parameter in net.parameters() if parameter.ndim > 1]
    assert len(weights) == 7
    assert all(torch.isfinite(parameter.grad).all() and parameter.grad.any() for parameter in weights)


@pytest.mark.parametrize(("drive", "spikes"), [(0.1, 0), (0.14, 1), (0.5, 3), (1.0, 7), (2.0, 15)])
def test_output_neurons_fire_as_often_as_a_constant_current_says(drive, spikes):
    neuron = ProxyFashion().build((1, 28, 28), 10).out
    assert neuron(torch.full((15, 1, 1), drive)).sum() == spikes


def test_small_images_are_refused():
    with pytest.raises(InputError, match="too small for 2 poolings"):
        ProxyFashion().build((1, 3, 3), 10)


def test_silent_output_neurons_add_up_currents():
    net = ByProxy(ProxyFashion((4, 4), (8,), 3, silent=True)).build((1, 8, 8), 3).eval()
    images = torch.rand(2, 1, 8, 8)
    with torch.no_grad():
        dense = net.spiking.get_submodule("weights")
        assert net(images).shape == (3, 2, 3)
        assert list(net.spiking.named_children())[-1][1] is dense


def test_the_artificial_twin_has_no_neurons_and_one_step():
    twin = Artificial(ProxyFashion((4, 4), (8,), 3)).build((1, 8, 8), 3)
    with torch.no_grad():
        assert twin(torch.rand(2, 1, 8, 8)).shape == (1, 2, 3)
    assert not any(isinstance(module, IF) for module in twin.modules())
