"""The plumbing on few periods, far too few to learn; and judging neurons that share patterns, by hand."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.recipes.contract import Order
from spikesight.recipes.multi_pattern_detection.localist import answers, judged
from spikesight.recipes.multi_pattern_detection.recipe import RECIPE
from spikesight.runs.folder import Run

SMALL = replace(RECIPE, patterns=2, networks=2, periods=250, localist_networks=1, localist_neurons=6)
TWO = replace(SMALL, localist_neurons=3, localist_periods=400).localist(0)


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    """`reproduce` with 250 periods, once."""
    order = Order(runs=tmp_path_factory.mktemp("runs"), stream=io.StringIO())
    return replace(SMALL, localist_periods=400).reproduce(order)


def test_a_run_is_complete(tried):
    run = Run.open(tried.run)
    metrics = run.facts["metrics"]
    assert run.status() == "finished"
    assert tried.value == metrics["median_clean_hits"]
    assert tried.control < 0.5  # its threshold adapts: also untrained it does not fire all the time
    assert tried.control <= metrics["untrained_hits"] < 1.0  # a clean hit is a hit
    assert (metrics["networks"], metrics["localist_networks"]) == (2, 1)
    assert len(json.loads((run.folder / "networks.json").read_text())) == 2
    (row,) = json.loads((run.folder / "localist.json").read_text())
    assert len(row["hits"]) == len(row["owner"]) == 2


def test_patterns_find_neurons():
    found = answers(replace(RECIPE, localist_neurons=8, localist_periods=1000).localist(3))
    assert len(set(found.owner)) >= 4
    assert np.mean(found.hits) > 0.6
    assert found.confused < 50


def spikes(*told):
    """Spikes as (period, seconds since it began, neuron), as arrays."""
    tick = [period * TWO.shown.steps + round(since / TWO.shown.dt) for period, since, _ in told]
    return np.array(tick, np.int64), np.array([neuron for *_, neuron in told], np.int32)


def perfect():
    """Neuron 2 owns pattern 0 (even periods), neuron 0 pattern 1."""
    return [(period, 0.2, 0 if period % 2 else 2) for period in range(400)]


def test_owners_are_judged_in_the_second_half():
    found = judged(TWO, *spikes(*perfect()), np.eye(10_000, 3), 1.0)
    assert (found.owner, found.hits, found.clean) == ([2, 0], [1.0, 1.0], 1.0)
    assert (found.false_alarms, found.confused, found.idle, found.selected) == (0, 0, 0, [1, 1])
    assert found.converged


def test_what_owners_and_others_do_wrong_is_counted():
    wrong = [(301, 0.01, 2), (302, 0.2, 0), (303, 0.3, 1), (304, 0.2, 1), (3, 0.01, 0)]
    kept = [told for told in perfect() if told[0] not in (310, 312)]
    found = judged(TWO, *spikes(*kept, *wrong), np.zeros((10_000, 3)), 0.0)
    assert found.hits == [0.98, 1.0]
    assert (found.false_alarms, found.confused, found.idle) == (1, 1, 2)
    assert found.clean == pytest.approx(1 - 4 / 200)
    assert not found.converged


def test_one_neuron_for_two_patterns_is_not_one_each():
    found = judged(TWO, *spikes(*((period, 0.2, 1) for period in range(400))), np.zeros((10_000, 3)), 0.0)
    assert (found.owner, found.hits, found.confused) == ([1, 1], [1.0, 1.0], 0)
    assert not found.distinct
    assert not found.converged


def test_quick_listens_for_less_long():
    assert RECIPE.distributed(0, quick=True).periods < RECIPE.distributed(0).periods
    assert RECIPE.localist(0, quick=True).periods < RECIPE.localist(0).periods


@pytest.mark.parametrize(
    "wrong", [{"patterns": 0}, {"localist_neurons": 4}, {"periods": 499}, {"localist_periods": 999}], ids=str
)
def test_what_cannot_be_scored_is_refused(wrong):
    with pytest.raises(InputError):
        replace(RECIPE, **wrong)
