"""What can be said about recorded activity: pure functions from arrays to arrays."""

from spikesight.analysis.activity import binned
from spikesight.analysis.correctness import running_accuracy, thinned
from spikesight.analysis.receptive_fields import fields, levels
from spikesight.analysis.rhythms import BANDS, Band, Spectrum, band_power, peak, spectrum
from spikesight.analysis.selectivity import mean_responses, per_stimulus, preferred_class, selectivity_index
from spikesight.analysis.synchrony import chi, fano_factor, pairwise_correlation
from spikesight.analysis.trains import cv, cv2, intervals, local_variation, mean_rates
from spikesight.analysis.votes import winner
from spikesight.circuits.readout import class_sizes, votes
from spikesight.trace.grids import Grid, covering_grid
from spikesight.trace.windows import rate

__all__ = [
    "BANDS",
    "Band",
    "Grid",
    "Spectrum",
    "band_power",
    "binned",
    "chi",
    "class_sizes",
    "covering_grid",
    "cv",
    "cv2",
    "fano_factor",
    "fields",
    "intervals",
    "levels",
    "local_variation",
    "mean_rates",
    "mean_responses",
    "pairwise_correlation",
    "peak",
    "per_stimulus",
    "preferred_class",
    "rate",
    "running_accuracy",
    "selectivity_index",
    "spectrum",
    "thinned",
    "votes",
    "winner",
]
