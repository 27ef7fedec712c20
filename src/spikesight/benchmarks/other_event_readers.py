"""Readers of event files of other libraries, where the user has them, each used as its documentation shows."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

Reader = Callable[[], Any]

EXPELLIARMUS: Final = ("evt2", "evt3", "dat")
"""What it reads of what is measured, by its own names too."""


def of(name: str, path: Path) -> dict[str, Reader]:
    """Return how a file of the format `name` is read by those libraries that can be imported, by name."""
    found = {}
    for library, reader in (("expelliarmus", _expelliarmus), ("evlib", _evlib)):
        try:
            read = reader(name, path)
        except ImportError:
            continue
        if read is not None:
            found[library] = read
    return found


def _expelliarmus(name: str, path: Path) -> Reader | None:
    wizard = importlib.import_module("expelliarmus").Wizard
    return (lambda: wizard(encoding=name).read(path)) if name in EXPELLIARMUS else None


def _evlib(name: str, path: Path) -> Reader | None:
    load = importlib.import_module("evlib").load_events
    return (lambda: load(str(path)).collect()) if name in ("evt2", "evt3") else None
