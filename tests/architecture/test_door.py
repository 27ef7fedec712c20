"""The door is light: what everyone starts with loads nothing heavy."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

HEAVY = {"torch", "numba", "sklearn", "scipy", "duckdb", "starlette", "uvicorn"}
CPU_SECONDS = 0.3

DOORS = [["-c", "import spikesight"], ["-m", "spikesight", "--help"], ["-m", "spikesight", "--version"]]
doors = pytest.mark.parametrize("door", DOORS, ids=" ".join)


def enter(door: list[str], *options: str) -> tuple[float, str]:
    """Run Python through `door`; return the CPU seconds (user and system) that it took, and what it said on stderr."""
    if "-m" in door and find_spec("spikesight.__main__") is None:
        pytest.skip("there is no command yet")
    with subprocess.Popen(
        [sys.executable, *options, *door], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, said
    return usage.ru_utime + usage.ru_stime, said


@doors
def test_nothing_heavy_is_loaded(door: list[str]) -> None:
    _, said = enter(door, "-X", "importtime")
    loaded = {line.rpartition("|")[2].strip() for line in said.splitlines() if line.startswith("import time:")}
    assert "spikesight" in loaded
    assert not {name.partition(".")[0] for name in loaded} & HEAVY


@doors
def test_it_opens_quickly(door: list[str]) -> None:
    # The best of three: the first may have to compile Python files.
    assert min(enter(door)[0] for _ in range(3)) < CPU_SECONDS


def test_the_names_at_the_door_are_the_things_behind_it() -> None:
    import spikesight
    from spikesight.estimators.diehl_cook import DiehlCook
    from spikesight.trace.reader import Trace

    assert spikesight.DiehlCook is DiehlCook
    assert spikesight.Trace is Trace
    assert set(spikesight.__all__) == set(dir(spikesight))
    assert all(getattr(spikesight, name) for name in spikesight.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Diehlcook'"):
        spikesight.Diehlcook  # noqa: B018
