"""Volleys do what they are called; what they add is known in the limits; the page holds its numbers and no address."""

import io
import json
import math
import re
import shutil
import subprocess

import numpy as np
import pytest

from spikesight.base.progress import SILENT
from spikesight.recipes.coincidence.measure import Grid, One, single, surface
from spikesight.recipes.coincidence.page import page
from spikesight.recipes.coincidence.recipe import RECIPE, VOLLEY, halving, times_linear, two_inputs_within
from spikesight.recipes.coincidence.volleys import SPREAD, Added, Scene, added, detector, draw, drives, responses, times
from spikesight.recipes.contract import Order, claim
from spikesight.runs.folder import Run

SCENE = Scene()
QUIET = Scene(background=1e-9)
GRID = Grid(taus=(10e-3,), above=(6.0,), jitters=(0.0, 5e-3, SPREAD), sizes=(1, 10))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def trials():
    return draw(SCENE, 300, 0, "test")


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    return RECIPE.reproduce(Order(quick=True, runs=tmp_path_factory.mktemp("runs"), stream=io.StringIO()))


def test_the_claim_holds_on_the_quick_version(tried):
    metrics = Run.open(tried.run).facts["metrics"]
    assert tried.value == metrics["times_linear"]
    assert tried.value > 3.0 * tried.control
    assert metrics["chance_together"] > 3.0 * metrics["chance_spread"]
    assert metrics["two_inputs_within"] == pytest.approx(metrics["two_inputs_within_theory"], abs=0.01e-3)
    stated = claim("coincidence")
    assert abs(tried.value - stated.measured) < 5.0 * metrics["times_linear_error"] + stated.tolerance


def test_two_inputs_by_hand():
    assert two_inputs_within(0.6, 1.0, 10e-3) == pytest.approx(4.05e-3)
    assert two_inputs_within(0.4, 1.0, 10e-3) == 0.0


@pytest.mark.parametrize("jitter", [0.0, 3e-3, SPREAD])
def test_a_volley_adds_its_inputs_to_the_noise_and_nothing_else(trials, jitter):
    drive = drives(SCENE, trials, jitter, [0, 1, 7, 20])
    assert drive.shape == (480, 4, 300)
    np.testing.assert_array_equal(drive[:, 0], trials.noise)
    volleys = drive - drive[:, :1]
    np.testing.assert_array_equal(volleys.sum(axis=0), np.array([[0, 1, 7, 20]]).T * np.ones((1, 300)))
    assert volleys.min() == 0.0
    assert (drive[400:, 3] == trials.noise[400:]).all(), "nothing arrives after the trial"


def test_together_is_one_step_and_spread_is_everywhere(trials):
    together = drives(SCENE, trials, 0.0, [20])[:, 0] - trials.noise
    assert set(np.unique(together)) == {0.0, 20.0}
    spread = times(SCENE, trials, SPREAD).ravel()
    assert np.histogram(spread, 10, (0.0, 0.1))[0].min() > 0.8 * spread.size / 10
    assert times(SCENE, trials, 2e-3).std() == pytest.approx(2e-3, rel=0.05)
    assert times(SCENE, trials, 1.0).min() == 0.0


def test_noise_has_its_rate(trials):
    expected = 500.0 * 0.12
    assert abs(trials.noise.sum(axis=0).mean() - expected) < 5.0 * math.sqrt(expected / 300)


def test_without_noise_a_volley_fires_exactly_if_it_reaches_the_threshold():
    silent = draw(QUIET, 3, 0, "test")
    neuron = detector(QUIET, 10e-3, 5.5)
    assert responses(QUIET, neuron, silent, 0.0, [0, 5, 6, 20]).tolist() == [[0] * 3, [0] * 3, [1] * 3, [1] * 3]


def test_a_threshold_far_away_hears_nothing_and_a_high_mean_is_linear(trials):
    deaf = added(SCENE, detector(SCENE, 10e-3, 1e6), trials, 0.0, [1, 20])
    assert deaf.spikes.tolist() == [0.0, 0.0]
    assert deaf.chance.tolist() == [0.0, 0.0]
    # A long memory and a threshold far below the mean: it counts, a spike for every two inputs, whatever their time.
    eager = detector(SCENE, 0.2, -98.0)
    one, ten = added(SCENE, eager, draw(SCENE, 3000, 0, "linear"), SPREAD, [1, 10]).spikes
    assert ten / (10 * one) == pytest.approx(1.0, abs=0.15)


