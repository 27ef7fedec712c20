"""Going on with a run from the command line: `train` and `reproduce` take --resume alike."""

from pathlib import Path

import pytest

from spikesight.runs.folder import Run


@pytest.fixture
def old(made_up):
    return Run.create(Path("runs"), "made-up", seed=7, config={"quick": True, "settings": {"n": "400"}}).folder


@pytest.mark.parametrize("command", ["train", "reproduce"])
def test_what_the_run_began_with_may_be_said_again(command, made_up, old, spikesight):
    assert spikesight(command, "made-up", "--resume", old, "--seed", 7, "--quick").exit_code == 0
    assert made_up.orders[0].resume == old


@pytest.mark.parametrize("command", ["train", "reproduce"])
def test_anything_else_is_wrong_usage(command, made_up, old, spikesight):
    answer = spikesight(command, "made-up", "--resume", old, "--seed", 8)
    assert answer.exit_code == 2
    assert "began with seed 7, not 8" in answer.stderr
    assert not made_up.orders
