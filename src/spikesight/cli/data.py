"""`spikesight data`: which data sets there are, getting one, checking them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from spikesight.base.catalogue import Catalogue
from spikesight.cli import options
from spikesight.cli.groups import CatalogueGroup
from spikesight.cli.printing import UNKNOWN, show_json, show_table
from spikesight.datasets.catalogue import DATASETS

if TYPE_CHECKING:
    from spikesight.datasets.checking import Checked
    from spikesight.datasets.entry import Entry

COMMANDS: Final = Catalogue(
    "data command",
    {
        "list": "spikesight.cli.data:listed",
        "get": "spikesight.cli.data:get",
        "check": "spikesight.cli.data:check",
    },
)
_UNITS: Final = ("B", "kB", "MB", "GB", "TB")


@click.command(cls=CatalogueGroup, catalogue=COMMANDS)
def data() -> None:
    """List, get and check data sets.

    They are looked for in the folder that --data or SPIKESIGHT_DATA names, else in the user's cache.
    """


@click.command("list")
@options.data
@options.as_json
def listed(data: Path | None, as_json: bool) -> None:
    """List the data sets that Spikesight reads: what, whose terms, whether they are there, how they are got."""
    from spikesight.datasets.folder import data_folder

    folder = data_folder(data)
    entries = [DATASETS[name] for name in DATASETS]
    if as_json:
        show_json([_facts(entry, folder) for entry in entries])
        return
    header = ["name", "what", "size", "terms", "there", "how to get it"]
    show_table(header, [_row(entry, folder) for entry in entries])
    click.echo(f"\nLooked for in {folder}.")


@click.command()
@click.argument("entry", metavar="NAME", type=options.Listed(DATASETS))
@click.option("--only", multiple=True, metavar="SEQUENCE", help="A sequence of it; may be given several times.")
@options.data
@options.as_json
def get(entry: Entry, only: tuple[str, ...], data: Path | None, as_json: bool) -> None:
    """Get the data set NAME: fetch, check and unpack what is missing of it.

    Interrupt it when you like: typing the same again goes on. Where a person has to fetch it, it says which file to put
    where.
    """
    from spikesight.base.progress import progress
    from spikesight.datasets.download import DownloadError
    from spikesight.datasets.folder import data_folder
    from spikesight.datasets.getting import get as get_it

    try:
        got = get_it(entry, data_folder(data), progress, only=only)
    except KeyboardInterrupt:
        raise DownloadError("interrupted. What has come is kept: type the same again to go on") from None
    if as_json:
        show_json({"name": entry.name, "files": [{**one._asdict(), "path": str(one.path)} for one in got]})
    elif got:
        show_table(["file", "where", ""], [[one.name, str(one.path), one.note] for one in got])
    else:
        click.echo(f"{entry.name} needs no file: it comes with Spikesight")


@click.command()
@click.argument("entry", metavar="[NAME]", type=options.Listed(DATASETS), required=False)
@options.data
@options.as_json
def check(entry: Entry | None, data: Path | None, as_json: bool) -> None:
    """Check the data set NAME, or all that are there: sizes, checksums, and that everything can be read.

    Exit code 1 where something is damaged, or NAME is not there.
    """
    from spikesight.base.progress import progress
    from spikesight.datasets.checking import check as check_it
    from spikesight.datasets.entry import Presence
    from spikesight.datasets.folder import data_folder

    folder = data_folder(data)
    every = [DATASETS[name] for name in DATASETS]
    chosen = [one for one in every if one.present(folder) is not Presence.NO] if entry is None else [entry]
    checked = [check_it(one, folder, progress) for one in chosen]
    if as_json:
        show_json([{**vars(one), "counts": dict(one.counts)} for one in checked])
    else:
        show_table(["", "data set", "has", "checksums", "told"], [_checked_row(one) for one in checked])
    if any(one.wrong for one in checked):
        raise click.exceptions.Exit(1)


def _facts(entry: Entry, folder: Path) -> dict[str, Any]:
    return {
        "name": entry.name,
        "title": entry.title,
        "source": entry.source,
        "terms": entry.terms,
        "page": entry.page,
        "splits": entry.splits,
        "bytes": entry.size,
        "there": entry.present(folder).value,
        "folder": str(folder),
        "can_be_fetched": entry.fetched,
        "sequences": list(entry.sequences),
        "advice": entry.advice(folder),
        "files": [
            {"name": file.name, "bytes": file.size, "urls": list(file.urls), "path": _text(file.found(folder))}
            for file in entry.files
        ],
    }


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _row(entry: Entry, folder: Path) -> list[str]:
    if entry.embedded:
        how = "comes with Spikesight"
    else:
        how = f"spikesight data get {entry.name}" if entry.fetched else f"by hand: {entry.page}"
    size = UNKNOWN if entry.embedded or entry.size is None else _short(entry.size)
    return [entry.name, entry.title, size, entry.terms, entry.present(folder).value, how]


def _short(size: float) -> str:
    unit = 0
    while size >= 999.5 and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{size:.3g} {_UNITS[unit]}"


def _checked_row(one: Checked) -> list[str]:
    has = ", ".join(f"{count} {part}" for part, count in one.counts.items()) or UNKNOWN
    checksums = f"{len(one.checked)} right" if one.checked and not one.wrong else str(len(one.checked) or UNKNOWN)
    return ["DAMAGED" if one.wrong else "ok", one.name, has, checksums, "; ".join((*one.wrong, *one.notes))]
