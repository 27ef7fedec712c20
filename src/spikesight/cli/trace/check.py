"""`spikesight trace check`: is a trace whole?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from spikesight.base.progress import progress
from spikesight.cli import options
from spikesight.cli.printing import show_json, show_table


@click.command()
@click.argument("run", type=options.FOLDER)
@click.option("--deep", is_flag=True, help="Read every row, weight and count, not only what the files say of them.")
@options.as_json
@click.pass_context
def check(context: click.Context, run: Path, deep: bool, as_json: bool) -> None:
    """Look for damage in the trace of RUN; exit code 1 if there is any.

    Each finding comes with what to do about it.
    """
    from spikesight.trace.maintenance.check import check as look
    from spikesight.trace.maintenance.check import steps

    with progress("segments", steps(run)) as told:
        found = look(run, deep=deep, progress=told)
    if as_json:
        show_json({"run": str(run), "deep": deep, "findings": [asdict(one) for one in found]})
    elif found:
        show_table(["where", "what", "to do"], [[one.where, one.what, one.todo] for one in found])
    else:
        click.echo(f"{run}: nothing wrong" + ("" if deep else " (--deep reads every row)"))
    context.exit(1 if found else 0)
