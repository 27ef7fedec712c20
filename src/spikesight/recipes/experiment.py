"""A claim that is tried by an experiment and not by training: nothing to resume, a run all the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from spikesight.base.errors import RunError
from spikesight.recipes.contract import Order
from spikesight.runs.folder import Run
from spikesight.runs.running import running


@contextmanager
def experiment(recipe: str, order: Order, config: Mapping[str, Any]) -> Iterator[Run]:
    """Open a new run of `recipe` with `config`, marked finished, interrupted or failed at the end.

    Errors: RunError where `order` wants to resume, StorageFull.
    """
    if order.resume is not None:
        raise RunError(f"{recipe} takes seconds and has no checkpoints to go on from: start it again without --resume")
    run = Run.create(order.runs, recipe, seed=order.seed, config={**config, "quick": order.quick})
    order.started(run.folder)
    with running(run):
        yield run