def test_the_same_seed_gives_the_same_numbers(trials):
    again = draw(SCENE, 300, 0, "test")
    neuron = detector(SCENE, 10e-3, 6.0)
    found = [added(SCENE, neuron, drawn, 2e-3, [3, 10]) for drawn in (trials, again)]
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)
    assert not np.array_equal(draw(SCENE, 300, 1, "test").noise, trials.noise)


def test_errors_shrink_with_batches():
    neuron = detector(SCENE, 10e-3, 4.0)
    few = single(SCENE, neuron, [draw(SCENE, 500, 0, "few")])
    many = single(SCENE, neuron, [draw(SCENE, 500, 0, "many", k) for k in range(9)])
    assert many.error == pytest.approx(few.error / 3.0, rel=0.3)


def test_times_linear_by_hand():
    volley = Added(np.array([0.9]), np.array([0.03]), np.array([1.0]), 0.1)
    value, error = times_linear(volley, One(0.03, 0.003, 0.1))
    assert value == pytest.approx(0.9 / (VOLLEY * 0.03))
    assert error == pytest.approx(math.hypot(0.03 / 0.3, 3.0 * 0.1))
    assert times_linear(volley, One(0.0, 0.0, 0.1)) == (None, None)


def test_halving_by_hand():
    assert halving([1.0, 0.75, 0.25, 0.0] + [0.0] * 13) == pytest.approx(1.5e-3)
    assert halving([1.0] * 17) is None
    assert halving([0.0] * 17) is None


@pytest.fixture(scope="module")
def measured(trials):
    return surface(SCENE, GRID, trials, trials, SILENT)


def test_the_traces_are_of_the_equation(measured, trials):
    assert measured.traces.shape == (1, 1, 3, 2, 240)
    neuron = detector(SCENE, 10e-3, 6.0)
    for j, jitter in enumerate(GRID.jitters):
        spikes = responses(SCENE, neuron, trials, jitter, GRID.sizes)[:, 0]
        np.testing.assert_array_equal((measured.traces[0, 0, j] == 255).sum(axis=-1), spikes)
    quiet = surface(QUIET, GRID, draw(QUIET, 2, 0, "q"), draw(QUIET, 2, 0, "q"), SILENT).traces[0, 0, 0]
    assert quiet[0].max() == round(254 / 6.0), "one input of six to the threshold"
    assert (quiet[1] == 255).sum() == 1
    after = quiet[0, 100:120].astype(float)
    np.testing.assert_allclose(after, after[0] * np.exp(-np.arange(20) * 0.5 / 10.0), atol=1.0)


def test_the_page_holds_its_numbers_and_asks_nobody(measured, trials):
    text = page(SCENE, GRID, trials, measured)
    told = json.loads(re.search(r'type="application/json" id="numbers">(.*?)</script>', text, re.DOTALL)[1])
    assert told["jitters"] == [0.0, 5.0, None]
    np.testing.assert_allclose(told["added"], measured.added, atol=1e-5)
    assert np.shape(told["arrivals"]) == (3, 20)
    assert not re.search(r"https?:|//[a-z]|<link|@import|src=", text)


@pytest.mark.skipif(CHROMIUM is None, reason="chromium not found: apt-get install chromium")
def test_the_page_draws_itself_in_a_browser(tried):
    asked = [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2000", "--dump-dom"]
    file = Run.open(tried.run).folder.resolve() / "coincidence.html"
    shown = subprocess.run([*asked, file.as_uri()], capture_output=True, text=True, timeout=60, check=True).stdout
    assert re.search(r'id="ratio">[\d.]+ ×<', shown)
    assert re.search(r'id="chance">\d+ %<', shown)
    assert shown.count('class="curve"') >= 5
    assert "10 ms" in re.search(r'id="tau-now">(.*?)<', shown)[1]
    assert "NaN" not in shown
    assert "undefined" not in shown
