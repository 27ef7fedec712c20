"""The network as published: its weights, its shapes, one step of learning, and the form that streams."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (the optional extra 'train')")

from spikesight.base.errors import InputError  # noqa: E402
from spikesight.deep.losses import CrossEntropy, SquaredByDepth  # noqa: E402
from spikesight.deep.training.optimisers import AdamW  # noqa: E402
from spikesight.deep.training.trainer import Trainer  # noqa: E402
from spikesight.zoo.s2net import S2Net  # noqa: E402


def test_the_published_network():
    torch.manual_seed(0)
    net = S2Net().build((3, 40), 12)
    weights = {name: value.numel() for name, value in net.named_parameters() if name.endswith("weight")}
    assert sum(number for name, number in weights.items() if name.startswith("conv")) == 100_608
    assert weights["out.weight"] == 30_720
    trainer = Trainer(net, CrossEntropy(), 1, optimiser=AdamW(1e-3, 1e-5), activity=SquaredByDepth())
    loss, scores = trainer.step(torch.randn(101, 2, 3, 40), torch.tensor([0, 11]))
    assert scores.shape == (2, 12)
    assert 0.0 < loss < 100.0


@pytest.mark.parametrize("leaky", [False, True], ids=["mean", "max"])
def test_the_causal_form_streams(leaky):
    torch.manual_seed(0)
    net = S2Net(4, causal=True, lateral=False, leaky=leaky).build((3, 10), 5)
    x = torch.randn(20, 2, 3, 10)
    whole, _ = net.run(x)
    first, state = net.run(x[:7])
    rest, _ = net.run(x[7:], state)
    torch.testing.assert_close(torch.cat([first, rest]), whole)
    assert whole.shape == (20, 2, 5)


def test_no_channels():
    with pytest.raises(InputError):
        S2Net(0)
