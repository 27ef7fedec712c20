"""Synaptic operations of each layer over time, and what a right answer cost."""

from __future__ import annotations

from spikesight.studio.view import Place, View
from spikesight.studio.views.cost import OPTIONS, answer

VIEW = View(answer, "Synaptic operations", ("cost",), Place.LANE, options=OPTIONS)
