"""`spikesight sweep`: try a claim with many settings and seeds, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from spikesight.cli import options
from spikesight.cli.printing import figure, show_json, show_table
from spikesight.recipes import CATALOGUE

if TYPE_CHECKING:
    from spikesight.recipes.sweep import Report, Sweep


def _values(context: click.Context, parameter: click.Parameter, words: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Read NAME=V1,V2 words.   Errors: click.BadParameter for a word without '=', or a name given twice."""
    read: dict[str, tuple[str, ...]] = {}
    for word in words:
        name, equals, values = word.partition("=")
        if not equals or name in read:
            raise click.BadParameter(f"expected NAME=V1,V2,... once per name, got '{word}'", context, parameter)
        read[name] = tuple(values.split(","))
    return read


@click.command()
@click.argument("recipe", type=options.Listed(CATALOGUE))
@click.option(
    "--over",
    metavar="NAME=V1,V2,...",
    multiple=True,
    callback=_values,
    help="Try these values of a setting; given several times, every combination.",
)
@click.option("--seeds", type=click.IntRange(min=1), default=1, show_default=True, help="Tries of each: 0, 1, ...")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes at a time.  [default: the number of cores]")
@click.option("--cluster", metavar="ADDRESS", help="Of a Dask scheduler, tcp://host:port, whose workers do the work.")
@click.option("--resume", type=options.FOLDER, help="Go on with the sweep in this folder instead of making one.")
@options.quick
@options.data
@options.runs
@options.settings
@options.as_json
@click.pass_context
def sweep(
    context: click.Context,
    recipe: Any,
    over: dict[str, tuple[str, ...]],
    seeds: int,
    jobs: int | None,
    cluster: str | None,
    resume: Path | None,
    quick: bool,
    data: Path | None,
    runs: Path,
    settings: dict[str, str],
    as_json: bool,
) -> None:
    """Try RECIPE with many settings and seeds.

    Each combination and seed is tried as `reproduce` does, in a process of its own. What failed is told in the table
    and does not stop the rest; then the exit code is 1. A sweep that was interrupted goes on with --resume.
    """
    from spikesight.base.errors import InputError, RunError
    from spikesight.recipes import sweep as sweeps
    from spikesight.recipes.side_by_side import Here, OnCluster

    if cluster and jobs:
        raise click.UsageError("a cluster decides itself how many jobs run at a time: leave out --jobs", context)
    if resume is None:
        try:
            asked = sweeps.Sweep(recipe.name, over, seeds, settings, quick, str(data.resolve()) if data else None)
        except InputError as error:
            raise click.BadParameter(str(error), context, param_hint="'--over' / '--set'") from None
        folder = sweeps.begin(asked, runs)
    else:
        folder = resume
        _check_agreement(context, sweeps.begun(folder))
    click.echo(f"Sweep: {folder}", err=True)
    try:
        report = sweeps.carry_out(folder, OnCluster(cluster) if cluster else Here(jobs))
    except KeyboardInterrupt:
        raise RunError(
            f"interrupted. `spikesight sweep {recipe.name} --resume {folder}` goes on with what has no result yet"
        ) from None
    show_json(report.as_json()) if as_json else _show(report)
    context.exit(1 if report.failed else 0)


def _check_agreement(context: click.Context, began: Sweep) -> None:
    """A sweep that goes on is what it began as.   Errors: click.UsageError where the command line says more."""
    asked = context.params["recipe"].name
    if asked != began.recipe:
        raise click.UsageError(f"the sweep is of {began.recipe}, not of {asked}", context)
    for name in ("over", "seeds", "quick", "data", "settings"):
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"a sweep goes on with the {name} that it began with: leave the option out", context)


def _show(report: Report) -> None:
    metric, over = report.metric, list(report.sweep.over)
    header = [*over, "seeds", f"{metric}, median", "min", "max", "control, median"]
    rows = [
        [
            *(row.settings[name] for name in over),
            str(row.seeds),
            *(figure(metric, value) for value in (row.median, row.min, row.max, row.control)),
        ]
        for row in report.rows
    ]
    if report.failed:
        header.append("failed")
        for cells, row in zip(rows, report.rows, strict=True):
            cells.append(f"{len(row.errors)}: {row.errors[0]}" if row.errors else "")
    show_table(header, rows)
