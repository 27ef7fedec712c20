"""What `kill -9` costs: processes that write, mend, convert and serve traces, killed at random moments.

Of everything that a writer was told to be taken, nothing may be missing afterwards; every trace must open; what a
conversion was making is there as a whole or not at all.
"""

from __future__ import annotations

import multiprocessing
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice
from multiprocessing.process import BaseProcess
from pathlib import Path
from signal import SIGKILL
from typing import Any, Final

import numpy as np

from spikesight.base.errors import SpikesightError
from spikesight.base.randomness import generator
from spikesight.benchmarks import victims
from spikesight.benchmarks.report import Report
from spikesight.runs.folder import Run
from spikesight.runs.machine import machine
from spikesight.trace.maintenance.check import check
from spikesight.trace.maintenance.repair import repair
from spikesight.trace.reader import Trace

SEED: Final = 0
LONGEST: Final = {"writers": 0.4, "menders": 0.3, "converters": 0.8, "servers": 0.4}
"""Seconds that a process lives, at most, after it has begun to tell what it does."""

PATIENCE: Final = 60.0
CONVERTED: Final = 20_000
"""Spikes in what is converted."""


@dataclass(frozen=True)
class Rounds:
    """How many processes of each kind are killed. A mender repairs what a killed writer left."""

    writers: int = 45
    menders: int = 20
    converters: int = 36
    servers: int = 19


@dataclass
class Outcome:
    """What was killed, and what was there afterwards."""

    kills: dict[str, int] = field(default_factory=lambda: dict.fromkeys(asdict(Rounds()), 0))
    spikes_acknowledged: int = 0
    spikes_lost: int = 0
    traces: int = 0
    traces_opened: int = 0
    traces_sound_after_repair: int = 0
    conversions_whole: int = 0
    conversions_half_made: int = 0
    answers_served: int = 0


