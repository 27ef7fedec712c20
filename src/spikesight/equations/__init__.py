"""Every neuron model, once: parameters, state, and what a time step and a spike do to it."""

from spikesight.base.catalogue import Catalogue

CATALOGUE = Catalogue(
    "neuron model",
    {
        "adaptive": "spikesight.equations.adaptive:EQUATION",
        "adaptive_conductance": "spikesight.equations.adaptive_conductance:EQUATION",
        "conductance": "spikesight.equations.conductance:EQUATION",
        "current": "spikesight.equations.current:EQUATION",
        "izhikevich": "spikesight.equations.izhikevich:EQUATION",
        "leaky": "spikesight.equations.leaky:EQUATION",
    },
)
