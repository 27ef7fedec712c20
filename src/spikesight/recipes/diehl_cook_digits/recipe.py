"""Diehl & Cook's network on the 8 x 8 digits that ship inside scikit-learn: the claim that needs no download."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from spikesight.datasets.images import digits
from spikesight.estimators.diehl_cook import EXCITATORY, SHOWING, DiehlCook
from spikesight.recipes import diehl_cook
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.course import Plan
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.settings import settings_of

HERTZ = 18.0
"""Input rate per grey level: 64 inputs at up to 288 Hz carry the drive that 784 inputs at up to 64 Hz do."""


def model(seed: int) -> DiehlCook:
    """Return the estimator: 250 neurons, rates and normalisation for 64 inputs, no delays."""
    return DiehlCook(
        n=250,
        passes=8,
        exc=replace(EXCITATORY, jump=0.035e-3),
        showing=replace(SHOWING, hertz=HERTZ, hertz_more=HERTZ / 2),
        mean_weight=0.12,
        max_delay=0.0,
        seed=seed,
    )


@dataclass(frozen=True)
class DiehlCookDigits:
    """See the README beside this file."""

    name = "diehl-cook-digits"

    def plan(self, order: Order) -> Plan:
        """Return what is taught to whom; `quick` is two passes instead of eight."""
        network = model(order.seed)
        if order.quick:
            network.set_params(passes=2)
        return Plan(
            self.name, network, digits(), diehl_cook.probes(every=1, weights=100), order.quick, settings_of(self)
        )

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return diehl_cook.train(recipe.plan(order), order)

    def reproduce(self, order: Order) -> Result:
        """See `Recipe.reproduce`."""
        recipe, order = as_begun(self, order)
        return diehl_cook.reproduce(recipe.plan(order), order, published=None)


RECIPE = DiehlCookDigits()
