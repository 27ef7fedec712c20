"""Going on with a run: what was asked for must be what the run began with."""

from __future__ import annotations

import click
from click.core import ParameterSource

from spikesight.runs.folder import Run


def check_agreement(context: click.Context) -> None:
    """A run that goes on keeps what it began with.   Errors: click.UsageError where an option says something else."""
    if context.params["resume"] is None:
        return
    facts = Run.open(context.params["resume"]).facts
    config = facts["config"]
    began = {"seed": facts["seed"], "quick": config.get("quick"), "settings": config.get("settings", {})}
    for name, own in began.items():
        asked = context.params[name]
        agrees = all(own.get(key) == word for key, word in asked.items()) if name == "settings" else asked == own
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE and not agrees:
            raise click.UsageError(f"the run began with {name} {own}, not {asked}: leave the option out", context)
