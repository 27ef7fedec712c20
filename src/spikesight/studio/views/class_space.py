"""Spikes per neuron and class as a landscape in three dimensions."""

from spikesight.studio.view import Place, View
from spikesight.studio.views import selectivity

VIEW = View(selectivity.answer, "Neurons and classes in 3-D", ("neurons",), Place.MAIN)
