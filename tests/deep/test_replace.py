"""Modules are swapped in a copy; what is shared stays shared."""

import pytest
import torch
from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep import IF, Network
from spikesight.deep.replace import replace
from spikesight.deep.spacings import Dcls2d


def test_depthwise_convolutions_get_large_kernels():
    net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.Sequential(nn.Conv2d(4, 4, 3, padding=1, groups=4), nn.ReLU()))
    wide = replace(
        net,
        nn.Conv2d,
        lambda plain: Dcls2d.like(plain, 5, 9),
        where=lambda name, plain: plain.groups == plain.in_channels > 1,
    )
    assert isinstance(wide[1][0], Dcls2d)
    assert isinstance(wide[0], nn.Conv2d)
    assert isinstance(net[1][0], nn.Conv2d)
    x = torch.zeros(1, 1, 8, 8)
    assert wide(x).shape == net(x).shape


def test_a_relu_becomes_a_neuron_under_its_own_name():
    net = Network(one=nn.Linear(3, 3), act=nn.ReLU())
    spiking = replace(net, nn.ReLU, lambda relu: IF())
    assert [name for name, _ in spiking.named_children()] == ["one", "act"]
    assert set(spiking(torch.rand(4, 2, 3)).unique().tolist()) <= {0.0, 1.0}


def test_what_stands_in_two_places_stands_in_both():
    relu = nn.ReLU()
    net = nn.Sequential(nn.Linear(2, 2), relu, nn.Linear(2, 2), relu).eval()
    other = replace(net, nn.ReLU, lambda _: nn.GELU())
    assert other[1] is other[3]
    assert isinstance(other[1], nn.GELU)
    assert not other[1].training


def test_the_network_itself_may_be_replaced():
    assert isinstance(replace(nn.ReLU(), nn.ReLU, lambda _: nn.GELU()), nn.GELU)


def test_what_is_put_in_is_not_searched_again():
    net = replace(nn.Sequential(nn.ReLU()), nn.ReLU, lambda relu: nn.Sequential(relu, nn.ReLU()))
    assert len(net[0]) == 2


def test_nothing_to_replace_names_what_there_is():
    with pytest.raises(InputError, match=r"no Conv2d to replace.*Linear, Sequential"):
        replace(nn.Sequential(nn.Linear(1, 1)), nn.Conv2d, lambda plain: plain)
