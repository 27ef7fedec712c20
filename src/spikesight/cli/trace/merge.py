"""`spikesight trace merge`: several runs as one."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from spikesight.base.progress import progress
from spikesight.cli import options
from spikesight.cli.printing import show_json, show_table


@click.command()
@click.argument("runs", metavar="RUN...", type=options.FOLDER, nargs=-1, required=True)
@options.to
@click.option("--keep-times", is_flag=True, help="Leave all at the times they have: for pieces cut out of one run.")
@options.as_json
def merge(runs: tuple[Path, ...], to: Path, keep_times: bool, as_json: bool) -> None:
    """Join traces of one network, one after the other, as a new run.

    A mark says where each begins. A single RUN is packed: many small files become few big ones. To see two runs side by
    side they need not be joined: `spikesight look A B`.
    """
    from spikesight.runs.derived import derived_run
    from spikesight.trace.maintenance.merge import merge as join
    from spikesight.trace.maintenance.merge import rows_in

    with (
        progress("rows", rows_in(runs)) as told,
        derived_run(to, runs, {"by": "merge", "keep_times": keep_times}) as new,
    ):
        parts = join(runs, new, to.name, keep_times=keep_times, progress=told)
    if as_json:
        show_json({"run": str(to), "parts": [asdict(part) for part in parts]})
        return
    rows = [[part.run, _span(part.ticks), "-" if part.stim is None else _span(part.stim)] for part in parts]
    show_table(["part", "ticks", "stimuli"], rows)
    click.echo(f"written: {to}")


def _span(span: tuple[int, int]) -> str:
    return f"{span[0]} to {span[1]}"
