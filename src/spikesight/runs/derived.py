"""A run made of others: a part of one, or several one after the other. It has ended, and cannot be resumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from spikesight.base.atomic import write_bytes
from spikesight.base.errors import RunError
from spikesight.base.whole_folder import whole_folder
from spikesight.runs.folder import FORMAT, Run
from spikesight.runs.machine import machine, process, versions

MADE: Final = "made"
"""The entry of run.json that says what a run was made of."""

FINAL: Final = "final"
"""The entry of run.json that says why a run cannot be resumed."""

UNITS: Final = "units.safetensors"
"""The file of a run that holds, by layer, the numbers that its units had in another simulator."""


@contextmanager
def derived_run(to: Path, sources: Sequence[Path], made: Mapping[str, Any]) -> Iterator[Path]:
    """Yield where the trace of the new run `to` is to be written; the run appears, whole, when the body has ended well.

    Recipe, configuration and seed are those of the first of `sources` that is the folder of a run and not of a trace
    alone; the weights (the last checkpoint) are those of the last that has any, and units keep the numbers they had in
    another simulator where all have the same. `made` is kept in run.json.
    Errors: RunError where `to` exists or cannot be made, StorageFull, what the body raises.
    """
    runs = [run for run in map(_opened, sources) if run is not None]
    with whole_folder(to, RunError) as folder:
        yield folder / "trace"
        facts = _facts(runs)
        facts |= {"name": Path(to).name, MADE: {"of": [str(one) for one in sources], **made}}
        run = Run(folder, {**facts, FINAL: "it was made of what other runs recorded"})
        _copy_weights(runs, run)
        _copy_units(runs, folder)
        run.update()


def _facts(runs: Sequence[Run]) -> dict[str, Any]:
    first = runs[0].facts if runs else {}
    return {
        "format": FORMAT,
        "recipe": first.get("recipe", "unknown"),
        "config": first.get("config", {}),
        "seed": first.get("seed", 0),
        "status": "finished",
        "started": datetime.now().astimezone().isoformat(timespec="seconds"),
        "versions": versions(),
        "machine": machine(),
        "process": process(),
        "metrics": {},
        "progress": {},
        "error": None,
    }


def _opened(folder: Path) -> Run | None:
    try:
        return Run.open(folder)
    except RunError:
        return None


def _copy_weights(runs: Sequence[Run], to: Run) -> None:
    for run in reversed(runs):
        with suppress(RunError):
            # Without their metadata: the place in the trace that it names is of another trace.
            to.save_weights(run.load_weights()[0])
            return


def _copy_units(runs: Sequence[Run], to: Path) -> None:
    held = {(run.folder / UNITS).read_bytes() if (run.folder / UNITS).exists() else b"" for run in runs}
    if len(held) == 1 and (numbers := held.pop()):
        write_bytes(to / UNITS, numbers)
