"""Older format versions of trace.json, read as the present one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from spikesight.base.errors import TraceError

FORMAT_VERSION: Final = 3


def migrated(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of a trace.json of any known version as version `FORMAT_VERSION` has them.

    Errors: TraceError for a version that this Spikesight does not know.
    """
    version = facts.get("format_version")
    if version == 1:
        return _from_2(_from_1(facts))
    if version == 2:
        return _from_2(facts)
    if version != FORMAT_VERSION:
        raise TraceError(
            f"the trace has format version {version!r}, this Spikesight reads 1 to {FORMAT_VERSION}. "
            "If a newer Spikesight wrote it, install that one"
        )
    return dict(facts)


def _from_1(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Version 2 says what the classes are called, what kind of time it is, and what was recorded of each layer."""
    everything = {"units": None, "every": 1, "rows": True}
    layers = [{**one, "recorded": everything} for one in _described(facts, "layers")]
    return {**facts, "format_version": 2, "layers": layers, "classes": [], "time": "simulated"}


def _from_2(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Version 3 knows projections whose weights are shared by all places, and names of channels."""
    layers = [{**one, "channels": []} for one in _described(facts, "layers")]
    projections = [{**one, "kernel": None} for one in _described(facts, "projections")]
    return {**facts, "format_version": FORMAT_VERSION, "layers": layers, "projections": projections}


def _described(facts: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    described = facts.get(name)
    if not isinstance(described, list) or not all(isinstance(one, Mapping) for one in described):
        raise TraceError(f"trace.json does not describe a trace: {name} are a list of objects, got {described!r:.60}")
    return described
