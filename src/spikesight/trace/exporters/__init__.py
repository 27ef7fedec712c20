"""Traces for other tools: Parquet, CSV, NWB, and blocks of Neo.

`send` writes files; `neo_block` gives a `neo.Block`. Times are seconds, and units have the numbers they had where they
came from. One file per kind; `contract` says what an exporter is.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from spikesight.trace.exporters.neo_blocks import neo_block
    from spikesight.trace.exporters.sending import CATALOGUE, named, send

__all__ = ["CATALOGUE", "named", "neo_block", "send"]

# Names are looked up when asked for: the command line needs the catalogue alone, without NumPy and DuckDB.
_MODULES: Final = {name: "neo_blocks" if name == "neo_block" else "sending" for name in __all__}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'spikesight.trace.exporters' has no attribute '{name}'")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
