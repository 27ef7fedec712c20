"""Layers that share a kernel: one parameter, one gradient, one step, whatever is done with the network."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from spikesight.base.errors import InputError
from spikesight.deep import IF, Network
from spikesight.deep.losses import CrossEntropy
from spikesight.deep.sharing import check_same, isomorphic, share, share_kernels, shared
from spikesight.deep.training.optimisers import AdamW, Sgd
from spikesight.deep.training.trainer import Trainer

X = torch.rand(2, 3, 4, 6, 6, generator=torch.Generator().manual_seed(2))


def network(depth: int = 3, sharing: bool = True) -> Network:
    torch.manual_seed(0)
    layers: dict[str, nn.Module] = {}
    for number in range(depth):
        layers |= {f"conv{number}": nn.Conv2d(4, 4, 3, padding=1), f"bn{number}": nn.BatchNorm2d(4)}
    net = Network(**layers, if1=IF(), flat=nn.Flatten(), out=nn.Linear(144, 3))
    if sharing:
        share_kernels(net)
    return net


def is_one(net: nn.Module) -> bool:
    weights = [layer.weight for layer in net.modules() if isinstance(layer, nn.Conv2d)]
    return all(weight is weights[0] for weight in weights)


def alike(depth: int = 3) -> tuple[Network, Network]:
    """Return a network that shares, and one of separate copies of equal value."""
    net, apart = network(depth), network(depth, sharing=False)
    apart.load_state_dict(net.state_dict())
    return net, apart


def gradient(net: Network) -> dict[str, Tensor]:
    net.zero_grad()
    net(X).square().sum().backward()
    return {name: p.grad for name, p in net.named_parameters(remove_duplicate=False) if p.grad is not None}


def test_it_finds_layers_of_one_shape() -> None:
    net = Network(a=nn.Conv2d(4, 4, 3), b=nn.Conv2d(4, 4, 3, bias=False), c=nn.Conv2d(4, 4, 3, 2), d=nn.Conv2d(4, 4, 1))
    assert isomorphic(net) == [("a", "c")]
    assert share_kernels(net) == [("a", "c")]
    assert shared(net) == [("a.weight", "c.weight"), ("a.bias", "c.bias")]


def test_one_parameter_for_all_and_norms_of_their_own() -> None:
    net, apart = alike()
    assert is_one(net)
    kernel = 4 * 4 * 9 + 4
    count = [sum(parameter.numel() for parameter in one.parameters()) for one in (net, apart)]
    assert count[1] - count[0] == 2 * kernel
    assert net.bn0.weight is not net.bn1.weight
    assert torch.equal(net(X), apart(X))


def test_its_gradient_is_the_sum_over_layers() -> None:
    net, apart = alike()
    one, many = gradient(net), gradient(apart)
    for name in ("weight", "bias"):
        total = sum(many[f"conv{number}.{name}"] for number in range(3))
        torch.testing.assert_close(one[f"conv0.{name}"], total, rtol=1e-5, atol=1e-5)


def test_a_step_is_one_step_on_the_sum() -> None:
    net, apart = alike()
    total = sum(gradient(apart)[f"conv{number}.weight"] for number in range(3))
    before = net.conv0.weight.detach().clone()
    gradient(net)
    torch.optim.SGD(net.parameters(), 0.1, weight_decay=0.5).step()
    torch.testing.assert_close(net.conv0.weight, before - 0.1 * (total + 0.5 * before), rtol=1e-5, atol=1e-5)
    assert is_one(net)


def test_one_layer_has_nothing_to_share() -> None:
    assert isomorphic(network(1, sharing=False)) == []
    net, other = network(1, sharing=False), network(1, sharing=False)
    share([net.conv0])
    assert torch.equal(net(X), other(X))
    assert all(torch.equal(a, b) for a, b in zip(gradient(net).values(), gradient(other).values(), strict=True))


def test_copies_and_averages_keep_it_one() -> None:
    net = network()
    for copied in (copy.deepcopy(net), copy.deepcopy(copy.deepcopy(net)), net.double(), net.float()):
        assert is_one(copied)
    average = AveragedModel(net, avg_fn=lambda old, new, number: old + new)
    twice = net.conv0.weight.detach().clone()
    average.update_parameters(net)
    average.update_parameters(net)
    assert is_one(average.module)
    assert torch.equal(average.module.conv1.weight, 2.0 * twice)


def test_saving_and_loading_keep_it_one(tmp_path: Path) -> None:
    net, fresh = network(), network()
    nn.init.normal_(net.conv0.weight)
    save_file({name: value.clone() for name, value in net.state_dict().items()}, tmp_path / "net.safetensors")
    fresh.load_state_dict(load_file(tmp_path / "net.safetensors"))
    assert is_one(fresh)
    assert torch.equal(fresh(X), net(X))


@pytest.mark.parametrize("optimiser", [AdamW(1e-2), Sgd(1e-2)], ids=["adam", "sgd"])
def test_a_training_that_is_gone_on_with_keeps_it_one(optimiser: AdamW | Sgd) -> None:
    labels, nets = torch.tensor([0, 1, 2]), (network(), network())
    whole, part = (Trainer(net, CrossEntropy(), 4, optimiser=optimiser) for net in nets)
    for _ in range(2):
        whole.step(X, labels)
    part.restore({name: np.array(array) for name, array in whole.snapshot().items()})
    for trainer in (whole, part):
        trainer.step(X, labels)
        assert is_one(trainer.net)
    assert all(torch.equal(a, b) for a, b in zip(nets[0].parameters(), nets[1].parameters(), strict=True))


def test_weights_of_a_network_that_does_not_share_are_refused() -> None:
    other = network(sharing=False).state_dict()
    outer = nn.Sequential(network())
    for net, state in ((network(), other), (outer, {f"0.{name}": value for name, value in other.items()})):
        with pytest.raises(InputError, match=r"conv0\.weight and (0\.)?conv1\.weight are one parameter here"):
            net.load_state_dict(state)
    with pytest.raises(InputError, match="one parameter"):
        copy.deepcopy(network()).load_state_dict(other)
    check_same(network(), {"conv0.weight": other["conv0.weight"]})


def test_what_cannot_be_shared_is_told() -> None:
    with pytest.raises(InputError, match="no layer"):
        share([])
    with pytest.raises(InputError, match="no parameters"):
        share([nn.ReLU(), nn.ReLU()])
    with pytest.raises(InputError, match="cannot be one"):
        share([nn.Conv2d(4, 4, 3), nn.Conv2d(4, 8, 3)])
    with pytest.raises(InputError, match="cannot be one"):
        share([nn.Conv2d(4, 4, 3), nn.Conv2d(8, 4, 3, groups=2)])
    with pytest.raises(InputError, match="nothing to share"):
        share_kernels(nn.Sequential(nn.Conv2d(4, 4, 3), nn.Conv2d(4, 8, 3)))
