"""Spikesight: spiking neural networks for vision. Train them, see inside them, shrink them, explain them, ship them."""

__version__ = "0.1.0"
