"""`spikesight recipes`: the table of claims."""

from __future__ import annotations

import click

from spikesight.cli import options
from spikesight.cli.printing import UNKNOWN, figure, show_json, show_table


@click.command()
@options.as_json
def recipes(as_json: bool) -> None:
    """List the recipes and their claims.

    For each: what the paper states, and what was measured here.
    """
    from spikesight.recipes.contract import claims

    listed = claims()
    if as_json:
        show_json([claim.row() for claim in listed])
        return
    header = ["name", "engine", "paper", "metric", "published", "measured", "control", "seeds", "minutes"]
    rows = [
        [
            *(claim.name, claim.engine, claim.paper, claim.metric),
            *(figure(claim.metric, value) for value in (claim.published, claim.measured, claim.control)),
            ", ".join(map(str, claim.seeds)) or UNKNOWN,
            UNKNOWN if claim.minutes is None else f"{claim.minutes:g}",
        ]
        for claim in listed
    ]
    show_table(header, rows)
