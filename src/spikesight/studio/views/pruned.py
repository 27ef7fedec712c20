"""The share of synapses that are exactly zero, over the run: what pruning leaves."""

from spikesight.studio.view import Place, View
from spikesight.studio.views import weight_changes

VIEW = View(weight_changes.answer, "Zero weights", ("synapses",), Place.LANE)
