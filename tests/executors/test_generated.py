"""Kernels are compiled once: the second process finds them, and a changed equation never meets an old one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from spikesight.base.errors import InputError
from spikesight.executors import generated
from spikesight.executors.fused_cpu import where

RUN_ONCE = """
import json, warnings
warnings.simplefilter("error")  # Numba warns where it cannot keep what it compiled
import numpy as np
from spikesight.equations import leaky
from spikesight.executors import FusedCpu, generated
spikes, _ = FusedCpu().run(leaky.EQUATION, leaky.Params(), {"current": np.full((30, 3), 3.0)}, 1e-3)
stats = [module.run.stats for module in generated._LOADED.values()]
hits, misses = (sum(sum(getattr(one, name).values()) for one in stats) for name in ("cache_hits", "cache_misses"))
print(json.dumps({"spikes": int(spikes.sum()), "hits": hits, "misses": misses}))
"""

HELPER = """
def pull(v):
    return {factor} * v
"""

MODEL = """
from numba.extending import register_jitable
from outside import helper
from spikesight.base.errors import InputError
from spikesight.executors import generated

pull = register_jitable(helper.pull)

def advance(v):
    return pull(v)

text = "from numba import njit\\n@njit(cache=True)\\ndef run(v):\\n    return advance(v)\\n"
print(generated.load("outside", text, {"advance": advance}).run(10.0))
"""


def python(code: str, cache: Path, *paths: Path) -> str:
    environment = os.environ | {
        "XDG_CACHE_HOME": str(cache),
        "PYTHONPATH": os.pathsep.join([*map(str, paths), *sys.path]),
    }
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.suffix in (".py", ".nbi", ".nbc")
    }


def test_the_second_process_compiles_nothing_and_rewrites_nothing(tmp_path: Path) -> None:
    first: dict[str, Any] = json.loads(python(RUN_ONCE, tmp_path))
    assert (first["hits"], first["misses"]) == (0, 1)
    kept = files(tmp_path)
    assert {Path(name).suffix for name in kept} == {".py", ".nbi", ".nbc"}
    second = json.loads(python(RUN_ONCE, tmp_path))
    assert (second["hits"], second["misses"]) == (1, 0)
    assert second["spikes"] == first["spikes"] > 0
    assert files(tmp_path) == kept


def test_a_changed_helper_in_another_package_is_noticed(tmp_path: Path) -> None:
    package = tmp_path / "outside"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "model.py").write_text(MODEL)
    for factor, expected in ((2.0, "20.0"), (3.0, "30.0")):
        (package / "helper.py").write_text(HELPER.format(factor=factor))
        assert python("import outside.model", tmp_path / "cache", tmp_path).strip() == expected
    assert len(list((tmp_path / "cache").rglob("outside_*.py"))) == 2


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(generated, "_LOADED", {})


TEXT = "def twice(v):\n    return v + v\n"


def test_the_same_text_is_the_same_module(tmp_path: Path) -> None:
    module = generated.load("twice", TEXT, {})
    assert module.twice(21) == 42
    assert generated.load("twice", TEXT, {}) is module
    assert [path.read_text() for path in tmp_path.rglob("twice_*.py")] == [TEXT]


def test_another_text_or_another_function_is_another_module() -> None:
    module = generated.load("twice", TEXT, {})
    assert generated.load("twice", TEXT + "\n", {}) is not module
    assert generated.load("twice", TEXT, {"where": where}) is not module


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "kernel.py"
    generated._write_once(path, "first")
    generated._write_once(path, "second")
    assert path.read_text() == "first"
    assert list(tmp_path.iterdir()) == [path]


def test_a_function_without_a_source_cannot_be_compiled() -> None:
    typed: dict[str, Any] = {}
    exec("def typed(v): return v", typed)
    with pytest.raises(OSError, match="source"):
        generated.load("typed", TEXT, {"typed": typed["typed"]})


def test_threads_that_want_the_same_kernel_get_the_same_one(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    text = "def answer():\n    return 42\n"
    gate = threading.Barrier(8)

    def load(_):
        gate.wait()
        return generated.load("together", text, {})

    with ThreadPoolExecutor(8) as pool:
        modules = list(pool.map(load, range(8)))
    assert all(module is modules[0] for module in modules)
    assert modules[0].answer() == 42


def _scaled(factor: float) -> Any:
    def scale(x: Any) -> Any:
        return factor * x

    return scale


def test_values_that_a_function_closes_over_are_part_of_its_kernel() -> None:
    assert generated.compiled(_scaled(2.0))(3.0) == 6.0
    assert generated.compiled(_scaled(5.0))(3.0) == 15.0


def test_a_value_without_a_lasting_text_is_refused() -> None:
    table = {"gain": 2.0}

    def look_up(x: float) -> float:
        return x * table["gain"]

    with pytest.raises(InputError, match=r"uses 'table', a dict.*Hand it in through the constants"):
        generated.compiled(look_up)
