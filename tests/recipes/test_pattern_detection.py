"""The quick version of the claim, and its parts by hand."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.recipes.contract import Order, claim
from spikesight.recipes.pattern_detection.batch import beside_each_other, seed_of
from spikesight.recipes.pattern_detection.detector import clean_hits, controls, first_weight, judged, learned
from spikesight.recipes.pattern_detection.recipe import RECIPE
from spikesight.runs.folder import Run
from spikesight.trace.reader import Trace

DETECTOR = RECIPE.detector(5)


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    """`reproduce --quick`, once."""
    return RECIPE.reproduce(Order(quick=True, runs=tmp_path_factory.mktemp("runs"), stream=io.StringIO()))


def test_the_claim_holds_on_the_quick_version_and_its_control_does_not(tried):
    assert tried.value >= 0.98
    assert tried.control == 0.0
    assert tried.metric == claim("pattern-detection").metric
    metrics = Run.open(tried.run).facts["metrics"]
    assert (metrics["networks"], metrics["converged"], metrics["false_alarms"]) == (2, 2, 0)
    assert metrics["untrained_hits"] == 1.0  # it fires all the time: hits alone would say nothing
    assert metrics["snr_share_median"] > 0.85


def test_the_run_shows_how_it_was_learned(tried):
    run = Run.open(tried.run)
    rows = json.loads((run.folder / "networks.json").read_text())
    assert [row["seed"] for row in rows] == [0, 1]
    assert all(row["converged"] and row["convergence"] < 0.01 for row in rows)
    with Trace.open(run.folder) as trace:
        assert len(trace.snapshots("learned")["t"]) > 10
        assert ((trace.weights("learned") > 0.5).sum()) == rows[0]["selected"]
        spikes = trace.spikes("detector")
        begin, end = DETECTOR.shown.begin, DETECTOR.shown.begin + DETECTOR.shown.length
        late = spikes.t[spikes.t >= 300 * 0.4] % 0.4
        assert ((late >= begin) & (late < end)).all()
        assert len(set(trace.spikes("afferents").unit)) == 200
        assert trace.header.layer("afferents").shape == (100, 100)  # weights are a picture


def test_a_recorded_network_does_what_the_same_network_does_unrecorded(tried):
    rows = json.loads((Run.open(tried.run).folder / "networks.json").read_text())
    again = learned(RECIPE.detector(0, quick=True)).row()
    assert {**again, "seconds": 0} == {**rows[0], "seconds": 0}


def test_the_first_weights_put_the_threshold_two_sigmas_below_the_mean():
    """252.6 / 576, over 1 - 2 / sqrt(1152)."""
    assert first_weight(252.6, 18e-3, DETECTOR.shown, -2.0) == pytest.approx(0.46600, abs=5e-6)
    assert (DETECTOR.weights()["learned.w"] == DETECTOR.weights()["learned.w"][0]).all()
    apart = replace(DETECTOR, spread=0.02).weights()["learned.w"]
    assert np.abs(apart / 0.46600 - 1).max() == pytest.approx(0.02, abs=1e-4)


def test_hits_are_clean_where_nothing_fires_around_them():
    short = replace(DETECTOR, periods=4, scored=3)
    begin = 0.4 * np.arange(4) + short.shown.begin
    assert clean_hits(short, begin[1:]) == 1.0
    assert clean_hits(short, begin[1:] + 0.0999) == 1.0
    assert clean_hits(short, begin[1:] + 0.1) == 0.0
    assert clean_hits(short, begin[1:] - 1e-4) == 0.0
    assert clean_hits(short, np.append(begin[1:], 0.8)) == pytest.approx(2 / 3)  # the beginning of period 2
    assert clean_hits(short, np.append(begin[1:], 0.7999)) == pytest.approx(2 / 3)
    assert clean_hits(short, np.zeros(0)) == 0.0


def test_a_detector_is_judged_by_its_last_periods_alone():
    short = replace(DETECTOR, periods=5, scored=2)
    w, given = np.zeros(10_000), short.shown.drawn()
    w[:700] = 1.0
    begin = 0.4 * np.arange(5) + short.shown.begin
    found = judged(short, given, np.array([0.01, 0.2, 0.4, begin[3] + 0.01, begin[3] + 0.02, begin[4] + 0.2]), w)
    assert (found.hits, found.clean, found.spikes, found.false_alarms) == ([0.5], 0.5, [1.0], 1)
    assert (found.selected, found.converged, found.convergence) == (700, False, 0.0)
    assert found.window == pytest.approx(22.7e-3, abs=1e-4)
    assert abs(found.snr_share) < 0.1  # whoever fired by chance is no choice
    silent = judged(short, given, np.zeros(0), np.zeros(10_000))
    assert (silent.hits, silent.selected, silent.window, silent.snr_share) == ([0.0], 0, None, 0.0)


def test_what_learned_nothing_has_no_clean_hit():
    found = controls(replace(DETECTOR, periods=40, scored=10), 700)
    assert (found.untrained, found.untrained_hits) == (0.0, 1.0)
    assert (found.random, found.random_hits) == (0.0, 0.0)


def test_without_depression_nothing_is_found():
    """Every weight grows, and the neuron fires all the time."""
    found = learned(replace(replace(RECIPE, depression=0.0).detector(5), periods=30, scored=10))
    assert found.clean == 0.0
    assert found.selected == 10_000


def test_seeds_of_networks_never_meet():
    assert len({seed_of(seed, network) for seed in range(5) for network in range(1000)}) == 5000


def test_work_beside_each_other_comes_back_in_order_and_errors_pass():
    order = Order(stream=io.StringIO())
    assert beside_each_other(lambda number: number**2, [3, 1, 2], order) == [9, 1, 4]
    with pytest.raises(ZeroDivisionError):
        beside_each_other(lambda number: 1 // number, [1, 0, 2], order)


@pytest.mark.parametrize("wrong", [{"networks": 0}, {"periods": 99}], ids=str)
def test_too_little_to_score_is_refused(wrong):
    with pytest.raises(InputError):
        replace(RECIPE, **wrong)
