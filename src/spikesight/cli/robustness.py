"""`spikesight robustness`: how a trained network stands up to images that vary by degrees."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spikesight.cli import options
from spikesight.cli.printing import UNKNOWN, show_json, show_table

if TYPE_CHECKING:
    from spikesight.analysis.variation.summary import Line, Summary

USUAL = "position,scale,rotation,contrast,noise,frequency"

COLUMNS = (
    "design",
    "variation",
    "level",
    "accuracy",
    "95 %",
    "drop",
    "invariance",
    "unanswered",
    "time (ms)",
    "spikes",
)


@click.command()
@click.argument("run", type=options.FOLDER)
@click.option(
    "--over", default=USUAL, show_default=True, metavar="NAME,...", help="What varies; also: occlusion, band."
)
@click.option(
    "--design",
    "designs",
    multiple=True,
    type=click.Choice(["one", "all", "all-but-one"]),
    default=("one",),
    show_default=True,
    help="Each by itself, all at once, or all but each in turn; may be given several times.",
)
@click.option("--levels", type=click.IntRange(1, 20), default=3, show_default=True, help="Of variation, beside none.")
@click.option("--images", type=click.IntRange(min=1), default=1000, show_default=True, help="Test images, at most.")
@click.option("--seeds", type=click.IntRange(min=1), default=1, show_default=True, help="Draws of each variation.")
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), help="Draw the curves: .png, .svg or .pdf.")
@click.option("--table", type=click.Path(path_type=Path, dir_okay=False), help="Write every answer as CSV.")
@options.data
@options.as_json
def robustness(
    run: Path,
    over: str,
    designs: tuple[str, ...],
    levels: int,
    images: int,
    seeds: int,
    plot: Path | None,
    table: Path | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Measure how the answers of RUN change as its images vary.

    Every image is moved, scaled, turned, dimmed and so on by degrees, with the same random numbers at every level and
    for every network; level 0 is the image as it is. RUN is a run of any recipe that trains on images.
    """
    from spikesight.analysis.variation.designs import DESIGNS
    from spikesight.analysis.variation.kinds import named
    from spikesight.analysis.variation.summary import summarise
    from spikesight.base.errors import InputError, UnknownName
    from spikesight.base.pictures import check_picture
    from spikesight.recipes.robustness import try_run

    try:
        kinds = named([word.strip() for word in over.split(",")])
    except UnknownName as error:
        raise click.BadParameter(str(error), param_hint="'--over'") from None
    conditions = [condition for design in dict.fromkeys(designs) for condition in DESIGNS[design](kinds)]
    if not conditions:
        raise click.BadParameter("'all-but-one' takes two kinds of variation or more", param_hint="'--design'")
    if plot is not None:
        check_picture(plot)
    if table is not None and not table.absolute().parent.is_dir():
        raise InputError(f"cannot write {table}: there is no folder {table.absolute().parent}")
    tried = try_run(run, conditions, data=data, images=images, levels=levels, seeds=seeds)
    summary = summarise(tried.table, tried.classes)
    if table is not None:
        tried.table.write(table)
    if plot is not None:
        from spikesight.analysis.variation.plot import save_curves

        save_curves(summary, tried.classes, plot)
    if as_json:
        ranges = {kind.name: {"unit": kind.unit, "amounts": _amounts(kind, levels)} for kind in kinds}
        show_json({"run": str(run), "images": tried.images, "seeds": seeds, "kinds": ranges, **summary.as_json()})
    else:
        _show(summary, tried.images)


def _amounts(kind: Any, levels: int) -> list[float | None]:
    """Return how far a kind may go at each level; None where nothing is taken away."""
    found = [kind.amount(level / levels) for level in range(levels + 1)]
    return [None if amount == float("inf") else amount for amount in found]


def _show(summary: Summary, images: int) -> None:
    show_table(COLUMNS, [_row(line) for line in summary.lines])
    for half in summary.halves:
        fallen = (
            "does not fall half-way to chance" if half.level != half.level else f"half-way at level {half.level:.2f}"
        )
        click.echo(f"{half.variation}: {fallen}")
    click.echo(f"{images} test images; intervals by drawing them anew 1000 times.")


def _row(line: Line) -> list[str]:
    return [
        line.design,
        line.variation,
        str(line.level),
        f"{line.accuracy:.1%}",
        f"{line.low:.1%} to {line.high:.1%}",
        f"{line.drop:.1%}",
        _known(line.invariance, "{:.2f}"),
        f"{line.unanswered:.1%}",
        _known(line.latency * 1e3, "{:.2f}"),
        _known(line.spikes, "{:.0f}"),
    ]


def _known(value: float, form: str) -> str:
    return UNKNOWN if value != value else form.format(value)
