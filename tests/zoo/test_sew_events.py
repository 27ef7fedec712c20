"""SEW nets for event cameras: exact numbers of parameters and operations, streams, small frames."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep.neurons.leaky import PLIF
from spikesight.zoo.sew_events import CIFAR10_DVS, GESTURE, SewEvents


@pytest.mark.parametrize(
    ("architecture", "classes", "parameters", "time_constants", "giga_macs"),
    [(GESTURE, 11, 130_411, 15, 0.404), (CIFAR10_DVS, 10, 1_192_202, 16, 1.632)],
    ids=["gesture", "cifar10-dvs"],
)
def test_the_published_nets(
    architecture: SewEvents, classes: int, parameters: int, time_constants: int, giga_macs: float
) -> None:
    net, macs = architecture.build((2, 128, 128), classes), 0

    def count(layer: nn.Module, _: object, out: torch.Tensor) -> None:
        nonlocal macs
        macs += layer.weight.numel() * (out[0, 0].numel() if isinstance(layer, nn.Conv2d) else 1)

    for layer in net.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            layer.register_forward_hook(count)
    with torch.no_grad():
        assert net(torch.zeros(1, 1, 2, 128, 128)).shape == (1, 1, classes)
    learned = [layer.logit_decay for layer in net.modules() if isinstance(layer, PLIF)]
    assert sum(one.numel() for one in learned) == time_constants
    assert sum(one.numel() for one in net.parameters()) == parameters + time_constants
    assert macs / 1e9 == pytest.approx(giga_macs, abs=5e-4)
    assert all(torch.sigmoid(one).item() == pytest.approx(0.5) for one in learned)


def small() -> SewEvents:
    return SewEvents((4, 4, 6), 3, frames=3)


def test_training_draws_frames_and_answers_use_all() -> None:
    net, frames = small().build((2, 17, 17), 10), torch.rand(5, 2, 2, 17, 17)
    assert net(frames).shape == (3, 2, 10)
    net(frames).mean(0).logsumexp(1).sum().backward()
    assert all(one.grad is not None for one in net.parameters())
    assert net.eval()(frames).shape == (5, 2, 10)


def test_in_chunks_it_gives_the_bits_of_the_whole() -> None:
    torch.manual_seed(0)
    net, frames = small().build((2, 17, 17), 10).eval(), torch.rand(5, 2, 2, 17, 17)
    first, state = net.run(frames[:2])
    second, _ = net.run(frames[2:], state)
    assert torch.equal(torch.cat([first, second]), net(frames))


def test_what_does_not_fit_is_told() -> None:
    with pytest.raises(InputError, match="too small for 7 poolings"):
        GESTURE.build((2, 64, 64), 11)
    assert SewEvents((8,) * 7, 6).build((2, 64, 64), 11).eval()(torch.zeros(1, 1, 2, 64, 64)).shape == (1, 1, 11)
    with pytest.raises(InputError, match="a block at least"):
        SewEvents(())
