"""What each method takes as the scale of a layer."""

import numpy as np
import pytest
import torch
from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep.conversion import QCFS, Balanced, Largest, Learned, Percentile, convert, scales_of
from spikesight.deep.conversion.graph import graph_of, values


def test_largest_and_percentile_count_zeros_too(ann, images):
    known = values(graph_of(ann), images)
    for name, scale in scales_of(ann, images, Largest()).items():
        assert scale == known[name].max()
    for name, scale in scales_of(ann, images, Percentile(95.0)).items():
        assert scale == pytest.approx(np.percentile(known[name].numpy(), 95.0))
    assert scales_of(ann, images, Percentile(100.0)) == pytest.approx(scales_of(ann, images, Largest()))


def test_balanced_is_the_largest_current_of_the_spiking_network(images):
    first, second = nn.Linear(2, 1, bias=False), nn.Linear(1, 1, bias=False)
    with torch.no_grad():
        first.weight.copy_(torch.tensor([[3.0, 1.0]]))
        second.weight.fill_(0.5)
    net = nn.Sequential(first, nn.ReLU(), second, nn.ReLU(), nn.Linear(1, 2))
    scales = scales_of(net, torch.tensor([[1.0, 0.0], [0.1, 0.1]]), Balanced(steps=10))
    # The first layer's largest current is 3; its neuron then fires in every step, and spikes stand for 3.
    assert scales == {"relu_1": pytest.approx(3.0), "relu_3": pytest.approx(1.5)}


def test_balanced_sees_more_than_any_activation_in_deeper_layers(ann, residual, images):
    largest, balanced = scales_of(ann, images, Largest()), scales_of(ann, images, Balanced(20))
    assert balanced["relu_2"] == pytest.approx(largest["relu_2"])
    assert balanced["relu_12"] > largest["relu_12"]
    assert set(scales_of(residual, images, Balanced(5))) == {"relu", "relu_1", "relu_2"}


def test_learned_heights_are_taken_as_they_are(images):
    net = nn.Sequential(nn.Flatten(), nn.Linear(64, 4), QCFS(4, 1.5), nn.Linear(4, 2))
    assert scales_of(net, images, Learned()) == {"qcfs_2": 1.5}
    with pytest.raises(InputError, match="relu_1 learned no height"):
        scales_of(nn.Sequential(nn.Linear(2, 2), nn.ReLU()), torch.rand(3, 2), Learned())


def test_errors(ann, images):
    with pytest.raises(InputError, match="percentile"):
        Percentile(0.0)
    with pytest.raises(InputError, match="a step at least"):
        Balanced(0)
    with pytest.raises(InputError, match="finite and at least one"):
        scales_of(ann, images[:0], Largest())
    with pytest.raises(InputError, match="must give something"):
        convert(nn.Sequential(nn.Linear(2, 2), nn.ReLU()), -torch.zeros(3, 2), Percentile(0.1))
