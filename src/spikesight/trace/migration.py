"""Older format versions of trace.json, read as the present one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from spikesight.base.errors import TraceError

FORMAT_VERSION: Final = 2


def migrated(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of a trace.json of any known version as version `FORMAT_VERSION` has them.

    Errors: TraceError for a version that this Spikesight does not know.
    """
    version = facts.get("format_version")
    if version == 1:
        return _from_1(facts)
    if version != FORMAT_VERSION:
        raise TraceError(
            f"the trace has format version {version!r}, this Spikesight reads 1 to {FORMAT_VERSION}. "
            "If a newer Spikesight wrote it, install that one"
        )
    return dict(facts)


def _from_1(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Version 2 says what the classes are called, what kind of time it is, and what was recorded of each layer."""
    everything = {"units": None, "every": 1, "rows": True}
    try:
        layers = [{**one, "recorded": everything} for one in facts["layers"]]
    except (KeyError, TypeError) as error:
        raise TraceError(f"trace.json does not describe a trace: {error}") from error
    return {**facts, "format_version": 2, "layers": layers, "classes": [], "time": "simulated"}
