"""Questions asked of a recorded trace: pure functions of a `Trace`, each with an answer of NumPy arrays.

An answer is a frozen dataclass; `.pandas()` and `.polars()` lay it out as a table. Every question can be asked of a
trace on a cluster (`Trace.on`), and of many at once (`Traces.ask`).
"""

from spikesight.analysis.recorded.fields import ReceptiveFields, receptive_fields, snapshot_at
from spikesight.analysis.recorded.in_step import Synchrony, synchrony
from spikesight.analysis.recorded.operations import Synops, synops
from spikesight.analysis.recorded.predictions import Confusion, confusion
from spikesight.analysis.recorded.tuning import Selectivity, SelectivityDrift, selectivity, selectivity_drift
from spikesight.analysis.recorded.unit_intervals import UnitIntervals, intervals
from spikesight.analysis.recorded.unit_rates import Rates, rates
from spikesight.analysis.recorded.weights import WeightChanges, WeightHistograms, weight_changes, weight_histograms

__all__ = [
    "Confusion",
    "Rates",
    "ReceptiveFields",
    "Selectivity",
    "SelectivityDrift",
    "Synchrony",
    "Synops",
    "UnitIntervals",
    "WeightChanges",
    "WeightHistograms",
    "confusion",
    "intervals",
    "rates",
    "receptive_fields",
    "selectivity",
    "selectivity_drift",
    "snapshot_at",
    "synchrony",
    "synops",
    "weight_changes",
    "weight_histograms",
]
