"""One try of a recipe's claim in a process of its own, in a folder of its own.

`job.json` says what is asked, `outcome.json` what came of it, `log.txt` what the process said, and the run lies beside
them. The process ends, as by Ctrl-C, when the one that started it is gone, or when a file `stop` appears in the folder
above.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from spikesight.base.atomic import storage, write_bytes
from spikesight.base.cores import LIMIT
from spikesight.base.errors import RunError, SpikesightError
from spikesight.recipes import CATALOGUE
from spikesight.recipes.contract import Order
from spikesight.recipes.settings import adjusted
from spikesight.runs.folder import Run

JOB, OUTCOME, LOG, STOP = "job.json", "outcome.json", "log.txt", "stop"

ONE_THREAD = dict.fromkeys((LIMIT, *(f"{name}_NUM_THREADS" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA"))), "1")
"""Processes side by side share the cores already; threads inside each would only get in each other's way."""

SECONDS_BETWEEN_LOOKS = 0.5


@dataclass(frozen=True)
class Job:
    """What is asked of a recipe: its settings as words, a seed, and what `Order` has besides."""

    recipe: str
    settings: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    quick: bool = False
    data: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of a job: the `Result` as plain values, or else what went wrong, in one line."""

    result: dict[str, Any] | None = None
    error: str | None = None


def put(folder: Path, job: Job) -> None:
    """Make `folder` and write the job into it.   Errors: RunError, StorageFull."""
    with storage(folder, RunError):
        folder.mkdir(parents=True, exist_ok=True)
    _write(folder / JOB, asdict(job))


def outcome_in(folder: Path) -> Outcome | None:
    """Return what came of the job in `folder`, None while nobody knows."""
    path = folder / OUTCOME
    return Outcome(**json.loads(path.read_bytes())) if path.exists() else None


def begin(folder: Path) -> subprocess.Popen[bytes]:
    """Start a process that tries the job in `folder`; what came of an earlier try is forgotten.

    Errors: RunError where this machine has no such folder.
    """
    if not (folder / JOB).exists():
        raise RunError(
            f"there is no {folder / JOB} here: a sweep's folder must be on a disk that all its computers see"
        )
    (folder / OUTCOME).unlink(missing_ok=True)
    asked = [sys.executable, "-m", "spikesight.recipes.job", str(folder), str(os.getpid())]
    with (folder / LOG).open("ab") as log:
        # In a session of its own, so that Ctrl-C reaches it once: from whoever started it.
        return subprocess.Popen(
            asked, env={**os.environ, **ONE_THREAD}, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip


def end(folder: Path, code: int) -> None:
    """Make sure that there is an outcome of the job in `folder`, whose process ended with exit code `code`."""
    if outcome_in(folder) is None:
        how = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
        said = (folder / LOG).read_text(errors="replace").split("\n")
        last = next((line.strip() for line in reversed(said) if line.strip()), "nothing")
        fail(folder, f"its process {how}, and said last: {last}")


def fail(folder: Path, error: str) -> None:
    """Write down what went wrong with the job in `folder`, in one line."""
    _write(folder / OUTCOME, asdict(Outcome(error=" ".join(error.split()))))


def attempt(folder: str) -> None:
    """Try the job in `folder` in a process of its own and wait for it: what a computer of a cluster is asked to do."""
    place = Path(folder)
    end(place, begin(place).wait())


def work(folder: Path) -> None:
    """Try the job in `folder` in this process, going on with the run that an earlier try has left, if it can be.

    Errors: KeyboardInterrupt, and what is a mistake of the recipe's, pass through.
    """
    job = Job(**json.loads((folder / JOB).read_bytes()))
    data = None if job.data is None else Path(job.data)
    order = Order(seed=job.seed, quick=job.quick, data=data, runs=folder, resume=unfinished(folder, job.recipe))
    try:
        result = adjusted(CATALOGUE[job.recipe], job.settings).reproduce(order)
    except SpikesightError as error:
        fail(folder, str(error))
    else:
        _write(folder / OUTCOME, asdict(Outcome(result.as_json())))


def unfinished(folder: Path, recipe: str) -> Path | None:
    """Return the newest run of `recipe` in `folder` that has a checkpoint to go on from; None where there is none."""
    runs = [Run.open(path.parent) for path in folder.glob("*/run.json")]
    ready = [run for run in runs if run.facts["recipe"] == recipe and (run.folder / "weights.safetensors").exists()]
    return max(ready, key=lambda run: str(run.facts["started"])).folder if ready else None


def _write(path: Path, values: Mapping[str, Any]) -> None:
    with storage(path, RunError):
        write_bytes(path, json.dumps(values, indent=1, allow_nan=False).encode() + b"\n")


def _watch(folder: Path, parent: int) -> None:
    """Interrupt this process when it is no longer wanted."""
    while os.getppid() == parent and not (folder.parent / STOP).exists():
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os.kill(os.getpid(), signal.SIGINT)


def main(folder: str, parent: str) -> None:
    """Work in `folder` as long as `parent`, the number of a process, is this process's parent."""
    # A process that was started in the background of a shell would ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Thread(target=_watch, args=(Path(folder), int(parent)), daemon=True).start()
    work(Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
