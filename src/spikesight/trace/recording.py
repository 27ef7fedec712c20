"""Recording batches: items that were computed together lie one after the other on a virtual time axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.trace.activity import Activity, Graded, Trains
from spikesight.trace.schema import VIRTUAL, Header
from spikesight.trace.watched import Sketch, Watched, in_steps
from spikesight.trace.writer import TraceWriter

SEVERAL = "several spikes in a step"
"""The mark at the first item in which a neuron of a layer gave more than one spike in a step."""


def header(sketch: Sketch, run: str, dataset: str, seed: int, version: str, classes: Sequence[str] = ()) -> Header:
    """Describe a network for a trace. `classes` are the names of what labels and answers count."""
    return Header(
        run=run,
        tick_ns=round(sketch.tick * 1e9),
        layers=sketch.layers,
        projections=sketch.projections,
        dataset=dataset,
        version=version,
        seed=seed,
        classes=tuple(str(one) for one in classes),
        time=VIRTUAL,
    )


class Recorder:
    """Writes items and weights. `shown` is how many items the trace holds already.

    Of a network that `classifies`, an item without an answer is a mistake; of another nothing is right or wrong.
    """

    def __init__(self, writer: TraceWriter, sketch: Sketch, shown: int = 0, classifies: bool = True) -> None:
        self.writer, self.sketch, self.shown, self.classifies = writer, sketch, shown, classifies
        self._several: set[str] = set()

    @property
    def clock(self) -> int:
        """The tick at which the next item begins."""
        return self.shown * self.sketch.steps

    def show(
        self, watched: Watched, labels: Sequence[int] | NDArray[Any], sources: NDArray[Any], epoch: int, split: str
    ) -> None:
        """Append items: their spikes in every layer, label (-1: none), answer, and place in the data set.

        Errors: UnknownName for a layer that the header has not, InputError where an item fires after its steps.
        """
        steps = self.sketch.steps
        for layer, activity in watched.layers.items():
            self._keep(layer, activity)
        for label, answer, answered, source in zip(labels, watched.answer, watched.answered, sources, strict=True):
            self.writer.stimulus(
                stim=self.shown,
                t_start=self.clock,
                t_end=self.clock + steps,
                label=int(label),
                prediction=int(answer),
                correct=bool(answer == label) if self.classifies and label >= 0 else None,
                latency=self._seconds(answered, watched),
                split=split,
                epoch=epoch,
                source=int(source),
            )
            self.shown += 1

    def weights(self, weights: Mapping[str, NDArray[Any]]) -> None:
        """Append a snapshot of the weights of each projection that the header lists; poolings have none."""
        for projection in self.sketch.projections:
            if projection.kernel and projection.kernel.pools:
                continue
            self.writer.weights(projection.name, self.clock, self.shown - 1, weights[projection.name])

    def curves(self, values: Mapping[str, float]) -> None:
        """Append a point to each of the curves named."""
        for name, value in values.items():
            self.writer.scalar(self.clock, name, value)

    def _keep(self, layer: str, activity: Activity) -> None:
        steps = self.sketch.steps
        if isinstance(activity, Graded):
            self.writer.values(layer, activity.variable, *activity.samples(steps, self.clock))
            return
        if isinstance(activity, Trains) and activity.most > 1 and layer not in self._several:
            self._several.add(layer)
            self.writer.mark(self.clock, SEVERAL, f"{layer}: up to {activity.most}, each a row of the same tick")
        self.writer.append(layer, activity.events(self.sketch.tick, steps, self.clock, self.shown))

    def _seconds(self, answered: float, watched: Watched) -> float | None:
        if not np.isfinite(answered):
            return None
        return float(answered) * (self.sketch.tick if in_steps(watched.layers) else 1.0)
