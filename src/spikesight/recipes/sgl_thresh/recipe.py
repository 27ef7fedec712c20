"""Thresholds of a tagger learned by surrogate gradients of the F1 score, held against searching for them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from spikesight.base.progress import progress
from spikesight.deep.tagging import Descent, as_often_as_labelled, f1, learn_thresholds
from spikesight.recipes.contract import Order, Result, result_of
from spikesight.recipes.experiment import experiment
from spikesight.recipes.settings import settings_of
from spikesight.recipes.sgl_thresh.scores import Scored, tagger
from spikesight.recipes.sgl_thresh.search import best, one_after_the_other, shared
from spikesight.runs.folder import Run

QUICK_SHARE = 10
"""A quick trial has this many times fewer items and tags."""


@dataclass(frozen=True)
class SglThresh:
    """See the README beside this file: `tags` and `items` of the tagger, half of them to fit on; `steps` to learn."""

    tags: int = 527
    items: int = 20_000
    steps: int = 100

    name = "sgl-thresh"

    def train(self, order: Order) -> Path:
        """Learn thresholds and score them.   Errors: RunError, StorageFull."""
        return self._tried(order).folder

    def reproduce(self, order: Order) -> Result:
        """See `Recipe.reproduce`."""
        run = self._tried(order)
        return result_of(run.folder, order, run.facts["metrics"]["f1"], run.facts["metrics"]["f1_one_half"])

    def _tried(self, order: Order) -> Run:
        started = time.perf_counter()
        share = QUICK_SHARE if order.quick else 1
        with experiment(self.name, order, {"settings": settings_of(self)}) as run:
            whole = tagger(self.items // share, self.tags // share, order.seed)
            middle = len(whole.scores) // 2
            fitted = Scored(whole.scores[:middle], whole.labels[:middle])
            tested = Scored(whole.scores[middle:], whole.labels[middle:])
            start = as_often_as_labelled(*fitted)
            with progress("learning", self.steps, order.stream) as bar:
                begun = time.perf_counter()
                learned = learn_thresholds(*fitted, start, descent=Descent(self.steps), report=bar)
                seconds = time.perf_counter() - begun
            thresholds = {
                "one_half": 0.5,
                "shared": shared(fitted),
                "start": start,
                "one_after_the_other": one_after_the_other(fitted),
                "best_where_fitted": best(fitted),
            }
            run.save_weights({"thresholds": learned.thresholds, "curve": learned.curve})
            run.update(
                metrics={
                    "f1": f1(*tested, learned.thresholds),
                    "f1_where_fitted": learned.f1,
                    **{f"f1_{name}": f1(*tested, np.asarray(one)) for name, one in thresholds.items()},
                    "learning_seconds": seconds,
                    "seconds": time.perf_counter() - started,
                }
            )
        return run


RECIPE = SglThresh()
