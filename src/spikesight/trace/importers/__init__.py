"""Traces of other simulators become runs: files are recognised, read piece by piece, and written as a trace.

`bring` does all of it; `prepare` only looks. Times stay absolute, units keep their numbers, layers their names, and
what a trace has no place for is told. One file per simulator; `contract` says what an importer is.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from spikesight.trace.importers.bringing import Prepared, bring, original_ids, prepare, story
    from spikesight.trace.importers.choosing import CATALOGUE

__all__ = ["CATALOGUE", "Prepared", "bring", "original_ids", "prepare", "story"]

# Names are looked up when asked for: the command line needs the catalogue alone, without NumPy and DuckDB.
_MODULES: Final = {name: "choosing" if name == "CATALOGUE" else "bringing" for name in __all__}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'spikesight.trace.importers' has no attribute '{name}'")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
