"""`spikesight trace info`: what is in a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spikesight.base.memory import readable_bytes
from spikesight.cli import options
from spikesight.cli.printing import UNKNOWN, show_json, show_table

if TYPE_CHECKING:
    from spikesight.trace.maintenance.info import Info


@click.command()
@click.argument("run", type=options.FOLDER)
@options.as_json
def info(run: Path, as_json: bool) -> None:
    """Tell what is in the trace of RUN."""
    from spikesight.trace.maintenance.info import info as told_of

    told = told_of(run)
    if as_json:
        show_json(told.as_json())
        return
    show_table(["trace", told.run], [list(fact) for fact in _facts(told)])
    click.echo()
    layers = [[one.name, _shape(one.shape), f"{one.spikes:,}", f"{one.unsealed:,}"] for one in told.layers]
    show_table(["layer", "shape", "spikes", "not sealed"], layers)
    if told.projections:
        click.echo()
        rows = [[one.name, _shape(one.shape), f"{one.snapshots:,}"] for one in told.projections]
        show_table(["projection", "shape", "snapshots"], rows)


def _facts(told: Info) -> Iterator[tuple[str, str]]:
    yield "format version", str(told.format_version)
    yield "recorded with", f"{told.simulator} {told.version}".strip()
    yield "data set", told.dataset or UNKNOWN
    yield "seed", str(told.seed)
    yield "tick", f"{told.tick * 1e3:g} ms of {told.time} time"
    yield "from", _clock(told.extent[0])
    yield "to", _clock(told.extent[1])
    yield "stimuli", f"{told.rows.get('stimuli', 0):,}"
    yield "segments", f"{told.segments:,}"
    yield "rows not sealed", f"{told.unsealed:,}"
    for name, size in told.bytes_per_spike.items():
        yield f"bytes per spike, {name}", f"{size:.2f}"
    for name, count in told.bytes.items():
        yield f"size of {name}", readable_bytes(count)
    yield "being written", _writer(told)


def _writer(told: Info) -> str:
    if not told.being_written:
        return "no"
    return "yes" if told.writer is None else f"by process {told.writer}"


def _shape(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))


def _clock(seconds: float) -> str:
    whole = int(seconds // 1)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60 + seconds % 1:06.3f}"
