"""Networks over time: pure calls, streams, names, states that are checked."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep import IF, LIF, Hold, Network


def network() -> Network:
    """Return a network of which every layer fires, but not all the time."""
    torch.manual_seed(0)
    net = Network(
        conv=nn.Conv2d(2, 4, 3, padding=1),
        lif=LIF(),
        pool=nn.MaxPool2d(2),
        flat=nn.Flatten(),
        fc=nn.Linear(64, 5),
        out=IF(),
    ).eval()
    with torch.no_grad():
        for layer in (net.conv, net.fc):
            layer.weight.mul_(4.0)
    return net


def test_layers_have_names_and_numbers_without() -> None:
    assert list(dict(network().named_children())) == ["conv", "lif", "pool", "flat", "fc", "out"]
    assert list(dict(Network(nn.Flatten(), IF()).named_children())) == ["0", "1"]


def test_it_is_what_its_layers_make_of_every_step() -> None:
    net, x = network(), torch.rand(6, 3, 2, 8, 8)
    held = torch.stack([net.conv(step) for step in x])
    spikes = net.lif(held)
    seen = torch.stack([net.fc(net.flat(net.pool(step))) for step in spikes])
    # All steps at once are a product of another size, which libraries may round differently.
    torch.testing.assert_close(net.fc(net.flat(net.pool(spikes.flatten(0, 1)))).unflatten(0, (6, 3)), seen)
    torch.testing.assert_close(net(x), net.out(seen), rtol=0, atol=0)
    assert 0.0 < net(x).mean().item() < 1.0


def test_calling_is_a_pure_function() -> None:
    net, x = network(), torch.rand(6, 3, 2, 8, 8)
    first = net(x)
    net(torch.rand(2, 7, 2, 8, 8))  # another length, another batch
    assert torch.equal(net(x), first)


@pytest.mark.parametrize("cut", [1, 3, 5])
def test_chunks_give_the_bits_of_the_whole(cut: int) -> None:
    net, x = network(), torch.rand(6, 3, 2, 8, 8)
    whole, last = net.run(x)
    before, state = net.run(x[:cut])
    after, state = net.run(x[cut:], state)
    assert torch.equal(torch.cat([before, after]), whole)
    assert set(state) == set(last) == {"lif", "out"}
    for name in state:
        assert all(torch.equal(one, other) for one, other in zip(state[name], last[name], strict=True))


def test_state_is_handed_in_and_left_as_it_is() -> None:
    net, x = network(), torch.rand(6, 3, 2, 8, 8)
    with torch.no_grad():
        _, state = net.run(x)
    kept = copy.deepcopy(state)
    net.run(x, state)
    assert all(torch.equal(one, other) for name in kept for one, other in zip(kept[name], state[name], strict=True))
    assert not torch.equal(net.run(x, state)[0], net(x))  # it matters


def test_state_is_never_saved() -> None:
    net = network()
    before = set(net.state_dict())
    net.run(torch.rand(6, 3, 2, 8, 8))
    assert set(net.state_dict()) == before == {"conv.weight", "conv.bias", "fc.weight", "fc.bias"}


def test_types_may_change_freely() -> None:
    net = network()
    assert net(torch.rand(2, 3, 2, 8, 8)).dtype == torch.float32
    assert net.double()(torch.rand(2, 3, 2, 8, 8, dtype=torch.float64)).dtype == torch.float64


def test_a_state_of_other_layers_is_an_error() -> None:
    net, x = network(), torch.rand(6, 3, 2, 8, 8)
    _, state = net.run(x)
    with pytest.raises(InputError, match=r"parts \['lif2'\].*\['lif', 'out'\]"):
        net.run(x, {**state, "lif2": state["lif"]})


def test_a_state_of_another_batch_is_an_error_with_both_shapes() -> None:
    net = network()
    _, state = net.run(torch.rand(6, 3, 2, 8, 8))
    with pytest.raises(InputError, match=r"\(3, 4, 8, 8\).*\(5, 4, 8, 8\)"):
        net.run(torch.rand(6, 5, 2, 8, 8), state)


def test_still_images_are_held() -> None:
    torch.manual_seed(0)
    net = Network(Hold(5, nn.Conv2d(1, 4, 3)), LIF(), nn.Flatten(), nn.Linear(144, 3))
    images = torch.rand(2, 1, 8, 8)
    assert net(images).shape == (5, 2, 3)


def test_without_layers_it_is_an_error() -> None:
    with pytest.raises(InputError, match="a layer at least"):
        Network()


def test_a_tensor_without_time_is_an_error() -> None:
    with pytest.raises(InputError, match=r"a sequence is \(T, B, ...\)"):
        Network(nn.Flatten())(torch.rand(3))


def test_a_layer_in_two_places_runs_in_both_and_has_a_state_in_each() -> None:
    torch.manual_seed(0)
    lif, one, other = LIF(), nn.Linear(4, 4), nn.Linear(4, 4)
    net, x = Network(one, lif, other, lif), 4.0 * torch.rand(6, 3, 4)
    assert torch.equal(net(x), lif(other(lif(one(x)))))
    assert set(net.run(x)[1]) == {"1", "3"}
