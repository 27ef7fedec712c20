"""`spikesight events`: what an event file holds, in numbers, in pictures, in another format, or played."""

from __future__ import annotations

import sys
import warnings
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spikesight.base.errors import InputError
from spikesight.base.progress import progress
from spikesight.cli import options
from spikesight.cli.printing import UNKNOWN, show_json, show_table
from spikesight.cli.window import Window
from spikesight.events.files.choosing import FORMATS

if TYPE_CHECKING:
    from spikesight.events.facts import Facts
    from spikesight.events.files.reading import EventFile

FILE = click.Path(path_type=Path)


class Size(click.ParamType[Any]):
    """Width and height, such as 640x480."""

    name = "WxH"

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> tuple[int, int]:
        """Read both.   Errors: click.BadParameter."""
        width, _, height = str(value).partition("x")
        if not (width.isdecimal() and height.isdecimal() and int(width) and int(height)):
            self.fail(f"expected a width and a height such as 640x480, got '{value}'", parameter, context)
        return int(width), int(height)


@click.command()
@click.argument("file", metavar="FILE", type=FILE)
@click.option(
    "--as", "form", type=options.Listed(FORMATS), metavar="FORMAT", help="The format, where FILE has no head."
)
@click.option("--sensor", type=Size(), help="Size of the sensor, where FILE does not tell it.")
@click.option("--to", "target", type=options.Listed(FORMATS), metavar="FORMAT", help="Convert FILE to this format.")
@click.option("--out", type=FILE, help="The file to write with --to.  [default: the name of FILE, another ending]")
@click.option("--png", type=FILE, help="Write a picture of all events here.")
@click.option("--gif", type=FILE, help="Write a film of the events here.")
@click.option("--play", is_flag=True, help="Open the studio on FILE: play it, slowly or fast, in several views.")
@options.port
@options.open_browser
@options.as_json
def events(
    file: Path,
    form: Any,
    sensor: tuple[int, int] | None,
    target: Any,
    out: Path | None,
    png: Path | None,
    gif: Path | None,
    play: bool,
    port: int,
    open_browser: bool,
    as_json: bool,
) -> None:
    """Tell what FILE, a recording of an event camera, holds.

    The format is found from the content. Times are absolute, in microseconds, and every event is counted: what is
    wrong with the file is told. Any format is converted to any that can be written, exactly, however large the file.
    """
    from spikesight.events.facts import facts_of

    if out is not None and target is None:
        raise click.UsageError("--out says where --to writes: give --to too")
    recording = _opened(file, form, sensor)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they stand among the notes
        with progress("events", None) as told:
            facts = facts_of(recording, told)
        written = _written(recording, facts, target, out, png, gif)
    if as_json:
        show_json({"file": str(file), **facts.as_json(), "written": [str(path) for path in written]})
    else:
        _show(file, facts, written)
    if play:
        window = Window(port, open_browser, quiet=as_json)
        window.play(recording)
        window.stay()


def _opened(file: Path, form: Any, sensor: tuple[int, int] | None) -> EventFile:
    """Return the file with the format that is asked for, or found.   Errors: those of EventFile; click.UsageError."""
    from spikesight.events.files.reading import EventFile

    recording = EventFile(file, None if form is None else form())
    if sensor is not None:
        if not {"width", "height"} <= {field.name for field in fields(recording.format)}:  # type: ignore[arg-type]
            raise click.UsageError(f"files of format {recording.format.name} tell the size of their sensor themselves")
        sized = replace(recording.format, width=sensor[0], height=sensor[1])  # type: ignore[type-var]
        recording = EventFile(file, sized)
    return recording


def _written(
    recording: EventFile, facts: Facts, target: Any, out: Path | None, png: Path | None, gif: Path | None
) -> list[Path]:
    """Write what is asked for; returns the files."""
    from spikesight.events.files.writing import convert
    from spikesight.events.pictures import save_gif, save_png

    if target is not None:
        form = target()
        path = _beside(recording, form) if out is None else out
        with progress(f"to {form.name}", facts.count) as told:
            convert(recording, path, form, told)
        out = path
    if png is not None:
        save_png(_ending(png, ".png"), recording.pieces())
    if gif is not None:
        save_gif(_ending(gif, ".gif"), recording.pieces(), facts.t_first_us or 0, facts.t_last_us or 0)
    return [path for path in (out, png, gif) if path is not None]


def _beside(recording: EventFile, form: Any) -> Path:
    """Return the name of the file in the folder one works in, with the usual ending of `form`; it must be free."""
    path = Path(Path(recording.source.name).stem + form.suffixes[0])
    if path.exists():
        raise InputError(f"{path} exists: say with --out where to write")
    return path


def _ending(path: Path, ending: str) -> Path:
    if path.suffix.lower() != ending:
        raise click.UsageError(f"this picture is written as {ending}, so its name ends in that: got {path.name}")
    return path


def _show(file: Path, facts: Facts, written: list[Path]) -> None:
    share = f"{facts.on / facts.count:.1%}" if facts.count else UNKNOWN
    rows = [
        ("format", f"{facts.format} ({facts.variant})"),
        ("sensor", f"{facts.width} x {facts.height} pixels"),
        ("events", f"{facts.count:,}, {share} of them ON"),
        ("first", _time(facts.t_first_us)),
        ("last", _time(facts.t_last_us)),
        ("duration", f"{facts.duration_us * 1e-6:,.6f} s"),
        ("rate", UNKNOWN if facts.rate is None else f"{facts.rate:,.0f} events/s"),
        ("longest gaps", ", ".join(f"{length:,} us from {first:,}" for first, length in facts.gaps) or UNKNOWN),
        ("backward steps", f"{facts.backward_steps:,}"),
        ("beside", f"{facts.triggers} triggers, {facts.inertial} samples of motion, {facts.frames} frames"),
        ("sha256", facts.sha256),
    ]
    show_table((str(file), ""), rows)
    for note in facts.notes:
        click.echo(f"note: {note}", file=sys.stderr)
    for path in written:
        click.echo(f"written: {path}")


def _time(microseconds: int | None) -> str:
    return UNKNOWN if microseconds is None else f"{microseconds:,} us"
