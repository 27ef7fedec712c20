"""Spoilt runs: whatever is in the files, a question is answered or refused in words, within bounds, inside its folder.

Every case spoils a copy of one small run and asks everything about it in a process of its own, which may take only so
much memory and time. What is neither an answer nor a SpikesightError is a failure and is told.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from safetensors.numpy import save_file

from spikesight.base.errors import SpikesightError
from spikesight.base.randomness import generator
from spikesight.benchmarks import questions
from spikesight.benchmarks.mutations import MUTATIONS, Mutation
from spikesight.benchmarks.report import Report
from spikesight.runs.folder import Run
from spikesight.runs.machine import machine
from spikesight.trace.aggregates.keeper import LEAST_ROWS
from spikesight.trace.aggregates.rebuild import rebuild_aggregates
from spikesight.trace.schema import Header, Layer, Projection
from spikesight.trace.writer import TraceWriter

CASES: Final = 160
VIEWS_EVERY: Final = 7
"""Views of the studio, of which there are many, are asked for in every so-many-th case: of every kind in turn."""

MEMORY: Final = 2 << 30
"""Bytes that a process may take beyond what it has when it starts."""

SECONDS: Final = 60.0
"""A process that takes longer has failed: a sound run is done within a tenth of this on a machine that is at rest."""

SEED: Final = 0

HEADER: Final = Header(
    run="fuzzed",
    tick_ns=500_000,
    layers=(Layer("input", (3,)), Layer("exc", (2, 3))),
    projections=(Projection("input_exc", "input", "exc", (3, 6), 6.0),),
    classes=("a", "b"),
)


@dataclass
class Found:
    """How many questions were answered and refused, and what failed: what was spoilt, which question, and how."""

    answered: int = 0
    refused: int = 0
    failures: list[str] = field(default_factory=list)
    cases: Counter[str] = field(default_factory=Counter)


def measure() -> Report:
    """Spoil, ask, and return the report.   Errors: SpikesightError, with every failure, where there is one."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="spikesight-fuzz-") as place:
        found = spoilt(Path(place), range(CASES))
    if found.failures:
        raise SpikesightError(f"{len(found.failures)} failures: {'; '.join(found.failures)}")
    cases = {f"cases_{kind}": count for kind, count in sorted(found.cases.items())}
    figures = {"cases": CASES, **cases, "questions_answered": found.answered, "questions_refused": found.refused}
    return Report(
        name="fuzz",
        figures={**figures, "failures": 0, "seconds": time.perf_counter() - started},
        ratios={"refused_per_question": found.refused / (found.answered + found.refused)},
        machine=machine(),
    )


def spoilt(place: Path, cases: Sequence[int], mutations: Sequence[Mutation] = MUTATIONS, seed: int = SEED) -> Found:
    """Ask everything about the spoilt runs numbered `cases`, made in the empty folder `place`; return what came."""
    found, sound = Found(), _sound_run(place / "sound")
    outside = place / "outside"
    _fill(outside)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", questions.__name__])
    for number in cases:
        run, told = place / f"case-{number}" / "run", place / "told"
        shutil.copytree(sound, run)
        rng = generator(seed, "fuzz", number)
        mutation = mutations[number % len(mutations)]
        what = f"case {number}: {mutation(run, rng)}"
        found.cases[mutation.__name__] += 1
        before = _content(outside), _names(place)
        arguments = (run, MEMORY, told, number % VIEWS_EVERY == 0)
        process = context.Process(target=questions.ask_all, args=arguments, daemon=True)
        process.start()
        process.join(SECONDS)
        late = process.is_alive()
        process.kill()
        process.join()
        _take_in(found, what, told, late, process.exitcode)
        if (_content(outside), _names(place)) != before:
            found.failures.append(f"{what}: something outside the run was touched")
        shutil.rmtree(run.parent)
    return found


def _take_in(found: Found, what: str, told: Path, late: bool, exit_code: int | None) -> None:
    lines = [line.split("\t", 1) for line in told.read_text().splitlines()] if told.exists() else []
    outcomes = Counter(outcome for _, outcome in lines)
    found.answered += outcomes.pop("answered", 0)
    found.refused += outcomes.pop("refused", 0)
    last = lines[-1][0] if lines else "the first question"
    if late:
        found.failures.append(f"{what}: after '{last}' no answer within {SECONDS:.0f} s")
    elif exit_code:
        said = told.with_suffix(".said").read_text(errors="replace").strip()[-300:]
        found.failures.append(f"{what}: after '{last}' the process ended with {exit_code} ({said})")
    found.failures += [f"{what}: {name}: {outcome}" for name, outcome in lines if outcome in outcomes]


def _sound_run(root: Path) -> Path:
    """Return a small run with rows in every kind of table, sealed and not, with counts and weights."""
    rng = np.random.default_rng(SEED)
    run = Run.create(root, "fuzzed", seed=SEED, config={"n": 5})
    with TraceWriter.create(run.trace_folder, HEADER) as writer:
        for stim in range(6):
            start, end = 50 * stim, 50 * stim + 50
            for layer in HEADER.layers:
                t = np.sort(rng.integers(start, end, LEAST_ROWS if stim == 0 else 20))
                writer.spikes(layer.name, t, rng.integers(0, layer.size, len(t)), stim)
            writer.values("exc", "v", np.arange(start, end, 10), rng.integers(0, 6, 5), rng.normal(size=5))
            writer.stimulus(stim=stim, t_start=start, t_end=end, label=stim % 2, prediction=0, correct=stim % 2 == 0)
            writer.scalar(start, "accuracy", rng.random())
            writer.mark(start, "note", f"at {stim}")
            writer.weights("input_exc", start, stim, rng.random((3, 6)))
            if stim == 3:
                writer.seal()
        run.save_weights({"input_exc.w": rng.random((3, 6)), "assignment": np.zeros(6, np.int32)})
        run.update(status="finished", metrics={"accuracy": 0.5})
        sound = Path(shutil.copytree(run.folder, root / "sound"))  # as it would be without an end
    rebuild_aggregates(sound / "trace")
    return sound


def _fill(outside: Path) -> None:
    outside.mkdir()
    save_file({"w": np.full((3, 6), questions.FORBIDDEN, np.float32)}, outside / "000000.safetensors")
    (outside / "secret.parquet").write_bytes(b"PAR1")


def _names(place: Path) -> list[str]:
    return sorted(one.name for one in place.iterdir() if one.stem != "told")


def _content(folder: Path) -> str:
    known = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        known.update(path.name.encode() + (path.read_bytes() if path.is_file() else b""))
    return known.hexdigest()
