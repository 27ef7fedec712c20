"""`spikesight bench`: measure a speed claim on this machine."""

from __future__ import annotations

from typing import Any

import click

from spikesight.benchmarks import CATALOGUE
from spikesight.cli import options
from spikesight.cli.printing import show_json, show_table


@click.command()
@click.argument("name", type=options.Listed(CATALOGUE))
@options.as_json
def bench(name: Any, as_json: bool) -> None:
    """Measure the speed claim NAME on this machine.

    Each claim is measured against its baseline in the same run. Figures are of this machine; ratios travel better.
    """
    report = name()
    if as_json:
        show_json(report.as_json())
        return
    show_table(["figure", report.name], [[key, f"{value:.4g}"] for key, value in report.figures.items()])
    click.echo()
    show_table(["ratio", report.name], [[key, f"{value:.4g}"] for key, value in report.ratios.items()])
