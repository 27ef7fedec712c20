"""What event cameras see: streams of events, and the files they are kept in."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from spikesight.events.files.choosing import FORMATS
    from spikesight.events.files.reading import EventFile, read
    from spikesight.events.files.writing import convert, write
    from spikesight.events.recording import Recording
    from spikesight.events.stream import EventStream, joined, together

__all__ = ["FORMATS", "EventFile", "EventStream", "Recording", "convert", "joined", "read", "together", "write"]

# Names are looked up when asked for: the command line needs the catalogue alone, without NumPy.
_MODULES: Final = {
    "FORMATS": "files.choosing",
    "EventFile": "files.reading",
    "EventStream": "stream",
    "Recording": "recording",
    "convert": "files.writing",
    "joined": "stream",
    "read": "files.reading",
    "together": "stream",
    "write": "files.writing",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'spikesight.events' has no attribute '{name}'")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
