"""`spikesight report`: a run as one HTML file that opens without a server."""

from __future__ import annotations

from pathlib import Path

import click

from spikesight.base.atomic import storage, write_bytes
from spikesight.base.errors import InputError
from spikesight.cli import options
from spikesight.cli.printing import show_json


@click.command()
@click.argument("run", type=options.FOLDER)
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="The file.  [default: RUN.html]")
@click.option("--at", type=float, help="A moment to open it at, in seconds of simulated time.")
@click.option("--unit", type=click.IntRange(min=0), help="A unit to show.")
@options.as_json
def report(run: Path, to: Path | None, at: float | None, unit: int | None, as_json: bool) -> None:
    """Write the studio's pages of RUN into one HTML file.

    The file opens in any browser without a server and fetches nothing. It keeps the whole run at a dozen moments;
    zooming in to single spikes takes the run itself (`spikesight look`).
    """
    from spikesight.base.errors import RunError
    from spikesight.studio.open_run import Empty, OpenRun
    from spikesight.studio.query import Query
    from spikesight.studio.report import report as written

    opened = OpenRun(run)
    opened.refresh()
    target = to or Path(f"{opened.name}.html")
    try:
        page = written(opened, Query(at=at, unit=unit)).encode()
    except Empty as reason:
        raise InputError(f"{run} cannot be reported: {reason}") from None
    with storage(target, RunError):
        write_bytes(target, page)
    if as_json:
        show_json({"file": str(target), "bytes": len(page)})
    else:
        click.echo(f"Report: {target} ({len(page) / 1e6:.1f} MB). It opens in a browser, without a server.")