def measure(rounds: Rounds | None = None) -> Report:
    """Kill, look, and return the report.   Errors: SpikesightError where a process ended before it was killed."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="spikesight-kill-") as place:
        outcome = killed(Path(place), rounds or Rounds())
    counts = {name: count for name, count in asdict(outcome).items() if name != "kills"}
    kills = {f"kills_of_{kind}": count for kind, count in outcome.kills.items()}
    return Report(
        name="kill",
        figures={"kills": sum(kills.values()), **kills, **counts, "seconds": time.perf_counter() - started},
        ratios={
            "kept_per_acknowledged": 1 - outcome.spikes_lost / outcome.spikes_acknowledged,
            "opened_per_trace": outcome.traces_opened / outcome.traces,
        },
        machine=machine(),
    )


def killed(place: Path, rounds: Rounds, seed: int = SEED) -> Outcome:
    """Kill as many processes as `rounds` says, in the empty folder `place`, and return what was found."""
    killer = _Killer(place, Outcome(), generator(seed, "kill"))
    for number in range(rounds.writers):
        killer.kill_writer(mended=number < rounds.menders)
    killer.kill_converters(rounds.converters)
    killer.kill_servers(rounds.servers)
    return killer.outcome


class _Killer:
    def __init__(self, place: Path, outcome: Outcome, rng: np.random.Generator) -> None:
        self.place, self.outcome, self._rng = place, outcome, rng
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["__main__", victims.__name__])  # or each would import for a second
        self._counters = 0

    def kill_writer(self, *, mended: bool) -> None:
        """Kill a process that records, and, to be `mended`, one that repairs what that left."""
        folder, told = self.place / "trace", self._counter()
        with self._at_work(victims.write, folder, told.path) as process:
            self._kill("writers", process, told)
        self.outcome.spikes_acknowledged += told.number
        missing = self._missing(folder, told.number)
        if mended:
            repairs = self._counter()
            with self._at_work(victims.mend, folder, repairs.path) as process:
                self._kill("menders", process, repairs)
            missing = max(missing, self._missing(folder, told.number))
        repair(folder)
        self.outcome.spikes_lost += max(missing, self._missing(folder, told.number))
        self.outcome.traces_sound_after_repair += not check(folder, deep=True)
        shutil.rmtree(folder)

    def kill_converters(self, count: int) -> None:
        """Kill processes that merge, cut and import, in turn."""
        t, unit = victims.spikes(0, CONVERTED)
        arrays = self.place / "spikes.npz"
        saved: dict[str, Any] = {"exc.t": t, "exc.unit": unit, "exc.shape": np.array([victims.UNITS])}
        np.savez(arrays, tick_ns=victims.HEADER.tick_ns, **saved)
        run = self.place / "run"
        victims.CONVERSIONS["import"](arrays, run)
        sources = {"merge": run, "cut": run, "import": arrays}
        for kind in islice(cycle(sources), count):
            root, told = self.place / "made", self._counter()
            root.mkdir()
            with self._at_work(victims.convert, kind, sources[kind], root, told.path) as process:
                self._kill("converters", process, told)
            whole = CONVERTED * (2 if kind == "merge" else 1)
            for made in (one for one in root.iterdir() if not one.name.startswith(".")):
                good = self._opened(made, lambda trace: trace.count("exc")) == whole and not check(made)
                self.outcome.conversions_whole += good
                self.outcome.conversions_half_made += not good
            self._missing(run, CONVERTED)
            shutil.rmtree(root)

    def kill_servers(self, count: int) -> None:
        """Kill processes that serve a run which another process is writing all the while."""
        if not count:
            return
        run, written = Run.create(self.place, "killed", seed=SEED, config={}), self._counter()
        with self._at_work(victims.write, run.trace_folder, written.path) as writer:
            self._wait_for(writer, written, 1)
            for _ in range(count):
                told = self._counter()
                with self._at_work(victims.serve, run.folder, told.path) as process:
                    self._kill("servers", process, told)
                self.outcome.answers_served += told.number
                self._wait_for(writer, written, written.number + 1)  # it goes on
            writer.kill()
            writer.join()
        self.outcome.spikes_acknowledged += written.number
        self.outcome.spikes_lost += self._missing(run.folder, written.number)

    def _missing(self, folder: Path, acknowledged: int) -> int:
        """Return how many of the first `acknowledged` spikes are not in the trace, or not as they were."""
        found = self._opened(folder, lambda trace: trace.spikes("exc"))
        if found is None:
            return acknowledged
        t, unit = victims.spikes(0, len(found.t))
        order = np.lexsort((unit, t))  # of answers: within a tick by unit
        ticks = np.rint(found.t / victims.HEADER.tick)
        wrong = np.flatnonzero((ticks != t[order]) | (found.unit != unit[order]))
        return max(acknowledged - (int(wrong[0]) if len(wrong) else len(t)), 0)

    def _opened(self, folder: Path, ask: Callable[[Trace], Any]) -> Any:
        self.outcome.traces += 1
        try:
            with Trace.open(folder) as trace:
                answer = ask(trace)
        except SpikesightError:
            return None
        self.outcome.traces_opened += 1
        return answer

    def _counter(self) -> victims.Told:
        self._counters += 1
        return victims.Told(self.place / f"told-{self._counters}")

    @contextmanager
    def _at_work(self, work: Callable[..., None], *arguments: Any) -> Iterator[BaseProcess]:
        process = self._context.Process(target=work, args=arguments, daemon=True)
        process.start()
        try:
            yield process
        finally:
            process.kill()
            process.join()

    def _kill(self, kind: str, process: BaseProcess, told: victims.Told) -> None:
        self._wait_for(process, told, 1)
        time.sleep(self._rng.uniform(0.0, LONGEST[kind]))
        process.kill()
        process.join()
        if process.exitcode != -SIGKILL:
            raise SpikesightError(f"one of the {kind} ended by itself (exit code {process.exitcode}): see what it says")
        self.outcome.kills[kind] += 1

    def _wait_for(self, process: BaseProcess, told: victims.Told, number: int) -> None:
        until = time.monotonic() + PATIENCE
        while told.number < number:
            if not process.is_alive() or time.monotonic() > until:
                raise SpikesightError(f"a process that was to be killed did nothing (exit code {process.exitcode})")
            time.sleep(0.001)
