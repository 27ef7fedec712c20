"""Networks whose neurons fire once at most: a layer's whole activity is one latency per neuron, and no time axis."""
