import math

import pytest

from spikesight.benchmarks import slowdown
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    short = {"WARM_UP": 2, "BLOCKS": 2, "DEEP_BLOCKS": 2, "IMAGES": 3, "LOOKED_AT": 2, "BATCH": 4}
    for name, value in short.items():
        monkeypatch.setattr(slowdown, name, value)


def test_recording_a_circuit():
    found = slowdown.diehl_cook()
    assert 0.2 < found.time < math.inf  # so few images tell little, and a busy disk much: that it is measured at all
    assert found.processor > 1  # all that recording does is done beside the same work


def test_fewer_images_than_are_asked_for_are_shown_again(monkeypatch):
    few = enlarged_digits()
    monkeypatch.setattr(slowdown, "images_to_learn", lambda: few._replace(train=few.train[:4]))
    assert slowdown.diehl_cook().time > 0


def test_recording_a_deep_network():
    pytest.importorskip("torch")
    assert 0.2 < slowdown.deep(every=2, blocks=1) < math.inf


def test_without_torch_only_circuits_are_measured(monkeypatch):
    monkeypatch.setattr(slowdown, "find_spec", lambda name: None)
    monkeypatch.setattr(slowdown, "diehl_cook", lambda: slowdown.Slowdown(1.5, 2.5))
    assert slowdown.ratios() == {"recording_slowdown": 1.5, "recording_processor_time": 2.5}
