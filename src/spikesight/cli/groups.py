"""Commands that have commands below them: a catalogue of names, each imported when it is used."""

from __future__ import annotations

from typing import Any

import click

from spikesight.base.catalogue import Catalogue
from spikesight.base.errors import UnknownName


class CatalogueGroup(click.Group):
    """The commands of `catalogue`, in its order."""

    def __init__(self, *arguments: Any, catalogue: Catalogue, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.catalogue = catalogue

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of all commands, in the order of the catalogue."""
        return list(self.catalogue)

    def get_command(self, context: click.Context, name: str) -> click.Command:
        """Return a command.   Errors: click.UsageError with the nearest known names."""
        try:
            command: click.Command = self.catalogue[name]
        except UnknownName as error:
            raise click.UsageError(str(error), context) from None
        return command
