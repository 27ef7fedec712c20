"""What is in a trace, told from its lists and the sizes of its files: no row is read that is sealed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from spikesight.trace.manifest import read_manifest
from spikesight.trace.reader import Trace


@dataclass(frozen=True)
class Info:
    """What a trace holds."""

    folder: str
    run: str
    spikes: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


def info(folder: Path) -> Info:
    """Return what is in the trace in `folder`, which may be that of its run.   Errors: TraceError for no trace."""
    with Trace.open(folder) as trace:
        spikes = {layer.name: 0 for layer in trace.header.layers}
        for segment in read_manifest(trace.folder):
            kind, _, layer = segment.table.partition("/")
            if kind == "spikes" and layer in spikes:
                spikes[layer] += segment.rows
        return Info(str(trace.folder), trace.header.run, spikes)
