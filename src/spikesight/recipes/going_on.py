"""Going on with a run that ended before its time: it must be the same work, and nobody else's at the moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

from spikesight.base.errors import RunError, TraceError
from spikesight.recipes.contract import Order
from spikesight.recipes.settings import R, adjusted
from spikesight.runs.derived import FINAL
from spikesight.runs.folder import Run
from spikesight.trace.lock import only_writer

SECONDS_BETWEEN_CHECKPOINTS = 10.0


def as_begun(recipe: R, order: Order) -> tuple[R, Order]:
    """Return recipe and order as they are, or, to resume, with the settings, seed and size that the run began with.

    Errors: RunError where the run cannot be read, UnknownName where it has settings that the recipe has not.
    """
    if order.resume is None:
        return recipe, order
    facts = Run.open(order.resume).facts
    config = facts["config"]
    began = replace(order, seed=facts["seed"], quick=bool(config.get("quick")))
    return adjusted(recipe, config.get("settings", {})), began


@contextmanager
def alone(run: Run) -> Iterator[int]:
    """Hold the lock of the run's trace, which a process of any host lets go of when it ends.

    What run.json says of a process is no use here: it may be of another host, or of a container that was another.
    Errors: RunError where another process holds it, or there is no trace.
    """
    with ExitStack() as held:
        try:
            lock = held.enter_context(only_writer(run.trace_folder))
        except TraceError as error:
            raise RunError(f"{run.folder} cannot be resumed: {error}") from error
        yield lock


def check_same(run: Run, recipe: str, config: Mapping[str, Any]) -> None:
    """Make sure that `run` is of `recipe` with `config` and may go on.   Errors: RunError saying what differs."""
    if FINAL in run.facts:
        raise RunError(f"{run.folder} cannot be resumed: {run.facts[FINAL]}. Start a new run")
    if run.facts["recipe"] != recipe:
        raise RunError(
            f"{run.folder} is a run of {run.facts['recipe']}, not of {recipe}: train that recipe to resume it"
        )
    differing = _differences(run.facts["config"], config)
    if differing:
        raise RunError(
            f"{run.folder} was started with another configuration ({differing}): resume it with the same options"
        )


def _differences(had: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    flat = [{**config, **config.get("parameters", {}), "parameters": None} for config in (had, asked)]
    names: Sequence[str] = sorted(set(flat[0]) | set(flat[1]))
    return ", ".join(
        f"{name} was {flat[0].get(name)}, now {flat[1].get(name)}"
        for name in names
        if flat[0].get(name) != flat[1].get(name)
    )
