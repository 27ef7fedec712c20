"""The catalogue of views: what can be asked about a run, and what the page shows, in this order.

One file each, with `VIEW`, a `View`: a function `answer(run: OpenRun, query: Query) -> dict[str, Any]`, a tree of plain
values and arrays, and where the panel stands that draws it.
"""

from typing import Final

from spikesight.base.catalogue import Catalogue

TABS: Final = {
    "overview": "Overview",
    "raster": "Raster",
    "input": "Input",
    "synapses": "Synapses",
    "neurons": "Neurons",
    "maps": "Maps",
    "classes": "Classes",
    "compare": "Compare",
    "changes": "What changed?",
    "cost": "Cost",
    "sql": "SQL",
}
"""The tabs of the page, by the name that views give; a view of another package may name a new one."""

VIEWS: Final = Catalogue(
    "view",
    {
        name: f"spikesight.studio.views.{name}:VIEW"
        for name in (
            "summary",
            "accuracy",
            "steps",
            "stimuli",
            "raster",
            "potentials",
            "marks",
            "scalars",
            "rates",
            "workload",
            "network",
            "processed",
            "unit_states",
            "stimulus",
            "input",
            "course",
            "activation",
            "alike",
            "mistakes",
            "receptive_fields",
            "unit",
            "classes",
            "weight_drift",
            "weight_changes",
            "pruned",
            "unit_weights",
            "fields",
            "convergence",
            "field_history",
            "wiring",
            "train",
            "selectivity_drift",
            "selectivity",
            "class_space",
            "class_spikes",
            "tuning",
            "intervals",
            "quiet",
            "health",
            "channels",
            "maps",
            "first_spikes",
            "features",
            "decision",
            "class_accuracy",
            "confusion",
            "confused",
            "compare_accuracy",
            "compare",
            "compare_figures",
            "compare_units",
            "compare_weights",
            "happened",
            "changes",
            "cost_over_time",
            "cost",
            "sql",
            "report",
        )
    },
)

__all__ = ["TABS", "VIEWS"]
