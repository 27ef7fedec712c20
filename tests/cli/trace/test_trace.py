"""The group: every command below it has help, a wrong name is answered, and looking costs little."""

import subprocess
import sys

import pytest
from click.shell_completion import ShellComplete

from spikesight.cli.main import main
from spikesight.cli.trace import COMMANDS

HEAVY = {"numpy", "duckdb", "h5py", "rich", "starlette"}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_and_a_line_in_the_overview(name, spikesight):
    overview = spikesight("trace", "--help").stdout
    assert f"  {name} " in overview
    assert COMMANDS[name].help.partition("\n")[0] in overview
    told = spikesight("trace", name, "--help")
    assert told.exit_code == 0
    assert told.stdout.startswith(f"Usage: spikesight trace {name} ")
    assert "--json" in told.stdout


def test_a_wrong_name_is_wrong_usage_and_answered_with_the_nearest(spikesight):
    answer = spikesight("trace", "chekc")
    assert answer.exit_code == 2
    assert "Did you mean check?" in answer.stderr


def test_without_a_command_there_is_help(spikesight):
    answer = spikesight("trace")
    assert answer.exit_code == 2
    assert "Usage: spikesight trace" in answer.stdout + answer.stderr


def test_the_shell_completes_commands_below_the_group():
    shell = ShellComplete(main, {}, "spikesight", "_SPIKESIGHT_COMPLETE")
    assert [one.value for one in shell.get_completions(["trace"], "re")] == ["repair"]
    assert {one.value for one in shell.get_completions(["trace"], "")} == set(COMMANDS)


@pytest.mark.parametrize("words", [["trace", "--help"], ["trace", "repair", "--help"]])
def test_help_loads_nothing_heavy(words):
    code = (
        "import sys; from spikesight.cli.main import main\n"
        f"main({words!r}, prog_name='spikesight', standalone_mode=False); print(sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"
