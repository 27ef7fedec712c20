"""Lines against rates counted by hand, and accuracy over time in one pass."""

import numpy as np
import pytest
import torch
from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep import IF, Network
from spikesight.deep.conversion import Largest, Percentile, convert, curve, report
from spikesight.deep.conversion.report import Curve


def test_a_layer_by_hand():
    first = nn.Linear(1, 2, bias=False)
    with torch.no_grad():
        first.weight.copy_(torch.tensor([[1.0], [0.5]]))
    net = nn.Sequential(first, nn.ReLU(), nn.Linear(2, 2))
    snn = convert(net, torch.tensor([[2.0]]), Largest(begun=0.0), steps=4)
    (line,) = report(net, snn, torch.tensor([[2.0], [4.0]])).lines
    assert line.scale == 2.0
    assert line.activation == pytest.approx((1 + 0.5 + 2 + 1) / 4)
    assert line.rate == pytest.approx((1 + 0.5 + 1 + 1) / 4)
    assert line.error == pytest.approx(1 / 4)
    assert line.saturated == 0.25


def test_every_layer_is_reported(ann, residual, images):
    for net, layers in ((ann, ["relu_2", "relu_7", "relu_12"]), (residual, ["relu", "relu_1", "relu_2"])):
        found = report(net, convert(net, images, Percentile(99.0), steps=200), images)
        assert [line.layer for line in found.lines] == layers
        assert all(line.error < 0.05 and line.correlation > 0.95 for line in found.lines)
        assert all(0.0 < line.saturated < 0.02 for line in found.lines)
        assert found.table().count("\n") == 3
        assert found.as_json()[0]["layer"] == layers[0]


def test_more_steps_make_smaller_errors(ann, images):
    errors = [
        [line.error for line in report(ann, convert(ann, images, Largest(), steps=steps), images).lines]
        for steps in (4, 16, 64)
    ]
    assert (np.diff(errors, axis=0) < 0).all()


def test_the_curve_is_that_of_runs_of_each_length(ann, images):
    with torch.no_grad():
        labels = ann(images).argmax(1)
    labels[:6] = (labels[:6] + 1) % 3
    found = curve(ann, convert(ann, images, steps=12), images, labels, at_once=17)
    assert found.artificial == pytest.approx(0.9)
    for steps in (1, 5, 12):
        with torch.no_grad():
            sums = convert(ann, images, steps=steps)(images).sum(0)
        assert found.accuracy[steps - 1] == pytest.approx(float((sums.argmax(1) == labels).float().mean()))


def test_equal_scores_are_a_mistake():
    net = nn.Sequential(nn.Linear(1, 1), nn.ReLU(), nn.Linear(1, 2))
    with torch.no_grad():
        for parameter in net[2].parameters():
            parameter.zero_()
    x = torch.ones(3, 1)
    with torch.no_grad():
        net[0].weight.fill_(1.0)
    assert curve(net, convert(net, x, steps=2), x, [0, 1, 0]).artificial == 0.0


def test_steps_within_some_points():
    found = Curve(np.array([0.5, 0.897, 0.89, 0.895, 0.91]), 0.9)
    assert found.steps_within(0.5) == 4
    assert found.steps_within(50) == 1
    assert Curve(np.array([0.9, 0.5]), 0.9).steps_within(1.0) is None


def test_errors(ann, images):
    with pytest.raises(InputError, match="the spiking network has neurons"):
        report(ann, Network(IF()), images)
    with pytest.raises(InputError, match="as many"):
        curve(ann, convert(ann, images), images, [1])
