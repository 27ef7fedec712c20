"""Several patterns, detected by one neuron or by one neuron each. See the README beside this file."""
