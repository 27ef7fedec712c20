"""`spikesight trace`: look after traces. One file for each command below it."""

from __future__ import annotations

from typing import Final

import click

from spikesight.base.catalogue import Catalogue
from spikesight.cli.groups import CatalogueGroup

COMMANDS: Final = Catalogue(
    "trace command",
    {
        "info": "spikesight.cli.trace.info:info",
        "check": "spikesight.cli.trace.check:check",
        "repair": "spikesight.cli.trace.repair:repair",
        "merge": "spikesight.cli.trace.merge:merge",
        "cut": "spikesight.cli.trace.cut:cut",
        "import": "spikesight.cli.trace.import_:import_",
        "export": "spikesight.cli.trace.export:export",
    },
)


@click.command(cls=CatalogueGroup, catalogue=COMMANDS)
def trace() -> None:
    """Look after traces: tell, check, repair, merge, cut.

    RUN is the folder of a run, or of a trace alone.
    """
