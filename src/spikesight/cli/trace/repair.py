"""`spikesight trace repair`: mend a trace that was damaged."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from spikesight.base.errors import RunError
from spikesight.base.progress import progress
from spikesight.cli import options
from spikesight.cli.printing import show_json


@click.command()
@click.argument("run", type=options.FOLDER)
@options.as_json
def repair(run: Path, as_json: bool) -> None:
    """Mend the trace of RUN as far as that is possible.

    Rows that are not sealed are sealed, lists are made to say what the files hold, counts are made again, an older
    format becomes the present one. What cannot be used moves to trace/lost/. Refused while somebody writes the trace.
    """
    from spikesight.trace.maintenance.repair import repair as mend
    from spikesight.trace.maintenance.repair import steps

    with progress("segments", steps(run)) as told:
        repaired = mend(run, progress=told)
    if not repaired.places_fit:
        _end(run)
    if as_json:
        show_json({"run": str(run), "done": repaired.done, "lost": repaired.lost, "resumable": repaired.places_fit})
        return
    for words in repaired.done:
        click.echo(words)
    for words in repaired.lost:
        click.echo(f"lost: {words}")
    if not repaired.places_fit:
        click.echo("The run cannot be resumed: its checkpoint counts on a list that could not be restored.")
    if not repaired.done and not repaired.lost:
        click.echo(f"{run}: nothing to mend")


def _end(run: Path) -> None:
    from spikesight.runs.derived import FINAL
    from spikesight.runs.folder import Run

    with suppress(RunError):  # the folder of a trace alone has no run that could be resumed
        Run.open(run).update(**{FINAL: "the list of its segments was lost and made again"})
