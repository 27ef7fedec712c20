"""An experiment leaves a run, whichever way it ends, and is not resumed."""

from dataclasses import replace

import pytest

from spikesight.base.errors import InputError, RunError
from spikesight.recipes.contract import Order
from spikesight.recipes.experiment import experiment
from spikesight.runs.folder import Run


def test_a_run_is_left(tmp_path):
    told = []
    order = Order(seed=3, quick=True, runs=tmp_path, started=told.append)
    with experiment("made-up", order, {"settings": {"n": "5"}}) as run:
        assert Run.open(run.folder).status() == "running"
        run.update(metrics={"value": 1.5})
    facts = Run.open(run.folder).facts
    assert told == [run.folder]
    assert (facts["recipe"], facts["seed"], facts["status"]) == ("made-up", 3, "finished")
    assert facts["config"] == {"settings": {"n": "5"}, "quick": True}
    with pytest.raises(RunError, match="start it again"), experiment("made-up", replace(order, resume=run.folder), {}):
        pass


def test_a_failure_is_written_down(tmp_path):
    with pytest.raises(InputError), experiment("made-up", Order(runs=tmp_path), {}) as run:
        raise InputError("it does not fit")
    assert Run.open(run.folder).facts["error"] == "it does not fit"
