"""A run that the studio looks at: its facts and its trace, read again whenever the run has moved on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from spikesight.base.errors import RunError, TraceError, UnknownName
from spikesight.runs.folder import Run
from spikesight.studio.memory import Memory
from spikesight.studio.query import Query
from spikesight.studio.shown import Empty as Empty
from spikesight.studio.tally import Tally
from spikesight.studio.view import View
from spikesight.studio.views import VIEWS
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Layer, Projection

SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_THAT_MAY_LAG = 60.0
"""Of simulated time; more than a stimulus takes that is shown again and again."""
SECONDS_TO_FINISH = 10.0
MOST_REMEMBERED = 50
"""Answers. The largest are receptive fields: a byte per weight and snapshot."""

Answer = TypeVar("Answer")


class OpenRun:
    """A run, its trace if it has one by now, and what was computed from them.

    `revision` counts the times that something new was found. Errors: RunError where `folder` is not a run.
    """

    views: Mapping[str, View] = VIEWS

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.run = Run.open(self.folder)
        self.revision = 0
        self._trace: Trace | None = None
        self._looked = -SECONDS_BETWEEN_LOOKS
        self._seen: tuple[Any, ...] = ()
        self._memory = Memory(MOST_REMEMBERED)
        self._tally = Tally(self._count)
        self._newest_seen = self._settled = 0
        self.others: Mapping[str, OpenRun] = {}
        """The runs that are open beside this one, by name; itself too."""
        self.slowly = Lock()
        """Held by what takes seconds and does not wait for its turn, so that it is done once and not side by side."""
        self.turn = asyncio.Lock()
        """One question at a time: a question that the page gave up while it waited is never worked on."""

    def close(self) -> None:
        """Let go of the trace, once nobody reads it any more; who takes seconds is waited for."""
        held = self.slowly.acquire(timeout=SECONDS_TO_FINISH)
        if held:
            self.slowly.release()
        if self._trace is not None:
            self._trace.close()
            self._trace = None

    @property
    def name(self) -> str:
        """The name of the run's folder."""
        return self.folder.name

    @property
    def facts(self) -> dict[str, Any]:
        """What run.json says."""
        return self.run.facts

    def refresh(self) -> None:
        """Look for news on the disk, at most a few times a second."""
        if time.monotonic() - self._looked < SECONDS_BETWEEN_LOOKS:
            return
        grown = self._refresh_trace()
        # Where the folder was moved or deleted meanwhile, what was read before is still worth showing.
        with suppress(RunError):
            self.run = Run.open(self.folder)
        self._looked = time.monotonic()
        seen = (self.facts.get("updated"), self.run.status(), self._weights_stamp())
        if grown or seen != self._seen:
            self._seen = seen
            self.revision += 1
            self._memory.forget()
        if grown and self._trace is not None:
            self._settle(self._trace)

    @property
    def trace(self) -> Trace:
        """The trace. Errors: Empty where nothing was recorded yet."""
        if self._trace is None or not self._trace.tables:
            going_on = self.run.status() == "running"
            how = "Wait until training has begun." if going_on else "Train with probes to look inside."
            raise Empty(f"Nothing was recorded in this run. {how}")
        return self._trace

    @property
    def tick(self) -> float:
        """Length of a tick in seconds."""
        return self.trace.header.tick

    def window(self, query: Query) -> tuple[int, int]:
        """Return the window of `query` as ticks: the first one and the one after the last.

        Errors: Empty where nothing was recorded yet, or the window has no tick.
        """
        first, last = self.trace.extent
        start = first if query.t0 is None else round(query.t0 / self.tick)
        end = last + 1 if query.t1 is None else round(query.t1 / self.tick)
        if end <= start:
            raise Empty("The window is shorter than one time step.")
        return start, end

    def seconds(self, ticks: tuple[int, int]) -> tuple[float, float]:
        """Return a window of ticks as seconds."""
        return ticks[0] * self.tick, ticks[1] * self.tick

    def moment(self, query: Query) -> float:
        """Return the time of the cursor in seconds: the newest moment where none is given."""
        return self.trace.extent[1] * self.tick if query.at is None else query.at

    def spikes_in(self, layer: str, window: tuple[int, int]) -> int:
        """Return how many spikes of `layer` were recorded in a window of ticks."""
        return self.remembered(("spikes", layer, window), lambda: self._spikes_in(layer, *window))

    def _spikes_in(self, layer: str, start: int, end: int) -> int:
        if (start, end) == self.window(Query()):
            return self._tally.spikes(layer, start, self._settled, end)
        return self._count(layer, start, end)

    def _count(self, layer: str, start: int, end: int) -> int:
        return self.trace.count(layer, self.seconds((start, end)))

    def _settle(self, trace: Trace) -> None:
        """What lies well before the newest moment of the look before this one will not change any more.

        A look reads the logs one after the other while the run goes on, so some layers are ahead of others.
        """
        self._settled = self._newest_seen - round(SECONDS_THAT_MAY_LAG / trace.header.tick)
        self._newest_seen = trace.extent[1]

    def advice(self, how: str) -> str:
        """Return `how` to record what is missing, after a space; '' for an imported run, which nobody records again."""
        from spikesight.trace.importers.bringing import RECIPE  # the page must not wait for what writes traces

        return "" if self.facts.get("recipe") == RECIPE else f" {how}"

    def plastic(self) -> Projection:
        """Return the projection whose weights were recorded. Errors: Empty where there is none."""
        recorded = self.trace.tables
        for projection in self.trace.header.projections:
            if f"weights/{projection.name}" in recorded:
                return projection
        how = 'A probe such as Probe("input_exc.w", every=250) records them.'
        raise Empty(f"No weights were recorded.{self.advice(how)}")

    def readout(self) -> Layer:
        """Return the population whose units stand for classes: one that is reached and leads no further.

        Where every population leads further, that in which the first projection ends; without projections, the last.
        """
        header = self.trace.header
        if not header.projections:
            return header.layers[-1]
        leading = {projection.pre for projection in header.projections}
        ends = [projection.post for projection in header.projections if projection.post not in leading]
        return self.layer(ends[-1] if ends else header.projections[0].post)

    def input(self) -> Layer:
        """Return the population that is the picture shown: the first one, or where the first projection begins."""
        header = self.trace.header
        reached = {projection.post for projection in header.projections}
        if header.layers[0].name not in reached:
            return header.layers[0]
        return self.layer(header.projections[0].pre)

    def layer(self, name: str) -> Layer:
        """Return the population called `name`.   Errors: UnknownName."""
        return self.trace.header.layer(name)

    def asked_layer(self, query: Query) -> Layer:
        """Return the population that `query` names, else the readout.   Errors: UnknownName."""
        return self.readout() if query.layer is None else self.layer(query.layer)

    def asked_projection(self, query: Query) -> Projection:
        """Return the projection that `query` names, else the first whose weights were recorded.

        Errors: UnknownName; Empty where no weights were recorded.
        """
        return self.plastic() if query.projection is None else self.trace.header.projection(query.projection)

    def other(self, query: Query) -> OpenRun:
        """Return the run to compare with, which `query` names.

        Errors: UnknownName; Empty where none is named.
        """
        if query.other is not None:
            if query.other not in self.others:
                raise UnknownName("run", query.other, self.others)
            return self.others[query.other]
        raise Empty("Only one run is open. Give several to compare them: spikesight look RUN OTHER.")

    def remembered(self, key: object, make: Callable[[], Answer]) -> Answer:
        """Return `make()`, computed once until the run moves on or many other things were asked for."""
        return self._memory.answer(key, make)

    def _refresh_trace(self) -> bool:
        if self._trace is not None:
            return self._trace.refresh()
        try:
            self._trace = Trace.open(self.folder)
        except TraceError:
            return False
        return True

    def _weights_stamp(self) -> int:
        path = self.folder / "weights.safetensors"
        return path.stat().st_mtime_ns if path.exists() else 0
