"""What commands print: JSON for programs, tables for people; with lines on a terminal, plain aligned text elsewhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from spikesight.recipes.contract import Result

UNKNOWN = "-"


def show_json(value: Any) -> None:
    """Print plain values as JSON."""
    click.echo(json.dumps(value, indent=1, allow_nan=False))


def show_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under a header."""
    if sys.stdout.isatty():
        _show_rich(header, rows)
        return
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    for row in (header, *rows):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def show_result(result: Result) -> None:
    """Print what trying a claim gave."""
    told = {
        result.metric: figure(result.metric, result.value),
        "control": figure(result.metric, result.control),
        "published": figure(result.metric, result.published),
        "seconds": f"{result.seconds:.1f}",
        "images/s": UNKNOWN if result.images_per_second is None else f"{result.images_per_second:.0f}",
        "seed": str(result.seed),
        "run": result.run,
    }
    show_table(["recipe", *told], [[result.name, *told.values()]])


def figure(metric: str, value: float | None) -> str:
    """Return a value of a metric as people read it: accuracies in percent; a dash where there is none."""
    if value is None:
        return UNKNOWN
    return f"{value:.1%}" if "accuracy" in metric else f"{value:.4g}"


def _show_rich(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*header)
    for row in rows:
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    Console().print(table)
