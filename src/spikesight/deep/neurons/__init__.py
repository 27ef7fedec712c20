"""Neurons as torch modules over sequences (T, B, ...)."""

from spikesight.deep.neurons.adaptive import ALIF
from spikesight.deep.neurons.current import CUBA
from spikesight.deep.neurons.integrator import LeakyIntegrator
from spikesight.deep.neurons.leaky import IF, LIF, PLIF
from spikesight.deep.neurons.neuron import Neuron
from spikesight.deep.neurons.parallel import PSN, MaskedPSN, SlidingPSN
from spikesight.deep.neurons.recurrent import Recurrent
from spikesight.deep.neurons.smooth import BoxGate, CosineGate, SmoothLIF, TriangleGate

__all__ = [
    "ALIF",
    "CUBA",
    "IF",
    "LIF",
    "PLIF",
    "PSN",
    "BoxGate",
    "CosineGate",
    "LeakyIntegrator",
    "MaskedPSN",
    "Neuron",
    "Recurrent",
    "SlidingPSN",
    "SmoothLIF",
    "TriangleGate",
]
