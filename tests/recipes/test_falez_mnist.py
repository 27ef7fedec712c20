"""Falez's features: the quick version from one end to the other, beside its control."""

import json
from dataclasses import replace

import pytest

from spikesight.base.errors import InputError
from spikesight.first_spike.learning.falez import Biological, Fixed
from spikesight.recipes import CATALOGUE
from spikesight.recipes.contract import Order
from spikesight.recipes.falez_mnist import recipe as falez_mnist
from spikesight.runs.folder import Run
from spikesight.trace.reader import Trace


def test_the_network_is_the_published_one_with_fewer_passes():
    task = CATALOGUE["falez-mnist"].task(Order(quick=True, seed=3))
    assert [stage.name for stage in task.model.stages] == ["conv1", "conv2"]
    assert task.model.stages[0].rule == Biological(1.0, 0.1)
    assert task.model.seed == 3
    three = replace(CATALOGUE["falez-mnist"], stages=3).task(Order(quick=True))
    assert [stage.passes for stage in three.model.stages] == [20, 20, 8]


@pytest.mark.parametrize("stages", [-1, 0, 4])
def test_there_are_three_stages_at_most(stages):
    with pytest.raises(InputError, match="1 to 3"):
        replace(CATALOGUE["falez-mnist"], stages=stages).task(Order(quick=True))


def test_in_the_control_only_thresholds_learn(monkeypatch):
    seen = []
    monkeypatch.setattr(falez_mnist, "READOUT", lambda model, images: seen.append(model) or 0.5)
    task = replace(CATALOGUE["falez-mnist"], stages=1).task(Order(quick=True))
    images = task.images.first(300, 10)
    assert falez_mnist.on_random_weights(task.model, images) == 0.5
    fresh = seen[0].stages[0].fresh((2, 28, 28), 0, 0)
    assert (seen[0].parameters_[0].w == fresh.w).all()
    assert abs(seen[0].parameters_[0].thresholds - fresh.thresholds).max() > 0.1
    assert isinstance(seen[0].stages[0].rule, Fixed)


def test_quick_beats_its_control(tmp_path):
    """91 % on held-out digits with 32 maps, 33 % with random weights."""
    folders = []
    result = CATALOGUE["falez-mnist"].reproduce(Order(quick=True, runs=tmp_path, started=folders.append))
    assert result.value > 0.85
    assert result.control < result.value - 0.2
    assert (result.name, result.published) == ("falez-mnist", None)
    facts = Run.open(folders[0]).facts
    assert facts["status"] == "finished"
    assert facts["metrics"]["accuracy"] == result.value
    with Trace.open(folders[0]) as trace:
        names = [layer.name for layer in trace.header.layers]
        assert names == ["input", "conv1", "conv1_pooled", "conv2", "conv2_pooled"]
        _, reached = trace.scalars("convergence of conv2")
        assert len(reached) == 20
        assert reached[-1] < 0.05
    json.dumps(facts)
