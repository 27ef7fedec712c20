"""MNIST with a convolutional network of one spike per neuron."""
