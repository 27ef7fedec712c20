"""Sweeps: a recipe's claim tried with every combination of settings and several seeds, side by side; one table.

The folder of a sweep holds `sweep.json`, and one folder per job with what came of it and its run (`recipes.job`).
"""

from __future__ import annotations

import itertools
import json
import statistics
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from spikesight.base.atomic import storage, write_bytes
from spikesight.base.errors import InputError, RunError
from spikesight.base.progress import progress
from spikesight.recipes import CATALOGUE
from spikesight.recipes.job import STOP, Job, Outcome, outcome_in, put
from spikesight.recipes.settings import adjusted
from spikesight.recipes.side_by_side import Place
from spikesight.runs.folder import new_folder

SWEEP = "sweep.json"


@dataclass(frozen=True)
class Sweep:
    """What is tried: every combination of the words in `over`, by setting, with the seeds 0 to `seeds` - 1.

    `settings` holds for all of them; `quick` and `data` are as in `Order`.
    Errors: UnknownName, InputError for a recipe, a setting or a word that does not exist; InputError where nothing is
    left to try.
    """

    recipe: str
    over: Mapping[str, Sequence[str]]
    seeds: int = 1
    settings: Mapping[str, str] = field(default_factory=dict)
    quick: bool = False
    data: str | None = None

    def __post_init__(self) -> None:
        twice = sorted(set(self.over) & set(self.settings))
        if twice:
            raise InputError(f"setting '{twice[0]}' is swept over, so it cannot be set to '{self.settings[twice[0]]}'")
        if self.seeds < 1 or not all(self.over.values()):
            raise InputError(f"a sweep has a seed and a value for every setting, got {self.seeds} seeds, {self.over}")
        for combination in self.combinations:
            adjusted(CATALOGUE[self.recipe], {**self.settings, **combination})

    @property
    def combinations(self) -> list[dict[str, str]]:
        """Every combination of settings that are swept over; the last setting changes fastest."""
        return [dict(zip(self.over, words, strict=True)) for words in itertools.product(*self.over.values())]

    @property
    def jobs(self) -> list[Job]:
        """One job per combination and seed, the seeds of a combination together."""
        return [
            Job(self.recipe, {**self.settings, **combination}, seed, self.quick, self.data)
            for combination in self.combinations
            for seed in range(self.seeds)
        ]


@dataclass(frozen=True)
class Row:
    """A line of the table: a combination, and its results over `seeds` seeds that worked. None where none did.

    `control` is the median over the seeds that have one; `errors` are of the seeds that failed.
    """

    settings: dict[str, str]
    seeds: int
    median: float | None
    min: float | None
    max: float | None
    control: float | None
    errors: list[str]


@dataclass(frozen=True)
class Report:
    """What a sweep has found: the outcome of every job in its order."""

    folder: Path
    sweep: Sweep
    outcomes: list[Outcome]

    @property
    def metric(self) -> str:
        """What the values are."""
        return next((str(outcome.result["metric"]) for outcome in self.outcomes if outcome.result), "value")

    @property
    def failed(self) -> int:
        """How many jobs have no result."""
        return sum(outcome.result is None for outcome in self.outcomes)

    @property
    def rows(self) -> list[Row]:
        """The table, a line per combination."""
        n = self.sweep.seeds
        return [
            _row(combination, self.outcomes[place * n : (place + 1) * n])
            for place, combination in enumerate(self.sweep.combinations)
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the table and every single result as plain values."""
        singles = [
            {"settings": dict(job.settings), "seed": job.seed, **asdict(outcome)}
            for job, outcome in zip(self.sweep.jobs, self.outcomes, strict=True)
        ]
        return {
            "recipe": self.sweep.recipe,
            "folder": str(self.folder),
            "metric": self.metric,
            "failed": self.failed,
            "table": [asdict(row) for row in self.rows],
            "results": singles,
        }


def _row(settings: dict[str, str], outcomes: Sequence[Outcome]) -> Row:
    results = [outcome.result for outcome in outcomes if outcome.result]
    values = [result["value"] for result in results]
    controls = [result["control"] for result in results if result["control"] is not None]
    return Row(
        settings,
        len(values),
        statistics.median(values) if values else None,
        min(values, default=None),
        max(values, default=None),
        statistics.median(controls) if controls else None,
        [outcome.error for outcome in outcomes if outcome.error],
    )


def begin(sweep: Sweep, runs: Path) -> Path:
    """Make the folder `sweep-<recipe>-<date>-<time>` of a new sweep inside `runs`.   Errors: RunError, StorageFull."""
    folder = new_folder(runs, f"sweep-{sweep.recipe}-{datetime.now().astimezone():%Y%m%d-%H%M%S}")
    with storage(folder, RunError):
        write_bytes(folder / SWEEP, json.dumps(asdict(sweep), indent=1).encode() + b"\n")
    return folder


def begun(folder: Path) -> Sweep:
    """Return the sweep that `folder` was made for.   Errors: RunError where there is none."""
    try:
        return Sweep(**json.loads((folder / SWEEP).read_bytes()))
    except (OSError, json.JSONDecodeError, TypeError) as error:
        raise RunError(f"{folder} is not the folder of a sweep ({error}): it has a {SWEEP}") from error


def carry_out(folder: Path, place: Place, stream: TextIO | None = None) -> Report:
    """Try every job of the sweep in `folder` that has no result yet, and report.

    A job that was begun before goes on from its checkpoint where there is one. Progress goes to `stream` (None =
    standard error).   Errors: RunError, StorageFull; KeyboardInterrupt passes through when all processes have ended.
    """
    sweep = begun(folder)
    (folder / STOP).unlink(missing_ok=True)
    jobs = {folder / f"job-{number:04d}": job for number, job in enumerate(sweep.jobs)}
    left = [path for path in jobs if not _has_result(path)]
    for path in left:
        put(path, jobs[path])
    with progress("trying", len(jobs), stream) as bar, closing(place.attempts(left)) as attempts:
        failed = 0
        bar.advance(len(jobs) - len(left))
        for path in attempts:
            failed += not _has_result(path)
            bar.advance(1, failed=failed)
    return Report(folder, sweep, [outcome_in(path) or Outcome(error="it was not tried") for path in jobs])


def _has_result(path: Path) -> bool:
    outcome = outcome_in(path)
    return outcome is not None and outcome.result is not None
