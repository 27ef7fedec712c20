"""Regions of a sensor compete for its events: does attention stay with the object when there is far more noise?"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from spikesight.base.atomic import storage, write_bytes
from spikesight.base.errors import MissingExtra, RunError
from spikesight.base.progress import Progress, progress
from spikesight.base.randomness import generator
from spikesight.circuits.engine import Engine
from spikesight.datasets.n_mnist import EventSet, n_mnist
from spikesight.datasets.outlines import Outlines
from spikesight.datasets.slider_depth import slider_depth
from spikesight.encoding.event_steps import by_step, steps_to_last
from spikesight.encoding.spike_list import SpikeList
from spikesight.events.stream import EventStream
from spikesight.recipes.contract import Order, Result, result_of
from spikesight.recipes.dvs_attention.digits import Accuracies, Canvas, accuracies
from spikesight.recipes.dvs_attention.figure import saliency
from spikesight.recipes.dvs_attention.hits import (
    Trials,
    both_visited,
    chance,
    hits,
    hits_of_counts,
    seen,
    selected,
)
from spikesight.recipes.dvs_attention.novelty import Repeats
from spikesight.recipes.dvs_attention.recording import led, looked_at
from spikesight.recipes.settings import settings_of
from spikesight.recipes.simulation import Piece, Scenario, simulation
from spikesight.runs.folder import Run
from spikesight.trace.probe import Probe
from spikesight.zoo.gaze import Window
from spikesight.zoo.saliency import Attention, Local, Regions

NOISES = (2, 10, 20, 50)
"""Events of noise per event of an object."""
CLUTTERS = (0.0, 40.0, 160.0)
"""Events of noise per millisecond around a digit, which itself has about 13."""
DRAWS = (1, 5)
"""How often each recording for training and for testing is pasted: there are only 60 for testing."""
WINDOW = Window(side=18, memory=20e-3)
"""Chosen on scenes of other random numbers than those measured on."""
OTHERS = {"local": Local(), "uninhibited": Local(strength=0.0)}
"""What the published inhibition is compared with."""
PROBES = (Probe("events.spikes"), Probe("regions.spikes"), Probe("output.spikes"))
Figures = dict[str, float | None]


@dataclass(frozen=True)
class DvsAttention:
    """See the README beside this file: `threshold` in events, `tau` in seconds, `block` in pixels, `scenes` per
    number (twice as many with two objects).
    """

    threshold: float = 4.0
    tau: float = 2.5e-3
    block: int = 5
    scenes: int = 10

    name = "dvs-attention"

    def train(self, order: Order) -> Path:
        """Measure and record; nothing is trained.   Errors: MissingData, RunError, StorageFull."""
        return self._tried(order).folder

    def reproduce(self, order: Order) -> Result:
        """See `Recipe.reproduce`."""
        run = self._tried(order)
        metrics = run.facts["metrics"]
        return result_of(run.folder, order, metrics["hits_10x"], metrics["hits_10x_counts"])

    def regions(self, width: int, height: int) -> Regions:
        """Return the regions of a sensor."""
        return Regions(width, height, self.block, self.tau, self.threshold)

    def _tried(self, order: Order) -> Run:
        started = time.perf_counter()
        found = None if order.quick else n_mnist(order.data)
        slider = None if order.quick else slider_depth(order.data)
        recording = _recording(order.seed, found)
        with simulation(self._scenario(recording, order), order) as under_way:
            under_way.finish(order)
            run = under_way.run
            with progress("measuring", self._work(order, found), order.stream) as bar:
                figures = self._on_scenes(order, bar)
                if found is not None and slider is not None:
                    figures |= self._on_digits(found, order.seed, bar) | self._on_slider(slider, order.seed)
                    figures |= Repeats().habit(found.test[:11])._asdict()
            self._draw(recording, run, order)
            run.update(metrics={**figures, "seconds": time.perf_counter() - started})
        return run

    def _scenario(self, recording: EventStream, order: Order) -> Scenario:
        """The recording before the whole network, a millisecond at a time: thresholds move in between."""
        attention = Attention(self.regions(recording.width, recording.height))
        dt = attention.regions.dt
        length = steps_to_last(recording, dt)
        events = by_step(recording, dt, length)

        def inputs(first: int, steps: int) -> tuple[Mapping[str, SpikeList], Mapping[str, NDArray[Any]]]:
            return {"events": events.part(first, first + steps)}, {}

        def after(engine: Engine, piece: Piece) -> Mapping[str, float]:
            attention.turn(engine)
            return {}

        return Scenario(
            self.name,
            attention.network,
            attention.parameters,
            seconds=length * dt,
            inputs=inputs,
            after=after,
            probes=PROBES,
            piece=dt,
            quick=order.quick,
            settings=settings_of(self),
            facts={"recording": "outlines" if order.quick else "N-MNIST, first for testing, in noise"},
        )

    def _work(self, order: Order, found: EventSet | None) -> int:
        digits = 0 if found is None else DRAWS[0] * len(found.train) + DRAWS[1] * len(found.test)
        return 2 * len(NOISES) + 3 + len(CLUTTERS) * digits

    def _on_scenes(self, order: Order, bar: Progress) -> Figures:
        scene, regions = Outlines(), self.regions(64, 64)
        count = min(self.scenes, 3) if order.quick else self.scenes
        figures: Figures = {}
        for times in NOISES:
            trials = Trials(replace(scene, noise=_noise(scene, times)), count, order.seed)
            found, plain = hits(regions, trials), hits_of_counts(regions, trials)
            figures |= {f"hits_{times}x": found.rate, f"wins_{times}x": found.wins, f"hits_{times}x_counts": plain.rate}
            for other, inhibition in OTHERS.items():
                figures[f"hits_{times}x_{other}"] = hits(replace(regions, inhibition=inhibition), trials).rate
            bar.advance(2)
        trials = Trials(replace(scene, noise=_noise(scene, 10)), count, order.seed)
        figures["chance"] = chance(regions, trials)
        window, gate = seen(WINDOW, regions, trials), selected(Attention(regions), trials)
        figures |= {"window_kept": window.kept, "window_of_object": window.of_objects}
        figures |= {"gate_kept": gate.kept, "gate_of_object": gate.of_objects}
        bar.advance(2)
        two = Trials(replace(scene, objects=2, noise=_noise(scene, 2)), 2 * count, order.seed, "two")
        figures |= {"both_visited": both_visited(regions, two), "scenes_of_two": two.count}
        bar.advance(1)
        return figures

    def _on_digits(self, found: EventSet, seed: int, bar: Progress) -> Figures:
        figures: Figures = {}
        for noise in CLUTTERS:
            canvas = Canvas(noise=noise)
            told = accuracies(
                found, canvas, self.regions(canvas.side, canvas.side), seed, DRAWS, lambda: bar.advance(1)
            )
            figures |= {f"digits_{noise:.0f}_{name}": getattr(told, name) for name in Accuracies._fields}
        return figures

    def _on_slider(self, slider: EventStream, seed: int) -> Figures:
        figures: Figures = {}
        for times in (0, 1, 2, 5, 10):
            found = led(self.regions(slider.width, slider.height), slider, times, seed)
            figures |= {f"slider_{times}x": found.hits, f"slider_{times}x_wins": found.wins}
        return figures

    def _draw(self, recording: EventStream, run: Run, order: Order) -> None:
        regions = self.regions(recording.width, recording.height)
        fired = looked_at(regions, recording)
        try:
            with storage(run.folder, RunError):
                write_bytes(run.folder / "saliency.svg", saliency(recording, regions, fired, WINDOW))
            print(f"Figure: {run.folder / 'saliency.svg'}", file=order.stream or sys.stderr)
        except MissingExtra as error:
            print(f"No saliency.svg: {error}", file=order.stream or sys.stderr)


def _recording(seed: int, found: EventSet | None) -> EventStream:
    """What is recorded and drawn: a digit among noise, or two outlines where there are no data."""
    random = generator(seed, "recording")
    if found is None:
        return Outlines(objects=2, noise=10.0).draw(random).events
    return Canvas(noise=40.0).pasted(found.test[0], random).events


def _noise(scene: Outlines, times: float) -> float:
    """Hertz per pixel that make `times` as many events of noise as an object makes."""
    return 1000 * times * scene.signal / scene.side**2


RECIPE = DvsAttention()
"""As the README describes it."""
