"""From a run to files of another kind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from spikesight.base.catalogue import Catalogue
from spikesight.base.errors import InputError

if TYPE_CHECKING:
    from spikesight.trace.exporters.contract import Exporter

CATALOGUE: Final = Catalogue(
    "trace exporter",
    {
        "parquet": "spikesight.trace.exporters.parquet:PARQUET",
        "csv": "spikesight.trace.exporters.csv:CSV",
        "nwb": "spikesight.trace.exporters.nwb:NWB",
    },
)
"""Exporters by name."""

ENDINGS: Final = {".nwb": "nwb"}
"""Names of files that say what they are; a folder does not."""


def send(run: Path, to: Path, exporter: Exporter) -> list[str]:
    """Write the run or trace in the folder `run` as `to`, and return what was left out.

    Errors: TraceError for no trace, or where `to` is there already, StorageFull, MissingExtra.
    """
    from spikesight.trace.exporters.contract import Content

    content = Content.open(run)
    with content.trace:
        return exporter.write(content, Path(to))


def named(to: Path) -> Exporter:
    """Return the exporter that the name of `to` asks for.   Errors: InputError where it asks for none."""
    name = ENDINGS.get(to.suffix)
    if name is None:
        raise InputError(f"{to} does not say what to write: name one of {', '.join(CATALOGUE)}, or end it with .nwb")
    exporter: Exporter = CATALOGUE[name]
    return exporter
