"""The recipe on a few seconds: what a run keeps, that it goes on, what its figures mean."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest

from spikesight.analysis.groups import Found
from spikesight.base.errors import RunError
from spikesight.recipes import CATALOGUE
from spikesight.recipes.contract import Order, claim
from spikesight.recipes.polychronous import recipe as module
from spikesight.recipes.polychronous.recipe import RECIPE, figures, kinds_of_weights
from spikesight.recipes.polychronous.rhythm import over_poisson, strengths
from spikesight.runs.folder import Run
from spikesight.trace.reader import Trace


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    """Forty seconds: long enough for groups, if few."""
    order = Order(seed=1, runs=tmp_path_factory.mktemp("runs"), stream=io.StringIO())
    return replace(RECIPE, seconds=40, mothers=2).reproduce(order)


def test_groups_are_more_than_with_shuffled_delays(tried):
    facts = Run.open(tried.run).facts
    metrics = facts["metrics"]
    assert tried.value == metrics["groups"] / metrics["triplets"] > 2 * tried.control
    assert metrics["groups_estimated"] == pytest.approx(800 * metrics["groups"] / 2)
    assert metrics["triplets"] == metrics["triplets_delays_shuffled"]
    assert tried.published is None
    assert tried.metric == claim("polychronous").metric
    assert facts["status"] == "finished"
    assert facts["config"]["settings"] == {"seconds": "40", "mothers": "2"}


def test_rhythms_change_and_weights_part(tried):
    metrics = Run.open(tried.run).facts["metrics"]
    assert metrics["early_delta"] > 5 * metrics["late_delta"]
    assert metrics["strong"] > 0.1
    assert metrics["strong"] + metrics["weak"] + metrics["between"] == pytest.approx(1)
    assert 2 < metrics["exc.rate"] < 8


def test_the_run_keeps_spikes_curves_and_groups(tried):
    run = Run.open(tried.run)
    with Trace.open(run.folder) as trace:
        assert len(trace.spikes("exc").t) / 800 / 40 == pytest.approx(run.facts["metrics"]["exc.rate"])
        for name in ("delta", "gamma", "fast_peak_hz", "strong", "weak"):
            assert len(trace.scalars(name)[0]) == 40
    kept = json.loads((run.folder / "groups.json").read_text())
    assert len(kept["mother"]) == len(kept["anchors"]) == run.facts["metrics"]["groups"]
    assert all(len(set(three)) == 3 for three in kept["anchors"])


def test_one_group_is_drawn_where_matplotlib_is(tried):
    pytest.importorskip("matplotlib")
    assert (Run.open(tried.run).folder / "group.svg").read_text().lstrip().startswith("<?xml")


def test_a_run_that_was_stopped_goes_on_as_if_nothing_had_happened(tmp_path, monkeypatch):
    recipe = replace(RECIPE, seconds=5)
    order = Order(seed=2, runs=tmp_path, stream=io.StringIO())
    whole = recipe.train(order)
    tell, pieces = module.learn_and_tell, []

    def stop(engine, piece):
        pieces.append(piece.number)
        if len(pieces) == 4:
            raise KeyboardInterrupt
        return tell(engine, piece)

    monkeypatch.setattr("spikesight.recipes.simulation.SECONDS_BETWEEN_CHECKPOINTS", 0.0)
    begun = []
    monkeypatch.setattr(module, "learn_and_tell", stop)
    with pytest.raises(KeyboardInterrupt):
        recipe.train(replace(order, started=begun.append))
    monkeypatch.undo()
    recipe.train(replace(order, resume=begun[0]))
    one, other = (Run.open(folder).load_weights()[0] for folder in (whole, begun[0]))
    for name, values in one.items():
        assert values.tobytes() == other[name].tobytes(), name
    spikes = []
    for folder in (whole, begun[0]):
        with Trace.open(folder) as trace:
            spikes.append(trace.spikes("exc"))
    np.testing.assert_array_equal(spikes[0].t, spikes[1].t)
    np.testing.assert_array_equal(spikes[0].unit, spikes[1].unit)


def test_it_is_in_the_catalogue():
    assert CATALOGUE["polychronous"] is RECIPE


def test_a_run_of_another_recipe_is_not_gone_on_with(tmp_path):
    run = Run.create(tmp_path, "other", seed=0, config={"quick": False})
    with pytest.raises(RunError, match="a run of other"):
        RECIPE.train(Order(runs=tmp_path, resume=run.folder, stream=io.StringIO()))


def test_poisson_neurons_have_no_rhythm_and_a_beat_has_one():
    random = np.random.default_rng(0)
    counts = random.binomial(1000, 0.005, 100_000)
    assert over_poisson(counts, 1000, 1e-3).power[5:400].mean() == pytest.approx(1.0, abs=0.1)
    beat = random.binomial(1000, 0.005 * (1 + 0.5 * np.sin(2 * np.pi * 41 * np.arange(20_000) * 1e-3)))
    told = strengths([beat], 1000, 1e-3)
    assert told["fast_peak_hz"] == 41
    assert told["gamma"] > 3 * told["delta"]
    assert set(strengths([np.zeros(2000, int)], 1000, 1e-3).values()) <= {0.0, 20.0}


def test_two_kinds_of_weights():
    arrays = {"exc_exc.w": np.array([0.0, 0.4, 9.6]), "exc_inh.w": np.array([5.0])}
    assert kinds_of_weights(arrays) == {"strong": 0.25, "weak": 0.5, "between": 0.25}


def test_an_estimate_over_all_mothers():
    """Groups of four mothers: 3, 1, 0, 0; drawn from eight."""
    mothers, four = np.array([5, 5, 5, 7]), np.zeros(4, np.int64)
    tried = np.full(4, 10)
    found = Found(
        mothers, np.zeros((4, 3), np.int64), four + 9, four + 8, four + 70, np.array([1, 2, 2, 2]), tried, tried, four
    )
    told = figures(found, [5, 6, 7, 8], 8)
    assert told["groups_per_mother"] == 1.0
    assert told["groups_estimated"] == 8.0
    assert told["groups_per_mother_error"] == pytest.approx(np.sqrt(2.0) * np.sqrt(0.5 / 4))
    assert told["groups_per_triplet"] == 0.1
    assert told["distinct"] == 3
    assert figures(found, [5, 6, 7, 8], 4)["groups_per_mother_error"] == 0.0
