"""What a network does before and after its weak synapses are taken away for good."""
