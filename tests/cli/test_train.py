"""`spikesight train`: what it asks of the recipe, what it says."""

import json
from pathlib import Path

import pytest

from spikesight.runs.folder import Run


def test_options_become_the_order(made_up, spikesight):
    spikesight("train", "made-up", "--seed", 7, "--runs", "out", "--quick", "--data", "sets", "--set", "n=8")
    order = made_up.orders[0]
    assert (order.seed, order.quick, order.data, order.runs) == (7, True, Path("sets"), Path("out"))
    assert made_up.sizes == [8]


@pytest.mark.parametrize(
    ("setting", "answer"),
    [
        ("m=8", "no setting of this recipe is called 'm'"),
        ("n=many", "takes a value of type int"),
        ("n", "expected NAME=VALUE"),
    ],
)
@pytest.mark.parametrize("command", ["train", "reproduce"])
def test_a_setting_that_cannot_be_is_wrong_usage(command, setting, answer, made_up, spikesight):
    told = spikesight(command, "made-up", "--set", setting)
    assert told.exit_code == 2
    assert answer in told.stderr
    assert made_up.orders == []


@pytest.fixture
def begun(made_up, spikesight) -> str:
    """The folder of a run with seed 7 and n=8."""
    told = json.loads(spikesight("train", "made-up", "--seed", 7, "--set", "n=8", "--json").stdout)
    return told["run"]


@pytest.mark.parametrize("options", [[], ["--seed", 7], ["--set", "n=8"]])
def test_a_run_is_resumed_with_what_it_began_with(options, begun, made_up, spikesight):
    assert spikesight("train", "made-up", "--resume", begun, *options).exit_code == 0
    assert made_up.orders[-1].resume == Path(begun)


@pytest.mark.parametrize("options", [["--seed", 6], ["--set", "n=9"], ["--quick"]])
def test_another_seed_or_setting_than_the_run_began_with_is_wrong_usage(options, begun, made_up, spikesight):
    told = spikesight("train", "made-up", "--resume", begun, *options)
    assert told.exit_code == 2
    assert "the run began with" in told.stderr
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
