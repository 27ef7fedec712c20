"""`spikesight trace import`: files of another simulator as a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from spikesight.base.progress import progress
from spikesight.cli import options
from spikesight.cli.printing import UNKNOWN, show_json, show_table
from spikesight.cli.trace.windows import Time
from spikesight.trace.importers.choosing import CATALOGUE

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("files", metavar="FILE...", type=FILE, nargs=-1, required=True)
@options.to
@click.option(
    "--as",
    "importer",
    type=options.Listed(CATALOGUE),
    metavar="NAME",
    help="Which files these are, where they do not say so.",
)
@click.option(
    "--tick", type=Time(), help="Length of a tick, such as 0.1ms; of a step, where files count steps.  [default: exact]"
)
@options.as_json
def import_(files: tuple[Path, ...], to: Path, importer: Any, tick: float | None, as_json: bool) -> None:
    """Make a run of FILEs, one recording of another simulator.

    Times stay absolute, units keep their numbers and layers their names; what a trace has no place for is told. Files
    of NEST, SONATA, PyNN, CARLsim, NWB, NIX, Loihi and Lava are recognised, and arrays saved from Brian 2, Nengo,
    BindsNET, Norse, snnTorch and SpikingJelly. `spikesight look FOLDER` shows the run.
    """
    from spikesight.trace.importers import prepare, story

    prepared = prepare(files, importer, tick)
    with progress("pieces", prepared.pieces) as told:
        run = prepared.write(to, progress=told)
    found = story(run)
    if as_json:
        show_json({"run": str(to), **found})
    else:
        _show(found)
        click.echo(f"written: {to}")


def _show(found: dict[str, Any]) -> None:
    rows = [
        [
            name,
            str(layer["units"]),
            str(layer["spikes"]),
            str(layer["samples"]),
            *map(_time, (layer["first"], layer["last"])),
        ]
        for name, layer in found["layers"].items()
    ]
    show_table(["layer", "units", "spikes", "samples", "first (s)", "last (s)"], rows)
    click.echo(f"{found['importer']}, in ticks of {found['tick_ns'] / 1e6:g} ms")
    for note in found["notes"]:
        click.echo(f"note: {note}")
    for what in found["dropped"]:
        click.echo(f"left out: {what}")


def _time(seconds: float | None) -> str:
    return UNKNOWN if seconds is None else f"{seconds:.10g}"
