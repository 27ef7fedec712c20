"""Which format a file has: it is asked of the file's content, not of its name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from spikesight.base.catalogue import Catalogue
from spikesight.base.errors import InputError

if TYPE_CHECKING:
    from spikesight.events.files.format import Format
    from spikesight.events.files.source import Source

FORMATS: Final = Catalogue(
    "event format",
    {
        "bin": "spikesight.events.files.bin:Bin",
        "txt": "spikesight.events.files.text:Text",
        "evt2": "spikesight.events.files.evt2:Evt2",
        "evt2.1": "spikesight.events.files.evt21:Evt21",
        "evt4": "spikesight.events.files.evt4:Evt4",
        "evt3": "spikesight.events.files.evt3:Evt3",
        "aedat2": "spikesight.events.files.aedat2:Aedat2",
        "dat": "spikesight.events.files.dat:Dat",
        "aedat3": "spikesight.events.files.aedat3:Aedat3",
        "es": "spikesight.events.files.es:Es",
        "aedat4": "spikesight.events.files.aedat4:Aedat4",
        "npz": "spikesight.events.files.npz:Npz",
        "csv": "spikesight.events.files.csv:Csv",
        "parquet": "spikesight.events.files.parquet:Parquet",
        "n-tidigits": "spikesight.events.files.n_tidigits:NTidigits",
        "st-mnist": "spikesight.events.files.st_mnist:StMnist",
        "dsec": "spikesight.events.files.dsec:Dsec",
        "mvsec": "spikesight.events.files.mvsec:Mvsec",
        "shd": "spikesight.events.files.shd:Shd",
        "ddd": "spikesight.events.files.ddd:Ddd",
    },
)
"""Formats by name; a call of one without arguments gives it as its files usually are."""


def choose(source: Source) -> Format:
    """Return the format that recognises `source`.

    Files that have no head are told apart by the ends of their names, among the formats that their content allows.
    Errors: InputError where no format knows the file, or several could be meant; MissingExtra where the format is known
    and needs a package that is not installed.
    """
    from spikesight.events.files.format import Likeness

    if not source.size:
        raise source.damaged(0, "the file is empty")
    formats = [FORMATS[name]() for name in FORMATS]
    likeness = {form.name: form.sniff(source) for form in formats}
    for form in formats:
        if likeness[form.name] is Likeness.YES:
            return form  # type: ignore[no-any-return]
    possible = [form for form in formats if likeness[form.name] is Likeness.PERHAPS]
    suffix = Path(source.name).suffix.lower()
    named = [form for form in possible if suffix in form.suffixes]
    chosen = named or possible
    if len(chosen) == 1 and (named or not suffix):
        return chosen[0]  # type: ignore[no-any-return]
    told = f"it begins with {source.beginning[:16]!r}"
    if chosen:
        names = ", ".join(form.name for form in chosen)
        raise InputError(f"{source.name} has no head that is known. It could be of format {names}: name it to read it")
    raise InputError(f"{source.name} is of no known format of events ({told}). Known are {', '.join(FORMATS)}")


def of_suffix(path: Path) -> Format:
    """Return the format that files named like `path` usually have, to write one.

    Errors: InputError where none that can be written is named so.
    """
    from spikesight.events.files.format import Writable

    written = [form for form in (FORMATS[name]() for name in FORMATS) if isinstance(form, Writable)]
    for form in written:
        if path.name.lower().endswith(form.suffixes):  # type: ignore[attr-defined]
            return form  # type: ignore[return-value]
    names = ", ".join(form.name for form in written)  # type: ignore[attr-defined]
    raise InputError(f"no format of events is written to files named like {path.name}. Name one: {names}")
