import numpy as np
import pytest

from spikesight.base.errors import SpikesightError
from spikesight.benchmarks import CATALOGUE, s4nn
from spikesight.benchmarks.plain_s4nn import plain_s4nn
from spikesight.first_spike.learning.s4nn import S4NNRule, Weights, lesson
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits


@pytest.fixture
def little(monkeypatch):
    """The benchmark on few images, without data files."""
    for name, small in (("WARM_UP", 200), ("IMAGES", 50), ("PLAIN_IMAGES", 4), ("TURNS", 2)):
        monkeypatch.setattr(s4nn, name, small)
    monkeypatch.setattr(s4nn, "images_to_learn", enlarged_digits)


def test_figures_and_ratios(little) -> None:
    report = CATALOGUE["s4nn"]()
    assert report.name == "s4nn"
    assert report.ratios["vs_numpy"] > 10.0, "on a busy machine, and with few images"
    assert report.ratios["over_floor"] > 1.0
    assert report.figures["images_per_second"] > report.figures["images_per_second_numpy"]


def test_other_weights_are_an_error(little, monkeypatch) -> None:
    monkeypatch.setattr(s4nn, "CLOSE", -1.0)
    with pytest.raises(SpikesightError, match="weights of plain NumPy"):
        s4nn.measure()


def test_plain_numpy_is_the_rule() -> None:
    random = np.random.default_rng(0)
    w = Weights(random.uniform(-1, 4, (40, 12)).astype(np.float32), random.uniform(-4, 8, (12, 5)).astype(np.float32))
    times, labels = random.integers(0, 65, (6, 40)), random.integers(0, 5, 6)
    expected = w
    for image, label in zip(times, labels, strict=True):
        expected = lesson(S4NNRule(), expected, image, int(label), 64, (20.0, 20.0))
    for plain, meant in zip(plain_s4nn(S4NNRule(), w, times, labels, 64, (20.0, 20.0)), expected, strict=True):
        np.testing.assert_allclose(plain, meant, atol=2e-5)
