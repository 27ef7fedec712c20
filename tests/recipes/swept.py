"""A recipe of a package of its own, which takes no time: how a process of its own finds what a test made up."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from spikesight.base.errors import InputError
from spikesight.recipes.contract import Order, Result
from spikesight.runs.folder import Run
from spikesight.runs.running import running


@dataclass(frozen=True)
class Swept:
    """Its value is alpha + beta + seed, or, as `trouble` says, none at all."""

    alpha: float = 0.0
    beta: int = 0
    trouble: str = ""

    name: ClassVar = "swept"

    def train(self, order: Order) -> Path:
        run = Run.open(order.resume) if order.resume else Run.create(order.runs, self.name, seed=order.seed, config={})
        with running(run):
            run.save_weights({"w": np.zeros(1)})
            if self.trouble == "refused" and order.seed == 1:
                raise InputError("this setting\ncannot be")
            if self.trouble == "mistake":
                raise ZeroDivisionError("a mistake in the recipe")
            if self.trouble == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            if self.trouble == "slow" and not order.resume:
                time.sleep(60)
        return run.folder

    def reproduce(self, order: Order) -> Result:
        folder = self.train(order)
        value = self.alpha + self.beta + order.seed
        resumed = float(order.resume is not None)
        return Result(self.name, "sum", value, None, float(order.seed), resumed, None, order.seed, str(folder))


RECIPE = Swept()
