"""The network as published: its weights, its shapes, one step of learning."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (the optional extra 'train')")

from spikesight.base.errors import InputError  # noqa: E402
from spikesight.zoo.traffic import BytesNet, TrafficNet  # noqa: E402


def test_the_published_network():
    net = TrafficNet().build((300,), 14)
    weights = sum(parameter.numel() for parameter in net.parameters() if parameter.ndim > 1)
    assert weights == 31_400
    assert sum(parameter.numel() for parameter in net.parameters()) == 31_400 + 1 + 100 + 14
    x = torch.poisson(torch.full((300, 2, 300), 0.05), generator=torch.Generator().manual_seed(0))
    y = net(x)
    assert y.shape == (300, 2, 14)
    torch.nn.functional.cross_entropy(y.mean(0), torch.tensor([0, 13])).backward()
    assert all(torch.isfinite(parameter.grad).all() and parameter.grad.any() for parameter in net.parameters())


def test_bytes_are_held():
    y = BytesNet(20, 5).build((784,), 12)(torch.rand(3, 784))
    assert y.shape == (5, 3, 12)


@pytest.mark.parametrize(
    "make", [lambda: TrafficNet(0), lambda: BytesNet(0), lambda: BytesNet(steps=0)], ids=["flows", "bytes", "steps"]
)
def test_no_neurons(make):
    with pytest.raises(InputError):
        make()
