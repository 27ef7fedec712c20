"""One neuron that learns to detect one pattern. See the README beside this file."""
