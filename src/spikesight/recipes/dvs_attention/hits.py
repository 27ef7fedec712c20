"""How often attention goes to an object rather than to noise, and what it lets through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.randomness import generator
from spikesight.circuits.engine import Fired
from spikesight.datasets.outlines import Drawn, Outlines
from spikesight.encoding.event_steps import by_step
from spikesight.encoding.spike_list import SpikeList
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.zoo.gaze import Window
from spikesight.zoo.saliency import Attention, Regions, attend, winners


class Hits(NamedTuple):
    """Wins of regions, and how many of them touch an object."""

    wins: int
    hits: int

    @property
    def rate(self) -> float | None:
        """Hits per win; None where nothing won."""
        return self.hits / self.wins if self.wins else None


@dataclass(frozen=True)
class Trials:
    """`count` scenes of one kind; scene k of a seed is always the same."""

    scene: Outlines
    count: int
    seed: int
    purpose: str = "scene"

    def __iter__(self) -> Iterator[tuple[Drawn, SpikeList]]:
        for k in range(self.count):
            drawn = self.scene.draw(generator(self.seed, self.purpose, k))
            yield drawn, by_step(drawn.events, 1e-3, self.scene.milliseconds)


def touched(regions: Regions, scene: Outlines, drawn: Drawn) -> NDArray[np.bool_]:
    """Return which regions each object touches, (milliseconds, objects, regions)."""
    rows, columns = np.divmod(np.arange(regions.shape[0] * regions.shape[1]), regions.shape[1])
    left, top = (drawn.places[:, :, axis, None] for axis in (0, 1))
    within = [
        (place * regions.block < begin + scene.square) & ((place + 1) * regions.block > begin)
        for place, begin in ((columns, left), (rows, top))
    ]
    both: NDArray[np.bool_] = within[0] & within[1]
    return both


def visited(fired: Fired, where: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which objects each win touches, (wins, objects): a region answers the events of the step before."""
    on: NDArray[np.bool_] = where[np.maximum(fired.step - 1, 0), :, fired.unit]
    return on


def hits(regions: Regions, trials: Trials) -> Hits:
    """Count wins and hits of the regions over all trials."""
    counted = np.zeros(2, np.int64)
    for drawn, events in trials:
        fired = winners(regions, events, FusedCpu())
        on = np.any(visited(fired, touched(regions, trials.scene, drawn)), axis=1)
        counted += len(fired.unit), on.sum()
    return Hits(*(int(n) for n in counted))


def hits_of_counts(regions: Regions, trials: Trials) -> Hits:
    """The control without neurons: in each step with events, the region with most of them, the lowest of equals."""
    counted = np.zeros(2, np.int64)
    for drawn, events in trials:
        where: NDArray[np.bool_] = np.any(touched(regions, trials.scene, drawn), axis=1)
        counts = np.zeros((events.steps, where.shape[-1]), np.int64)
        np.add.at(counts, (events.times, regions.of_pixel[events.units]), 1)
        any_event = counts.any(axis=1)
        counted += any_event.sum(), where[np.arange(events.steps), counts.argmax(axis=1)][any_event].sum()
    return Hits(*(int(n) for n in counted))


def chance(regions: Regions, trials: Trials) -> float:
    """Return the share of regions that touch an object: what a random choice hits."""
    return float(np.mean([touched(regions, trials.scene, drawn).any(axis=1).mean() for drawn, _ in trials]))


def both_visited(regions: Regions, trials: Trials) -> int:
    """Return in how many scenes every object was visited."""
    return sum(
        bool(visited(winners(regions, events, FusedCpu()), touched(regions, trials.scene, drawn)).any(axis=0).all())
        for drawn, events in trials
    )


class Selected(NamedTuple):
    """Shares of all events, and of the events of objects, that the output passed on."""

    kept: float
    of_objects: float


def selected(attention: Attention, trials: Trials) -> Selected:
    """Return what the output lets through, over all trials.

    A spike of the output in step k stands for the event of its pixel in step k - 1. One that passes later, because the
    gate opened while it was still remembered, counts as lost.
    """
    all_events = objects = kept = kept_of_objects = 0
    for drawn, events in trials:
        size = attention.regions.width * attention.regions.height
        passed = attend(attention, events, FusedCpu()).passed
        let_through = np.zeros((events.steps, size), np.bool_)
        let_through[passed.step - 1, passed.unit] = True
        through = let_through[drawn.events.t // 1000, drawn.events.pixel]
        of_object = drawn.source >= 0
        all_events, kept = all_events + len(through), kept + int(through.sum())
        objects += int(of_object.sum())
        kept_of_objects += int(through[of_object].sum())
    return Selected(kept / all_events, kept_of_objects / objects)


def seen(window: Window, regions: Regions, trials: Trials) -> Selected:
    """Return what lies within a window that follows the winners; it stands in a step where earlier events sent it."""
    counted = np.zeros(4, np.int64)
    for drawn, events in trials:
        path = window.path(regions, winners(regions, events, FusedCpu()), events.steps)
        pixel = np.stack([drawn.events.x, drawn.events.y], axis=-1).astype(np.float64)
        inside = window.sees(path, drawn.events.t // 1000, pixel)
        of_object = drawn.source >= 0
        counted += len(inside), inside.sum(), of_object.sum(), inside[of_object].sum()
    every, kept, objects, kept_of_objects = (int(n) for n in counted)
    return Selected(kept / every, kept_of_objects / objects)
