"""A convolutional spiking network on Fashion-MNIST."""
