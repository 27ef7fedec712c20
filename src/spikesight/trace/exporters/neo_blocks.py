"""Neo: a run as a `neo.Block`, in memory, for the analyses that take one (Elephant and others)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from spikesight.base.optional import require
from spikesight.trace.exporters.contract import Content


def neo_block(folder: Path) -> Any:
    """Return the spikes of the run or trace in `folder` as a `neo.Block` of one segment; nothing is written.

    Every unit is a spike train, called `<layer>.<number>` and annotated with both, and every layer a group; those of
    layers of which only counts were kept are left out.
    Times are seconds, from the beginning of the trace (0, or its first tick) to its last.
    Errors: TraceError for no trace, MissingExtra without neo.
    """
    neo, seconds = require("neo", "simulators"), require("quantities", "simulators").s
    content = Content.open(folder)
    with content.trace as trace:
        block, segment = neo.Block(name=Path(folder).resolve().name), neo.Segment()
        first, last = trace.extent
        start, stop = min(first, 0) * trace.header.tick, (last + 1) * trace.header.tick
        for layer in content.layers:
            group = neo.Group(name=layer.name)
            found = trace.spikes(layer.name)
            order = np.argsort(found.unit, kind="stable")
            ends = np.searchsorted(found.unit[order], np.arange(layer.size + 1))
            for place, number in enumerate(content.ids[layer.name].tolist()):
                t = found.t[order[ends[place] : ends[place + 1]]]
                train = neo.SpikeTrain(t * seconds, t_start=start, t_stop=stop, name=f"{layer.name}.{number}")
                train.annotate(layer=layer.name, unit=number)
                segment.spiketrains.append(train)
                group.add(train)
            block.groups.append(group)
        block.segments.append(segment)
        return block
