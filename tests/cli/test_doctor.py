"""`spikesight doctor`: healthy here, and not where something needed is broken."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from spikesight.base.optional import EXTRAS
from spikesight.cli import checks
from spikesight.cli.checks import Check

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]


def names(requirements):
    return {re.match(r"[\w-]+", requirement).group() for requirement in requirements}


def test_every_dependency_and_every_extra_is_looked_at():
    assert set(checks.NEEDED) == names(PROJECT["dependencies"])
    expected = {extra: names(members) for extra, members in PROJECT["optional-dependencies"].items()}
    assert {extra: set(members) for extra, members in EXTRAS.items()} == expected
    assert f">={'.'.join(map(str, checks.OLDEST_PYTHON))}" == PROJECT["requires-python"]


def test_this_machine_is_healthy(spikesight):
    answer = spikesight("doctor", "--json")
    told = json.loads(answer.stdout)
    assert answer.exit_code == 0, answer.stdout
    assert told["healthy"] is True
    found = {check["name"]: check for check in told["checks"]}
    assert {"Python", "numba", "compiled kernels", "cache folder", "MNIST", "free disk", "cores", "browser"} <= set(
        found
    )
    assert found["compiled kernels"]["found"].startswith("equal to the NumPy reference")


def test_missing_data_is_told_and_is_no_failure(spikesight, tmp_path):
    answer = spikesight("doctor", "--data", tmp_path)
    assert answer.exit_code == 0
    line = next(line for line in answer.stdout.splitlines() if " MNIST " in line)
    assert line.startswith("missing")
    assert str(tmp_path) in line


@pytest.mark.parametrize(("needed", "code", "mark"), [(True, 1, "BROKEN"), (False, 0, "missing")])
def test_only_what_is_needed_decides(needed, code, mark, spikesight, monkeypatch):
    broken = Check("a part", "cracked", ok=False, needed=needed, advice="mend it")
    monkeypatch.setattr(checks, "examine", lambda data: [broken])
    answer = spikesight("doctor")
    assert answer.exit_code == code
    assert answer.stdout.splitlines()[1].split(maxsplit=1) == [mark, "a part  cracked  mend it"]


def test_a_package_that_cannot_be_imported_is_broken():
    check = checks.package("nothing", "no_such_module_here", True, "install it")
    assert not check.ok
    assert "no_such_module_here" in check.found


def test_an_executor_that_differs_from_the_reference_is_found(monkeypatch):
    from spikesight.executors import FusedCpu

    honest = FusedCpu.run

    def dishonest(self, *given, **named):
        spikes, state = honest(self, *given, **named)
        return ~spikes, state

    monkeypatch.setattr(FusedCpu, "run", dishonest)
    assert not checks.kernels().ok
