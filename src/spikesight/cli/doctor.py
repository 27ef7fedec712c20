"""`spikesight doctor`: what is there, and what is missing."""

from __future__ import annotations

from pathlib import Path

import click

from spikesight.cli import options
from spikesight.cli.printing import show_json, show_table


@click.command()
@options.data
@options.as_json
def doctor(data: Path | None, as_json: bool) -> None:
    """Check this installation and this machine.

    Exit code 1 where something that is needed does not work.
    """
    from spikesight.cli.checks import examine

    checks = examine(data)
    healthy = all(check.ok or not check.needed for check in checks)
    if as_json:
        show_json({"healthy": healthy, "checks": [vars(check) for check in checks]})
    else:
        show_table(["", "check", "found", "what to do"], [check.row() for check in checks])
    if not healthy:
        raise click.exceptions.Exit(1)
