"""`spikesight train`: what it asks of the recipe, what it says."""

import json
from pathlib import Path

from spikesight.runs.folder import Run


def test_options_become_the_order(made_up, spikesight):
    spikesight("train", "made-up", "--seed", 7, "--runs", "out", "--quick", "--data", "sets")
    order = made_up.orders[0]
    assert (order.seed, order.quick) == (7, True)
    assert (order.data, order.runs, order.resume) == (Path("sets"), Path("out"), None)


def test_a_run_that_goes_on_accepts_the_options_it_began_with_and_no_others(made_up, spikesight):
    old = Run.create(Path("runs"), "made-up", seed=7, config={"quick": True, "settings": {"n": "400"}}).folder
    assert spikesight("train", "made-up", "--resume", old, "--seed", 7, "--quick").exit_code == 0
    assert made_up.orders[0].resume == old
    answer = spikesight("train", "made-up", "--resume", old, "--seed", 8)
    assert answer.exit_code == 2
    assert "began with seed 7, not 8" in answer.stderr
    answer = spikesight("train", "made-up", "--resume", old, "--set", "n=100")
    assert answer.exit_code == 2
    assert "n" in answer.stderr
    assert len(made_up.orders) == 1


def test_without_options_the_order_is_the_default(made_up, spikesight):
    spikesight("train", "made-up")
    order = made_up.orders[0]
    assert (order.seed, order.quick, order.data, order.runs, order.resume) == (0, False, None, Path("runs"), None)


def test_json_names_the_run_and_its_metrics(made_up, spikesight):
    answer = spikesight("train", "made-up", "--seed", 3, "--json")
    told = json.loads(answer.stdout)
    assert set(told) == {"run", "recipe", "status", "seed", "metrics"}
    assert told["status"] == "finished"
    assert told["seed"] == 3
    assert told["metrics"] == {"accuracy": 0.875}
    assert Run.open(Path(told["run"])).status() == "finished"


def test_people_are_told_what_to_do_next(made_up, spikesight):
    answer = spikesight("train", "made-up")
    assert "spikesight look runs/made-up-" in answer.stdout
    assert answer.stderr.startswith("Run: runs/made-up-")  # before the training, so that it can be looked at meanwhile


def test_a_folder_that_cannot_be_written_is_a_clear_answer(made_up, spikesight, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    answer = spikesight("train", "made-up", "--runs", blocked / "runs")
    assert answer.exit_code == 1
    line = answer.stderr.splitlines()[-1]
    assert line.startswith("error: cannot write ")
    assert str(blocked) in line
    assert "choose another" in line
