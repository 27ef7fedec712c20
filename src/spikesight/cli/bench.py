"""`spikesight bench`: measure a speed claim on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from spikesight.base.pictures import check_picture
from spikesight.benchmarks import CATALOGUE, CURVED
from spikesight.cli import options
from spikesight.cli.printing import show_json, show_table


@click.command()
@click.argument("name", type=options.Listed(CATALOGUE))
@click.option("--plot", type=click.Path(path_type=Path), help="Draw its curves to this .png, .svg or .pdf (scaling).")
@options.as_json
def bench(name: Any, plot: Path | None, as_json: bool) -> None:
    """Measure the speed claim NAME on this machine.

    Each claim is measured against its baseline in the same run. Figures are of this machine; ratios travel better.
    """
    if plot is not None:
        if name not in CURVED.values():
            raise click.BadParameter(
                f"draws the curves of {', '.join(CURVED)}; others have none", param_hint="'--plot'"
            )
        check_picture(plot)
    report = name()
    if as_json:
        show_json(report.as_json())
    else:
        show_table(["figure", report.name], [[key, f"{value:.4g}"] for key, value in report.figures.items()])
        click.echo()
        show_table(["ratio", report.name], [[key, f"{value:.4g}"] for key, value in report.ratios.items()])
    if plot is not None:
        from spikesight.benchmarks.picture import save_curves

        save_curves(report, plot)
        click.echo(f"drawn: {plot}", err=as_json)
