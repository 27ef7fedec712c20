"""Every neuron model, once: parameters, state, and what a time step and a spike do to it."""

from spikesight.base.catalogue import Catalogue

CATALOGUE = Catalogue(
    "neuron model",
    {
        "adaptive": "spikesight.equations.adaptive:EQUATION",
        "adaptive_conductance": "spikesight.equations.adaptive_conductance:EQUATION",
        "axon_hillock": "spikesight.equations.axon_hillock:EQUATION",
        "conductance": "spikesight.equations.conductance:EQUATION",
        "current": "spikesight.equations.current:EQUATION",
        "exponential": "spikesight.equations.exponential:EQUATION",
        "hodgkin_huxley": "spikesight.equations.hodgkin_huxley:EQUATION",
        "izhikevich": "spikesight.equations.izhikevich:EQUATION",
        "leaky": "spikesight.equations.leaky:EQUATION",
        "mcculloch_pitts": "spikesight.equations.mcculloch_pitts:EQUATION",
        "morris_lecar": "spikesight.equations.morris_lecar:EQUATION",
        "normalised": "spikesight.equations.normalised:EQUATION",
        "persistent_sodium": "spikesight.equations.persistent_sodium:EQUATION",
        "spike_response": "spikesight.equations.spike_response:EQUATION",
        "synaptic": "spikesight.equations.synaptic:EQUATION",
    },
)
