"""The quick version: learned delays tell orders of tones that the network without delays cannot."""

import io

import pytest

from spikesight.base.errors import UnknownName
from spikesight.recipes.contract import Order
from spikesight.recipes.delays_speech.recipe import RECIPE, DelaysSpeech
from spikesight.runs.folder import Run


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    return RECIPE.reproduce(Order(quick=True, runs=tmp_path_factory.mktemp("runs"), stream=io.StringIO()))


def test_learned_delays_beat_random_ones_and_those_beat_none(tried):
    metrics = Run.open(tried.run).facts["metrics"]
    assert tried.value > metrics["random_delays"] > tried.control + 0.1
    assert metrics["linear_on_counts"] < 0.7  # classes are orders of tones


def test_the_run_keeps_the_delays(tried):
    weights, _ = Run.open(tried.run).load_weights()
    delays = weights["net.delays1.delay"]
    assert delays.shape == (32, 16, 1)
    assert 0.0 <= delays.min() < delays.max() <= 24.0


def test_other_delays_are_a_setting_and_unknown_ones_an_answer():
    assert DelaysSpeech(delays="none").task(Order(quick=True)).model.architecture.build((16,), 10).delays1.longest == 0
    with pytest.raises(UnknownName, match="Did you mean learned"):
        DelaysSpeech(delays="learnt").task(Order(quick=True))
