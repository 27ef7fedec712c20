"""The net: shapes, number of parameters, its artificial twin, and images that are too small."""

import pytest
import torch
from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep import IF
from spikesight.zoo.fashion_csnn import FashionCsnn


def test_shapes_and_parameters():
    net = FashionCsnn().build((1, 28, 28), 10)
    assert net(torch.rand(3, 1, 28, 28)).shape == (4, 3, 10)
    weights = 9 * (1 * 32 + 32 * 64 + 64 * 128) + 2 * (32 + 64 + 128) + 128 * 3 * 3 * 10 + 10
    assert sum(parameter.numel() for parameter in net.parameters()) == weights == 104_426


def test_the_first_layer_is_computed_once():
    net, calls = FashionCsnn(steps=5).build((1, 28, 28), 10), []
    net.held[0].register_forward_hook(lambda module, given, made: calls.append(made.shape))
    net.conv2.register_forward_hook(lambda module, given, made: calls.append(made.shape))
    net(torch.rand(3, 1, 28, 28))
    assert calls == [(3, 32, 28, 28), (15, 64, 14, 14)]


def test_other_neurons_poolings_and_no_time_at_all():
    twin = FashionCsnn((8, 16), 1, nn.ReLU, lambda: nn.AvgPool2d(2), dropout=0.5).build((3, 20, 12), 4)
    assert twin(torch.rand(2, 3, 20, 12)).shape == (1, 2, 4)
    assert sum(isinstance(module, nn.ReLU) for module in twin.modules()) == 2
    spiking = FashionCsnn((8, 16), 3, IF).build((3, 20, 12), 4)
    assert spiking(torch.rand(2, 3, 20, 12)).shape == (3, 2, 4)


def test_what_cannot_be_is_refused():
    with pytest.raises(InputError, match="too small for 3 poolings"):
        FashionCsnn().build((1, 7, 28), 10)
    with pytest.raises(InputError, match="a step or more"):
        FashionCsnn(steps=0)
