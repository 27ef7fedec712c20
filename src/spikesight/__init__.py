"""Spikesight: spiking neural networks for vision. Train them, see inside them, shrink them, explain them, ship them.

The names below are what most people need; each is imported when it is first used, so that the door stays light.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"
__all__ = ["DiehlCook", "Probe", "Run", "Trace", "__version__", "look"]

_PLACES = {
    "DiehlCook": "spikesight.estimators.diehl_cook",
    "Probe": "spikesight.trace.probe",
    "Run": "spikesight.runs.folder",
    "Trace": "spikesight.trace.reader",
    "look": "spikesight.studio.notebook",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'spikesight' has no attribute '{name}'")
    return getattr(importlib.import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
