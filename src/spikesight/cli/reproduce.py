"""`spikesight reproduce`: try a published claim."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from spikesight.cli import options
from spikesight.cli.printing import show_json, show_result
from spikesight.recipes import CATALOGUE


@click.command()
@click.argument("recipe", type=options.Listed(CATALOGUE))
@options.quick
@options.data
@options.seed
@options.runs
@options.resume
@options.settings
@options.as_json
@click.pass_context
def reproduce(
    context: click.Context,
    recipe: Any,
    quick: bool,
    data: Path | None,
    seed: int,
    runs: Path,
    resume: Path | None,
    settings: dict[str, str],
    as_json: bool,
) -> None:
    """Try the claim of RECIPE: train, test, compare.

    The test uses what was never trained on. Prints the measured value beside the published one and beside the control:
    the same network untrained.
    """
    from spikesight.cli.resuming import check_agreement
    from spikesight.recipes.contract import Order

    check_agreement(context)
    order = Order(seed=seed, quick=quick, data=data, runs=runs, resume=resume)
    result = options.changed(recipe, settings).reproduce(order)
    if as_json:
        show_json(result.as_json())
    else:
        show_result(result)
