"""Converted networks come to what the artificial one does; with QCFS a layer does so exactly."""

import pytest
import torch
from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep.conversion import QCFS, Balanced, Largest, Learned, Percentile, convert


@pytest.mark.parametrize("method", [Largest(), Largest(begun=0.0), Percentile(99.9), Balanced(50)], ids=str)
def test_outputs_approach_those_of_the_artificial_network(ann, residual, images, method):
    for net in (ann, residual):
        with torch.no_grad():
            wanted = net(images)
            near, far = (convert(net, images, method, steps=steps)(images).mean(0) for steps in (400, 8))
        assert (near - wanted).abs().mean() < 0.05 * wanted.abs().mean() + 0.01
        assert (near - wanted).abs().mean() < (far - wanted).abs().mean()


def test_one_layer_of_qcfs_is_exact_in_as_many_steps(seeded):
    net = nn.Sequential(nn.Linear(6, 20), QCFS(8, 0.8), nn.Linear(20, 3)).double()
    x = torch.rand(50, 6, dtype=torch.float64)
    with torch.no_grad():
        torch.testing.assert_close(convert(net, x, Learned(), steps=8)(x).mean(0), net(x), rtol=0, atol=1e-12)


def test_the_output_is_a_membrane_that_never_fires(ann, images):
    snn = convert(ann, images, steps=5)
    with torch.no_grad():
        y = snn(images)
    assert y.shape == (5, 60, 3)
    assert not snn.training


def test_errors(ann, images):
    with pytest.raises(InputError, match="a step at least"):
        convert(ann, images, steps=0)
