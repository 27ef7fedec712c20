"""Rescaled networks give the same numbers, and activations of at most 1 for what they were scaled by."""

import pytest
import torch
from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep.conversion import Largest, Normalised, convert, scales_of
from spikesight.deep.conversion.graph import activations, graph_of
from spikesight.deep.conversion.scaling import rescaled


@pytest.fixture(params=["chain", "residual"])
def net(request, ann, residual):
    return ann if request.param == "chain" else residual


def test_outputs_and_answers_stay_and_activations_are_shares(net, images):
    scales = scales_of(net, images, Largest())
    normalised = Normalised(net, scales)
    with torch.no_grad():
        torch.testing.assert_close(normalised(images), net(images), rtol=1e-4, atol=1e-5)
        assert torch.equal(normalised(images).argmax(1), net(images).argmax(1))
        known = normalised.activations(images)
    for name in activations(graph_of(net)):
        assert known[name].max() == pytest.approx(1.0, abs=1e-5)
        assert known[name].min() >= 0.0


def test_a_network_that_ends_with_a_rectifier_keeps_its_scores_too(seeded):
    net, x = nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 3), nn.ReLU()), torch.rand(8, 4)
    scores = net(x)
    torch.testing.assert_close(Normalised(net, scales_of(net, x, Largest()))(x), scores)
    torch.testing.assert_close(convert(net, x, Largest(), steps=500)(x).mean(0), scores, rtol=0, atol=5e-3)


def test_a_layer_that_gives_nothing_is_named(ann):
    with pytest.raises(InputError, match="relu_2 has scale 0"):
        rescaled(graph_of(ann), {"relu_2": 0.0, "relu_7": 1.0, "relu_12": 1.0})
