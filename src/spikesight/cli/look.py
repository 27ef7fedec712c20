"""`spikesight look`: open runs in the studio."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from spikesight.cli import options
from spikesight.cli.printing import show_json
from spikesight.cli.window import Window


@click.command()
@click.argument("runs", metavar="RUN...", type=options.FOLDER, nargs=-1, required=True)
@options.port
@options.open_browser
@options.as_json
def look(runs: tuple[Path, ...], port: int, open_browser: bool, as_json: bool) -> None:
    """Look inside runs, also while they are written.

    Serves the studio on this machine only and prints its address; it stays until Ctrl-C. With --json it serves nothing
    and prints a list with the summary of each run.
    """
    if as_json:
        show_json(_summaries(runs))
        return
    window = Window(port, open_browser)
    window.show(*runs)
    window.stay()


def _summaries(runs: Sequence[Path]) -> Any:
    from spikesight.studio.open_run import OpenRun
    from spikesight.studio.query import Query
    from spikesight.studio.views import VIEWS
    from spikesight.studio.wire import to_json

    opened = [OpenRun(folder) for folder in runs]
    for run in opened:
        run.refresh()
    return json.loads(to_json([VIEWS["summary"].answer(run, Query()) for run in opened]))
