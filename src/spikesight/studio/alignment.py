"""Two runs side by side: which stretch of the one belongs to which stretch of the other."""

from __future__ import annotations

from dataclasses import dataclass

from spikesight.studio.moments import Stimuli, stimuli
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.trace.schema import Layer

WAYS = ("time", "stimulus")
"""Runs are aligned by time, or by the number of stimuli shown so far where these take different times."""


@dataclass(frozen=True)
class Pair:
    """A window of one run and the window that belongs to it in another, in seconds; and the moment of the cursor."""

    one: OpenRun
    other: OpenRun
    window: tuple[float, float]
    other_window: tuple[float, float]
    at: float
    other_at: float

    @property
    def shared(self) -> list[tuple[Layer, Layer]]:
        """Populations of one name and size in both runs.   Errors: Empty where there is none, with what differs."""
        if self.layers:
            return self.layers
        there = {layer.name: layer.size for layer in self.other.trace.header.layers}
        sizes = {layer.name: layer.size for layer in self.one.trace.header.layers}
        differ = [f"{name} has {sizes[name]:,} and {there[name]:,} units" for name in sizes if name in there]
        told = "; ".join(differ) if differ else "no name is in both"
        raise Empty(f"{self.one.name} and {self.other.name} have no population of one name and size: {told}.")

    @property
    def layers(self) -> list[tuple[Layer, Layer]]:
        """Populations of one name and size in both runs."""
        there = {layer.name: layer for layer in self.other.trace.header.layers}
        pairs = [(layer, there[layer.name]) for layer in self.one.trace.header.layers if layer.name in there]
        return [(mine, its) for mine, its in pairs if mine.size == its.size]


def pair(run: OpenRun, query: Query) -> Pair:
    """Return `run` and the one it is compared with, on the window and the moment of `query`, aligned as `align` says.

    Errors: Empty where there is nothing to compare; UnknownName.
    """
    other = run.other(query)
    window, at = run.seconds(run.window(query)), run.moment(query)
    if query.choice("align", WAYS) == "time":
        return Pair(run, other, window, window, at, at)
    mine, its = stimuli(run), stimuli(other)
    first, last = (moved(mine, its, t) for t in window)
    return Pair(run, other, window, (first, max(first + other.tick, last)), at, moved(mine, its, at))


def moved(mine: Stimuli, its: Stimuli, seconds: float) -> float:
    """Return the time at which `its` had shown as much as `mine` at `seconds`; parts of a stimulus count too.

    Where `its` has shown less in all, time runs on after its end at the pace of its last stimulus.
    """
    place = mine.at(seconds)
    length = float(mine.t_end[place] - mine.t_start[place])
    part = (seconds - float(mine.t_start[place])) / length
    same = min(place, len(its) - 1)
    start, end = float(its.t_start[same]), float(its.t_end[same])
    return start + (part + place - same) * (end - start)
