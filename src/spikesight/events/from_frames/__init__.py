"""Events from frames: what a camera of given pixels would have said of a film.

    events = watch(frames, times, Pixel(on=0.2, off=0.2, refractory=Moves(1e-3)))

`watched` does the same piece by piece, for films that are longer than memory.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from spikesight.events.from_frames.pixel import Moves, Pixel, Stays
    from spikesight.events.from_frames.response import LinLog, Log
    from spikesight.events.from_frames.saccades import moved, triangle
    from spikesight.events.from_frames.watching import watch, watched

__all__ = ["LinLog", "Log", "Moves", "Pixel", "Stays", "moved", "triangle", "watch", "watched"]

_MODULES: Final = {
    "LinLog": "response",
    "Log": "response",
    "Moves": "pixel",
    "Pixel": "pixel",
    "Stays": "pixel",
    "moved": "saccades",
    "triangle": "saccades",
    "watch": "watching",
    "watched": "watching",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'spikesight.events.from_frames' has no attribute '{name}'")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
