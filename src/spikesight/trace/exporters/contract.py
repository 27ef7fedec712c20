"""What an exporter is: it writes what a trace holds as files of another kind."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from spikesight.trace.importers.bringing import ids_in
from spikesight.trace.reader import Spikes, Trace, Values
from spikesight.trace.schema import Layer, kind_of

Array = NDArray[Any]

ROWS: Final = 1 << 20
"""About so many rows are held at a time."""

_BINS = 4096


class Content(NamedTuple):
    """An opened trace, its folder, and the numbers (n,) of each layer's units where they came from."""

    folder: Path
    trace: Trace
    ids: dict[str, Array]

    @classmethod
    def open(cls, folder: Path) -> Content:
        """Open the run or the trace in `folder`.   Errors: TraceError for no trace, RunError for damaged numbers."""
        trace = Trace.open(Path(folder))
        try:
            return cls(Path(folder), trace, ids_in(trace.folder.parent, trace.header))
        except BaseException:
            trace.close()
            raise

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers whose single spikes were kept; of the others there are only counts."""
        return tuple(layer for layer in self.trace.header.layers if layer.recorded.rows)

    def spikes(self, layer: str) -> Iterator[Spikes]:
        """Yield the spikes of `layer` in the order of time, about a million at a time."""
        tick = self.trace.header.tick
        first, last = self.trace.extent
        bins = min(_BINS, last + 1 - first)
        bounds = first - -np.arange(bins + 1) * (last + 1 - first) // bins
        whole = ((first - 0.5) * tick, (last + 0.5) * tick)
        counts = self.trace.raster(layer, whole, bins=bins, rows=1)[0].astype(np.int64)
        start, waiting = 0, 0
        for place, count in enumerate(counts.tolist()):
            waiting += count
            if waiting >= ROWS or (place == bins - 1 and waiting):
                # Half a tick off, so that no rounding of seconds moves a spike from one window to the next.
                window = ((bounds[start] - 0.5) * tick, (bounds[place + 1] - 0.5) * tick)
                yield self.trace.spikes(layer, window)
                start, waiting = place + 1, 0

    def values(self, layer: str, variable: str) -> Iterator[Values]:
        """Yield the samples of a state variable in the order of time, about a million at a time where they are even."""
        tick = self.trace.header.tick
        start, end = self.trace.extent[0], self.trace.extent[1] + 1
        width = max((end - start) // _BINS, 1)
        while start < end:
            stop = min(start + width, end)
            found = self.trace.values(layer, variable, ((start - 0.5) * tick, (stop - 0.5) * tick))
            yield found
            # Nobody counted them, so the next window goes by how many the last one held.
            width = width * 2 if len(found.t) < ROWS // 2 else max(width // 2, 1) if len(found.t) > ROWS else width
            start = stop

    def left_out(self, written: Container[str]) -> list[str]:
        """Return the tables of other kinds than those `written`."""
        return [name for name in self.trace.tables if kind_of(name) not in written]

    def variables(self) -> list[tuple[str, str]]:
        """Return layer and name of the state variables that were sampled."""
        layers = [layer.name for layer in self.trace.header.layers]
        return [(layer, variable) for layer in layers for variable in self.trace.variables(layer)]


class Exporter(Protocol):
    """Writes a trace as files of another kind."""

    @property
    def what(self) -> str:
        """Which files these are, in a few words for a table."""
        ...

    def write(self, content: Content, to: Path) -> list[str]:
        """Write `content` into the new folder or file `to` and return what was left out.

        Errors: StorageFull, TraceError, MissingExtra.
        """
        ...
