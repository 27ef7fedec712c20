"""A convolution that chooses its way by density gives what torch's gives, and never stands in the way of learning."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep import LIF, Hold, Network
from spikesight.deep import event_convolution as module
from spikesight.deep.event_convolution import EventConv2d, crossover, event_driven


def few(*shape: int, density: float = 0.02) -> torch.Tensor:
    return (torch.rand(*shape, generator=torch.Generator().manual_seed(0)) < density).float()


class Counted(EventConv2d):
    """Counts how often events did the work."""

    by_event = 0

    def by_events(self, x: torch.Tensor) -> torch.Tensor:
        self.by_event += 1
        return super().by_events(x)


@pytest.mark.parametrize(
    "options",
    [{}, {"padding": 1}, {"stride": 2}, {"bias": False}, {"padding": "valid"}, {"dilation": 2, "padding": (2, 1)}],
    ids=["plain", "padding", "stride", "bias", "valid", "dilation"],
)
def test_both_ways_agree(options: dict[str, Any]) -> None:
    dense, x = nn.Conv2d(4, 6, 3, **options), few(3, 4, 12, 11)
    layer = Counted(dense, 0.5)
    with torch.no_grad():
        # Sums of some dozens of numbers below 1, in another order.
        torch.testing.assert_close(layer(x), dense(x), rtol=0, atol=1e-6)
    assert layer.by_event == 1


def test_the_density_chooses() -> None:
    layer = Counted(nn.Conv2d(2, 2, 3), 0.1)
    with torch.no_grad():
        layer(few(1, 2, 20, 20, density=0.05))
        assert layer.by_event == 1
        layer(few(1, 2, 20, 20, density=0.3))
        assert layer.by_event == 1


def test_gradients_go_the_dense_way() -> None:
    dense, x = nn.Conv2d(2, 3, 3), few(1, 2, 9, 9)
    layer = Counted(dense, 1.0)
    layer(x).sum().backward()
    assert layer.by_event == 0
    assert dense.weight.grad is not None


@pytest.mark.parametrize("options", [{"groups": 2}, {"padding": "same"}, {"padding": 1, "padding_mode": "circular"}])
def test_what_events_cannot_do_goes_the_dense_way(options: dict[str, Any]) -> None:
    dense, x = nn.Conv2d(4, 4, 3, **options), few(1, 4, 9, 9)
    layer = Counted(dense, 1.0)
    with torch.no_grad():
        assert torch.equal(layer(x), dense(x))
    assert layer.by_event == 0


def test_changed_weights_are_seen() -> None:
    layer, x = Counted(nn.Conv2d(2, 3, 3), 1.0), few(1, 2, 9, 9)
    with torch.no_grad():
        before = layer(x)
        layer.dense.weight.mul_(2.0)
        layer.dense.bias.mul_(2.0)
        torch.testing.assert_close(layer(x), 2.0 * before)


def network() -> Network:
    torch.manual_seed(0)
    net = Network(held=Hold(3, nn.Conv2d(1, 8, 3)), lif1=LIF(), conv2=nn.Conv2d(8, 8, 3), lif2=LIF())
    with torch.no_grad():
        net.conv2.weight.mul_(4.0)
        net.held[0].bias.fill_(0.3)
    return net.eval()


def test_a_network_becomes_event_driven_where_that_was_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    net, x = network(), torch.rand(2, 1, 12, 12)
    seen = {}

    def measured(dense: nn.Conv2d, given: torch.Tensor) -> float:
        seen[dense.in_channels] = given.shape
        return 0.0 if dense.in_channels == 1 else 1.0

    monkeypatch.setattr(module, "crossover", measured)
    made = event_driven(net, x)
    assert seen == {1: (2, 1, 12, 12), 8: (6, 8, 10, 10)}
    assert isinstance(made.get_submodule("conv2"), EventConv2d)
    assert isinstance(made.get_submodule("held.0"), nn.Conv2d)
    assert isinstance(net.conv2, nn.Conv2d)  # the one given stays as it is
    with torch.no_grad():
        assert net(x).mean().item() > 0.0
        assert torch.equal(made(x), net(x))


def test_a_layer_in_two_places_is_swapped_in_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "crossover", lambda dense, given: 1.0)
    conv = nn.Conv2d(2, 2, 3, padding=1)
    made = event_driven(Network(a=conv, lif=LIF(), b=conv), torch.rand(3, 1, 2, 6, 6))
    assert isinstance(made.get_submodule("a"), EventConv2d)
    assert made.get_submodule("b") is made.get_submodule("a")


def test_a_crossover_is_a_density() -> None:
    dense = nn.Conv2d(16, 16, 3, padding=1)
    assert 0.0 <= crossover(dense, few(4, 16, 16, 16)) <= module.CROWDED
    assert crossover(dense, torch.rand(4, 16, 16, 16)) == 0.0  # numbers, no spikes
    assert crossover(dense, torch.zeros(4, 16, 16, 16)) == 0.0  # nothing to measure by


def test_a_density_outside_of_0_to_1_is_an_error() -> None:
    with pytest.raises(InputError, match=r"below=2"):
        EventConv2d(nn.Conv2d(1, 1, 1), 2)
