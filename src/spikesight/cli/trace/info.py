"""`spikesight trace info`: what is in a trace."""

from __future__ import annotations

from pathlib import Path

import click

from spikesight.cli import options
from spikesight.cli.printing import show_json, show_table


@click.command()
@click.argument("run", type=options.FOLDER)
@options.as_json
def info(run: Path, as_json: bool) -> None:
    """Tell what is in the trace of RUN."""
    from spikesight.trace.maintenance.info import info as told_of

    told = told_of(run)
    if as_json:
        show_json(told.as_json())
    else:
        show_table(["layer", "spikes"], [[layer, str(spikes)] for layer, spikes in told.spikes.items()])
