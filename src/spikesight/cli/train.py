"""`spikesight train`: one training run of a recipe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from spikesight.cli import options
from spikesight.cli.printing import show_json
from spikesight.recipes import CATALOGUE


@click.command()
@click.argument("recipe", type=options.Listed(CATALOGUE))
@options.seed
@options.runs
@options.resume
@options.quick
@options.data
@options.settings
@options.as_json
@click.pass_context
def train(
    context: click.Context,
    recipe: Any,
    seed: int,
    runs: Path,
    resume: Path | None,
    quick: bool,
    data: Path | None,
    settings: dict[str, str],
    as_json: bool,
) -> None:
    """Train RECIPE and leave a run.

    A run is a folder with the facts, the weights and the trace. One that was resumed goes on with its own seed and
    settings, and ends with the same weights as one that was never interrupted.
    """
    from spikesight.cli.resuming import check_agreement
    from spikesight.recipes.contract import Order
    from spikesight.runs.folder import Run

    check_agreement(context)
    order = Order(seed=seed, quick=quick, data=data, runs=runs, resume=resume, started=_announce)
    folder = options.changed(recipe, settings).train(order)
    facts = Run.open(folder).facts
    if as_json:
        told = {name: facts[name] for name in ("recipe", "status", "seed", "metrics")}
        show_json({"run": str(folder), **told})
    else:
        click.echo(f"Trained. Look inside: spikesight look {folder}")


def _announce(folder: Path) -> None:
    click.echo(f"Run: {folder}", err=True)
