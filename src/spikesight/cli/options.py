"""Options that several commands share, and names of catalogues as arguments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from spikesight.base.catalogue import Catalogue
from spikesight.base.errors import InputError, UnknownName

FOLDER = click.Path(file_okay=False, path_type=Path)

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else on standard output.")
seed = click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of all random numbers.")
quick = click.option("--quick", is_flag=True, help="A small version: at most two minutes, no data to fetch.")
data = click.option(
    "--data", type=FOLDER, help="Folder with the data sets.  [default: SPIKESIGHT_DATA, else the user's cache]"
)
runs = click.option(
    "--runs", type=FOLDER, default="runs", show_default=True, help="Where the folder of the run is made."
)
to = click.option("--to", type=FOLDER, required=True, help="The folder to make; it must not exist yet.")
resume = click.option("--resume", type=FOLDER, help="Go on with the run in this folder instead of making one.")
port = click.option(
    "--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="Of the studio; 0 takes a free one."
)
open_browser = click.option("--open", "open_browser", is_flag=True, help="Open the studio in the browser.")


def _pairs(context: click.Context, parameter: click.Parameter, words: tuple[str, ...]) -> dict[str, str]:
    """Read NAME=VALUE words.   Errors: click.BadParameter for a word without '='."""
    for word in words:
        if "=" not in word:
            raise click.BadParameter(f"expected NAME=VALUE, got '{word}'", context, parameter)
    return dict(word.split("=", 1) for word in words)


settings = click.option(
    "--set",
    "settings",
    metavar="NAME=VALUE",
    multiple=True,
    callback=_pairs,
    help="Change a setting of the recipe, such as n=100 or passes=3; may be given several times.",
)

parameters = click.option(
    "--set",
    "settings",
    metavar="NAME=VALUE",
    multiple=True,
    callback=_pairs,
    help="Change a parameter of the model, such as a=0.02; may be given several times.",
)


def changed(recipe: Any, settings: dict[str, str]) -> Any:
    """Return `recipe` with `settings`.   Errors: click.BadParameter for one that it does not have, or a bad value."""
    from spikesight.recipes.settings import adjusted

    try:
        return adjusted(recipe, settings)
    except InputError as error:
        raise click.BadParameter(str(error), param_hint="'--set'") from None


class Listed(click.ParamType[Any]):
    """A name of a catalogue; the command receives what it stands for."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.name = catalogue.kind

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        """Look `value` up.   Errors: click.BadParameter with the nearest known names."""
        try:
            return self.catalogue[value]
        except UnknownName as error:
            self.fail(str(error), parameter, context)

    def shell_complete(self, context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
        """Offer the names that begin with `begun`."""
        return [CompletionItem(name) for name in self.catalogue if name.startswith(begun)]
