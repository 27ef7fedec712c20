"""What can be said about recorded activity: pure functions from arrays to arrays."""

from spikesight.analysis.activity import Grid, covering_grid
from spikesight.analysis.correctness import running_accuracy, thinned
from spikesight.analysis.receptive_fields import fields, levels
from spikesight.analysis.selectivity import mean_responses, preferred_class
from spikesight.analysis.votes import winner
from spikesight.circuits.readout import class_sizes, votes
from spikesight.trace.windows import rate

__all__ = [
    "Grid",
    "class_sizes",
    "covering_grid",
    "fields",
    "levels",
    "mean_responses",
    "preferred_class",
    "rate",
    "running_accuracy",
    "thinned",
    "votes",
    "winner",
]
