"""A made-up recipe, which writes a run in no time, and commands in processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import pytest
from click.testing import CliRunner, Result

from spikesight.cli.main import main
from spikesight.recipes import CATALOGUE
from spikesight.recipes.contract import Order
from spikesight.recipes.contract import Result as Tried
from spikesight.runs.folder import Run
from spikesight.runs.running import running


@dataclass(eq=False)
class MadeUp:
    """Has one setting, `n`; fails with `trouble`, and remembers what was asked of it and with which setting."""

    n: int = 5

    name: ClassVar = "made-up"
    trouble: ClassVar[BaseException | None] = None
    orders: ClassVar[list[Order]]
    sizes: ClassVar[list[int]]

    def train(self, order: Order) -> Path:
        self.orders.append(order)
        self.sizes.append(self.n)
        config = {"quick": order.quick, "settings": {"n": str(self.n)}}
        run = Run.create(order.runs, self.name, seed=order.seed, config=config)
        order.started(run.folder)
        with running(run):
            if self.trouble is not None:
                raise self.trouble
            run.update(metrics={"accuracy": 0.875})
        return run.folder

    def reproduce(self, order: Order) -> Tried:
        folder = self.train(order)
        return Tried(self.name, "accuracy", 0.875, 0.9, None, 12.34, 567.8, order.seed, str(folder))


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> MadeUp:
    recipe = MadeUp()
    monkeypatch.setattr(MadeUp, "orders", [], raising=False)
    monkeypatch.setattr(MadeUp, "sizes", [], raising=False)
    module = ModuleType("made_up_recipe")
    module.RECIPE = recipe  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "made_up_recipe", module)
    places = dict.fromkeys(("made-up", "diehl-cook-digits"), "made_up_recipe:RECIPE")
    monkeypatch.setattr(CATALOGUE, "_places", places)
    monkeypatch.chdir(tmp_path)
    return recipe


class Command:
    """Runs `spikesight` in this process."""

    def __call__(self, *words: object) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words], prog_name="spikesight")


@pytest.fixture
def spikesight() -> Command:
    return Command()


Start = Callable[..., AbstractContextManager["subprocess.Popen[str]"]]


@pytest.fixture
def start() -> Start:
    """Return `start(folder, *words)`, which starts `spikesight` with `words` in a process of its own."""
    return _start


@contextmanager
def _start(folder: Path, *words: object) -> Iterator[subprocess.Popen[str]]:
    """Start a command that Ctrl-C ends, also where the tests run in the background; it does not outlive the test."""
    asked = [sys.executable, "-m", "spikesight", *map(str, words)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(asked, cwd=folder, env=environment, text=True, preexec_fn=_listen, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def _listen() -> None:
    """Undo what a shell tells programs in the background: to ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
