"""What a recipe is: a claim that can be tried. And what a user may ask of any of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol, TextIO

from spikesight.base.errors import UnknownName


@dataclass(frozen=True)
class Claim:
    """A line of the table of claims. Accuracies are fractions of 1; `measured` is None until somebody measured it."""

    name: str
    engine: str
    paper: str
    metric: str
    published: float | None
    measured: float | None
    control: float | None
    seeds: tuple[int, ...]
    minutes: float | None
    tolerance: float | None

    def row(self) -> dict[str, Any]:
        """Return what the table of recipes shows."""
        facts = asdict(self)
        facts["seeds"] = list(self.seeds)
        del facts["tolerance"]
        return facts


def claim(name: str) -> Claim:
    """Read the claim of a recipe of this package.   Errors: UnknownName."""
    path = files("spikesight.recipes").joinpath(name.replace("-", "_"), "claim.json")
    if not path.is_file():
        raise UnknownName("recipe", name, [known.name for known in claims()])
    facts = json.loads(path.read_text())
    return Claim(**{**facts, "seeds": tuple(facts["seeds"])})


def claims() -> list[Claim]:
    """Return the claims of all recipes of this package, by name."""
    folders = [folder for folder in files("spikesight.recipes").iterdir() if folder.joinpath("claim.json").is_file()]
    return [claim(name) for name in sorted(folder.name.replace("_", "-") for folder in folders)]


def _ignore(folder: Path) -> None:
    """Nobody asked."""


@dataclass(frozen=True)
class Order:
    """What a user may ask of any recipe.

    `quick` is a small version that runs in two minutes without downloads. `data` is the folder with the data sets
    (None = the one that SPIKESIGHT_DATA names, or the user's cache). `runs` is where the run folder is made, unless
    `resume` names one to go on with. `started` is called with the run folder as soon as it exists. `stream` takes the
    progress (None = standard error).
    """

    seed: int = 0
    quick: bool = False
    data: Path | None = None
    runs: Path = Path("runs")
    resume: Path | None = None
    started: Callable[[Path], None] = _ignore
    stream: TextIO | None = None


@dataclass(frozen=True)
class Result:
    """What trying a claim gave.

    `control` is the same network untrained, or what the claim's README compares with. `images_per_second` is of
    training; None where no images are trained on.
    """

    name: str
    metric: str
    value: float
    published: float | None
    control: float | None
    seconds: float
    images_per_second: float | None
    seed: int
    run: str

    def as_json(self) -> dict[str, Any]:
        """Return the result as plain values."""
        return asdict(self)


def result_of(run: Path, order: Order, value: float, control: float) -> Result:
    """Return what a claim gave that is tried without training images.

    `run` is the folder of the run: its facts tell the recipe, whose claim tells metric and published value, and how
    many seconds it took.
    """
    facts = json.loads((run / "run.json").read_text())
    known, seconds = claim(facts["recipe"]), facts["metrics"]["seconds"]
    return Result(known.name, known.metric, value, known.published, control, seconds, None, order.seed, str(run))


class Recipe(Protocol):
    """A claim that can be tried."""

    name: str

    def train(self, order: Order) -> Path:
        """Train and return the folder of the finished run.   Errors: MissingData, RunError, StorageFull."""

    def reproduce(self, order: Order) -> Result:
        """Train, test on what was never trained on, and test the control.   Errors: as `train`."""
