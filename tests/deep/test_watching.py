import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'spikesight[train]'")

from torch import nn  # noqa: E402

from spikesight.base.errors import InputError  # noqa: E402
from spikesight.deep import LIF, Hold, Network  # noqa: E402
from spikesight.deep.watching import packed, watch  # noqa: E402
from spikesight.trace.activity import Graded, Trains  # noqa: E402


def test_every_layer_is_seen():
    net = Network(fc1=nn.Linear(4, 6), lif1=LIF(), fc2=nn.Linear(6, 3))
    x = (torch.rand(5, 2, 4) < 0.5).float()
    seen = watch(net, x)
    assert list(seen.layers) == ["input", "lif1", "fc2"]
    np.testing.assert_array_equal(seen.layers["input"].spikes, x.numpy() != 0)
    np.testing.assert_array_equal(seen.layers["lif1"].spikes, net.lif1(net.fc1(x)).detach().numpy() != 0)
    np.testing.assert_array_equal(seen.layers["fc2"].numbers, seen.output.numpy())
    assert torch.equal(seen.output, net(x))
    assert {layer.name: layer.shape for layer in seen.plan.layers} == {k: a.shape for k, a in seen.layers.items()}


def test_pictures_and_currents_are_graded_and_counts_are_counts():
    held = watch(Network(held=Hold(3, nn.Linear(4, 2)), lif=LIF()), torch.rand(5, 4)).layers["input"]
    assert isinstance(held, Graded)
    assert (held.numbers.shape, len(held)) == ((1, 5, 4), 5)
    net = Network(fc=nn.Linear(4, 2), lif=LIF())
    assert isinstance(watch(net, torch.rand(3, 5, 4)).layers["input"], Graded)
    counts = watch(net, torch.full((3, 5, 4), 2.0)).layers["input"]
    assert isinstance(counts, Trains)
    assert counts.most == 2


def test_neurons_in_two_places_are_told():
    lif = LIF()
    net = nn.Sequential(lif, lif)
    with pytest.raises(InputError, match="used twice in one call"):
        watch(net, torch.rand(3, 2, 4))


def test_spikes_take_a_byte():
    assert packed(torch.tensor([0.0, 1.0])).dtype == np.bool_
    np.testing.assert_array_equal(packed(torch.tensor([0.0, 2.0])), [0, 2])
