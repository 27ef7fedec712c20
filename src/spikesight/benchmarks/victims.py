"""Work that is done to be killed: each function runs in a process of its own, and goes on until that ends.

What was achieved is told by a counter in a file that outlives the process. Spike number k is at tick k // 16, of unit
k % 100, so that whatever is read afterwards can be compared with what must be there.
"""

from __future__ import annotations

import mmap
import urllib.request
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Final

import numpy as np

from spikesight.runs.derived import derived_run
from spikesight.studio import server
from spikesight.studio.access import TOKEN_HEADER
from spikesight.trace.importers import bring
from spikesight.trace.maintenance.cut import cut
from spikesight.trace.maintenance.merge import merge
from spikesight.trace.maintenance.repair import repair
from spikesight.trace.schema import Header, Layer, Projection
from spikesight.trace.writer import TraceWriter

UNITS: Final = 100
SPIKES_PER_TICK: Final = 16
BATCH: Final = 4000
"""Spikes of a stimulus."""

HEADER: Final = Header(
    "killed",
    1_000_000,
    (Layer("input", (8, 8)), Layer("exc", (UNITS,))),
    (Projection("w", "input", "exc", (64, 100), 100),),
)


class Told:
    """A whole number in the file `path`: what one process told last, and another reads after its end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.exists():
            path.write_bytes(bytes(8))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 8)

    @property
    def number(self) -> int:
        """What was told last; 0 at first."""
        return int.from_bytes(self._memory[:8], "little")

    def tell(self, number: int) -> None:
        """Tell `number`; from now on it outlives this process."""
        self._memory[:8] = number.to_bytes(8, "little")


def spikes(first: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
    """Return ticks and units of the spikes numbered `first` up to `stop`."""
    numbers = np.arange(first, stop)
    return numbers // SPIKES_PER_TICK, numbers % UNITS


def write(folder: Path, told: Path) -> None:
    """Record a trace; tell how many spikes were taken."""
    acknowledged, weights = Told(told), np.zeros((64, UNITS))
    with TraceWriter.create(folder, HEADER) as writer:
        for stim in count():
            first, stop = BATCH * stim, BATCH * (stim + 1)
            t, unit = spikes(first, stop)
            writer.spikes("exc", t, unit, stim)
            acknowledged.tell(stop)
            writer.stimulus(stim=stim, t_start=int(t[0]), t_end=int(t[-1]) + 1, label=stim % 10)
            if stim % 5 == 0:
                writer.weights("w", int(t[0]), stim, weights + stim % 100)
            if stim % 8 == 7:
                writer.seal()


def convert(kind: str, source: Path, root: Path, told: Path) -> None:
    """Make folders in `root` out of `source`, by merging, cutting or importing; tell how many were begun."""
    begun = Told(told)
    for number in count(1):
        begun.tell(number)
        CONVERSIONS[kind](source, root / f"{kind}-{number}")


def _merge(source: Path, to: Path) -> None:
    with derived_run(to, [source], {}) as trace:
        merge([source, source], trace, to.name)


def _cut(source: Path, to: Path) -> None:
    with derived_run(to, [source], {}) as trace:
        cut(source, trace, to.name, t=(0.0, np.inf))


def _import(source: Path, to: Path) -> None:
    bring([source], to)


CONVERSIONS: Final[dict[str, Callable[[Path, Path], None]]] = {"merge": _merge, "cut": _cut, "import": _import}


def mend(folder: Path, told: Path) -> None:
    """Repair the trace in `folder`, again and again; tell how many repairs were begun."""
    begun = Told(told)
    for number in count(1):
        begun.tell(number)
        repair(folder)


def serve(run: Path, told: Path) -> None:
    """Serve `run` and ask for all of its views, again and again; tell how many answers came."""
    answers = Told(told)
    with server.start([run]) as studio:
        address = f"http://{server.LOOPBACK}:{studio.port}/api"
        for number in count(1):
            for view in ("raster", "stimuli", "summary", "accuracy"):
                asking = urllib.request.Request(f"{address}/{run.name}/{view}.json")
                asking.add_header(TOKEN_HEADER, studio.gate.token)
                with urllib.request.urlopen(asking, timeout=20) as answer:
                    answer.read()
            answers.tell(number)
