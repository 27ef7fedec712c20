"""Circuits as files that other programs can read."""

from spikesight.interchange.circuit import load_circuit, save_circuit

__all__ = ["load_circuit", "save_circuit"]
