"""The command itself: exit codes, wrong names, and a light door."""

import subprocess
import sys

import pytest

from spikesight import __version__
from spikesight.base.errors import MissingData
from spikesight.cli.main import COMMANDS

HEAVY = {"numba", "numpy", "sklearn", "duckdb", "torch", "rich", "starlette", "uvicorn", "PIL"}
LIGHT_SECONDS = 0.3


def in_new_process(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize("arguments", [["--help"], ["train", "--help"], ["--version"]])
def test_help_loads_nothing_heavy_and_costs_little(arguments):
    code = f"""
import sys, time
from spikesight.cli.main import main
main({arguments!r}, prog_name="spikesight", standalone_mode=False)
print(sorted({HEAVY!r} & set(sys.modules)), time.process_time())
"""
    loaded, seconds = in_new_process(code).rsplit(maxsplit=1)
    assert loaded == "[]"
    assert float(seconds) < LIGHT_SECONDS


def test_the_package_itself_loads_nothing_heavy():
    code = f"import spikesight, sys, time; print(sorted({HEAVY!r} & set(sys.modules)), time.process_time())"
    loaded, seconds = in_new_process(code).rsplit(maxsplit=1)
    assert loaded == "[]"
    assert float(seconds) < LIGHT_SECONDS


def test_python_m_spikesight_is_the_same_command():
    asked = [sys.executable, "-m", "spikesight", "--version"]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == f"spikesight, version {__version__}\n"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_and_a_line_in_the_overview(name, spikesight):
    overview = spikesight("--help").stdout
    summary = COMMANDS[name].help.partition("\n")[0]
    assert f"{name} " in overview
    assert summary in overview  # shown whole, not cut off
    assert spikesight(name, "--help").exit_code == 0


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        (["trian", "x"], "train"),
        (["train", "diehl-cook-digit"], "diehl-cook-digits"),
        (["reproduce", "diehl-cok-mnist"], "diehl-cook-mnist"),
        (["bench", "diehl-cok"], "diehl-cook"),
    ],
)
def test_an_unknown_name_is_wrong_usage_and_answers_with_the_nearest(words, nearest, spikesight):
    answer = spikesight(*words)
    assert answer.exit_code == 2
    assert "Did you mean" in answer.stderr
    assert nearest in answer.stderr
    assert answer.stdout == ""


@pytest.mark.parametrize(
    "words",
    [
        ["train"],
        ["demo", "--seed", "-1"],
        ["demo", "--seed", "soon"],
        ["look"],
        ["demo", "--nonsense"],
        ["look", "x", "--port", "70000"],
    ],
)
def test_a_wrong_command_line_is_wrong_usage(words, spikesight):
    answer = spikesight(*words)
    assert answer.exit_code == 2
    assert "Usage: spikesight" in answer.stderr


def test_what_the_package_raises_is_one_line_and_exit_code_1(made_up, spikesight):
    made_up.trouble = MissingData("MNIST is not there.\nPut it there.")
    answer = spikesight("train", "made-up")
    assert answer.exit_code == 1
    assert answer.stderr.splitlines()[-1] == "error: MNIST is not there. Put it there."
    assert "Traceback" not in answer.stderr


def test_an_interruption_is_exit_code_1_and_says_how_to_go_on(made_up, spikesight):
    made_up.trouble = KeyboardInterrupt()
    answer = spikesight("train", "made-up")
    assert answer.exit_code == 1
    assert answer.stderr.splitlines()[-1].startswith("error: interrupted.")
    assert "--resume" in answer.stderr


def test_an_error_of_ours_keeps_its_traceback(made_up, spikesight):
    made_up.trouble = ZeroDivisionError("a mistake in the recipe")
    answer = spikesight("train", "made-up")
    assert answer.exit_code == 1
    assert isinstance(answer.exception, ZeroDivisionError)


@pytest.mark.parametrize("command", ["train", "reproduce"])
def test_an_interruption_names_the_command_that_goes_on(made_up, spikesight, command):
    made_up.trouble = KeyboardInterrupt()
    assert f"`spikesight {command} RECIPE --resume RUN`" in spikesight(command, "made-up").stderr


def test_what_does_not_fit_into_memory_is_said_in_one_line(made_up, spikesight):
    made_up.trouble = MemoryError("Unable to allocate 584. GiB")
    told = spikesight("train", "made-up").stderr.splitlines()[-1]
    assert told.startswith("error: not enough memory: Unable to allocate 584. GiB")
