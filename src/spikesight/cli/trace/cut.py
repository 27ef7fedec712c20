"""`spikesight trace cut`: a part of a run as a run."""

from __future__ import annotations

import math
from pathlib import Path

import click

from spikesight.base.progress import progress
from spikesight.cli import options
from spikesight.cli.printing import show_json
from spikesight.cli.trace.windows import Stimuli, Time


@click.command()
@click.argument("run", type=options.FOLDER)
@options.to
@click.option("--from", "start", type=Time(), help="Where the part begins, such as 10s, 250ms or 1:30.")
@click.option("--until", "end", type=Time(), help="Where it ends; this moment is not in it.")
@click.option("--stimuli", type=Stimuli(), help="Instead: stimuli such as 100:200, the 100th to the 199th.")
@click.option("--layers", help="Only these layers, such as input,exc, and the projections between them.")
@options.as_json
def cut(
    run: Path,
    to: Path,
    start: float | None,
    end: float | None,
    stimuli: tuple[int, int] | None,
    layers: str | None,
    as_json: bool,
) -> None:
    """Copy a part of the trace of RUN as a new run.

    Times and the numbers of stimuli stay as they are.
    """
    from spikesight.runs.derived import derived_run
    from spikesight.trace.maintenance.cut import cut as copy_part
    from spikesight.trace.maintenance.merge import rows_in

    bounds = (-math.inf if start is None else start, math.inf if end is None else end)
    if stimuli is not None and (start, end) != (None, None):
        raise click.UsageError("--stimuli and a window of time at once: give one of them")
    if not bounds[0] <= bounds[1]:
        raise click.BadParameter(f"{end} s is before {start} s, where the part begins", param_hint="'--until'")
    window = None if stimuli is not None else bounds
    made = {"by": "cut", "from": start, "until": end, "stimuli": stimuli, "layers": layers}
    chosen = None if layers is None else layers.split(",")
    with progress("rows", rows_in([run])) as told, derived_run(to, [run], made) as new:
        copy_part(run, new, to.name, t=window, stim=stimuli, layers=chosen, progress=told)
    rows = rows_in([to])
    if as_json:
        show_json({"run": str(to), "rows": rows})
    else:
        click.echo(f"written: {to}, {rows} rows")
