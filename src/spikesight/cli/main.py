"""The command `spikesight`: finds the command that was asked for, and says in one line what went wrong.

Exit codes: 0 it worked; 1 the work failed or was interrupted; 2 the command line was wrong.
"""

from __future__ import annotations

from typing import Any, Final

import click

from spikesight import __version__
from spikesight.base.catalogue import Catalogue
from spikesight.base.errors import SpikesightError
from spikesight.cli.groups import CatalogueGroup

COMMANDS: Final = Catalogue(
    "command",
    {
        name: f"spikesight.cli.{name}:{name}"
        for name in (
            "demo",
            "train",
            "reproduce",
            "sweep",
            "recipes",
            "neurons",
            "look",
            "report",
            "robustness",
            "cost",
            "trace",
            "data",
            "events",
            "doctor",
            "bench",
        )
    },
)

LEAVING_RUNS: Final = ("train", "reproduce")
"""The commands that `--resume` goes on with; `sweep` says so itself, with its folder."""


class Failure(click.ClickException):
    """The work failed: one line on standard error, exit code 1."""

    def show(self, file: Any = None) -> None:
        """Print the line."""
        click.echo(f"error: {' '.join(self.message.split())}", file=file, err=True)


class Commands(CatalogueGroup):
    """The commands of the catalogue; what goes wrong below them is one line and exit code 1."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command that was asked for.   Errors: Failure for SpikesightError, lack of memory, Ctrl-C."""
        try:
            return super().invoke(context)
        except SpikesightError as error:
            raise Failure(str(error)) from error
        except MemoryError as error:
            raise Failure(f"not enough memory: {error}. Take smaller sizes, or a machine with more of it") from error
        except KeyboardInterrupt:
            raise Failure(_interrupted(context.invoked_subcommand)) from None


def _interrupted(command: str | None) -> str:
    """Return what is said after Ctrl-C, and how to go on where that is possible."""
    if command not in LEAVING_RUNS:
        return "interrupted."
    return (
        f"interrupted. What was recorded stays in the run folder; `spikesight {command} RECIPE --resume RUN` "
        "goes on with it"
    )


@click.command(cls=Commands, catalogue=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="spikesight")
def main() -> None:
    """Spiking neural networks for vision: train them and see inside them.

    Begin with `spikesight demo`. Every command tells its options with --help; --json prints the answer for programs.
    """
