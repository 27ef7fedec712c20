"""The catalogue of figures: what draws the answer of a view in a notebook, by the name of the view.

One file each, with `draw(axes, answer)`: the plain values that the view answers, drawn on the axes of matplotlib.
"""

from typing import Final

from spikesight.base.catalogue import Catalogue

PLOTS: Final = Catalogue(
    "plot",
    {
        name: f"spikesight.studio.plots.{name}:draw"
        for name in (
            "accuracy",
            "scalars",
            "rates",
            "workload",
            "network",
            "processed",
            "unit_states",
            "raster",
            "potentials",
            "input",
            "course",
            "activation",
            "class_accuracy",
            "confusion",
            "compare_accuracy",
            "compare_units",
            "compare_weights",
            "happened",
            "cost_over_time",
            "weight_drift",
            "weight_changes",
            "pruned",
            "unit_weights",
            "fields",
            "field_history",
            "wiring",
            "train",
            "selectivity_drift",
            "selectivity",
            "class_space",
            "class_spikes",
            "tuning",
            "intervals",
            "channels",
            "maps",
            "first_spikes",
            "features",
            "convergence",
            "decision",
        )
    },
)

__all__ = ["PLOTS"]
