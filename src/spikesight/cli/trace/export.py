"""`spikesight trace export`: a run as files for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from spikesight.cli import options
from spikesight.cli.printing import show_json
from spikesight.trace.exporters.sending import CATALOGUE, named, send


@click.command()
@click.argument("run", type=options.FOLDER)
@click.option("--to", type=click.Path(path_type=Path), required=True, help="The folder or file to make.")
@click.option(
    "--as",
    "exporter",
    type=options.Listed(CATALOGUE),
    metavar="NAME",
    help="parquet, csv or nwb.  [default: by the name of --to]",
)
@options.as_json
def export(run: Path, to: Path, exporter: Any, as_json: bool) -> None:
    """Write the trace of RUN as files for other tools.

    `parquet` and `csv` make a folder with a file per table, `nwb` a file with a table of units. Times are seconds, and
    units have the numbers they had where they came from.
    """
    left_out = send(run, to, named(to) if exporter is None else exporter)
    if as_json:
        show_json({"written": str(to), "left_out": left_out})
        return
    for what in left_out:
        click.echo(f"left out: {what}")
    click.echo(f"written: {to}")
