"""Digits of N-MNIST somewhere on a larger sensor full of noise: are they told better from where attention went?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import RidgeClassifierCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from spikesight.base.randomness import generator
from spikesight.datasets.n_mnist import EventSet
from spikesight.encoding.event_steps import by_step
from spikesight.events.stream import EventStream, together
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.zoo.gaze import fixation
from spikesight.zoo.saliency import Regions, winners

CELL = 2
"""Pixels on a side of the cells in which events are counted."""

Place = tuple[int, int]
"""Left and upper pixel of a window."""


class Pasted(NamedTuple):
    """A digit on a larger sensor, and the left and upper pixel of its own frame."""

    events: EventStream
    place: Place


@dataclass(frozen=True)
class Canvas:
    """A sensor of `side` pixels with `noise` events per millisecond; windows of `crop` pixels are cut from it.

    Noise is uniform over pixels and over the first `milliseconds`, which are all that is looked at.
    """

    side: int = 64
    noise: float = 0.0
    milliseconds: int = 320
    crop: int = 28

    def pasted(self, digit: EventStream, random: np.random.Generator) -> Pasted:
        """Return a digit at a random place among noise."""
        left, top = (int(random.integers(0, self.side - size + 1)) for size in (digit.width, digit.height))
        t = np.sort(random.integers(0, 1000 * self.milliseconds, random.poisson(self.noise * self.milliseconds)))
        x, y = random.integers(0, self.side, (2, len(t)))
        p = random.random(len(t)) < 0.5
        noise = EventStream(t, x, y, p, self.side, self.side)
        there = digit.between(0, 1000 * self.milliseconds).pasted(left, top, self.side, self.side)
        return Pasted(together(there, noise), (left, top))

    def around(self, x: float, y: float) -> Place:
        """Return the window with its middle nearest to a place."""
        return round(x - (self.crop - 1) / 2), round(y - (self.crop - 1) / 2)

    def attended(self, regions: Regions, pasted: Pasted) -> Place:
        """Return the window around where attention went."""
        fired = winners(regions, by_step(pasted.events, regions.dt, self.milliseconds), FusedCpu())
        x, y = fixation(regions, fired)
        return self.around(x, y)

    def densest(self, pasted: Pasted) -> Place:
        """Return the window with most events: the control without neurons."""
        sums = np.zeros((self.side + 1, self.side + 1), np.int64)
        sums[1:, 1:] = pasted.events.counts.cumsum(axis=0).cumsum(axis=1)
        c = self.crop
        inside = sums[c:, c:] - sums[:-c, c:] - sums[c:, :-c] + sums[:-c, :-c]
        top, left = np.unravel_index(inside.argmax(), inside.shape)
        return int(left), int(top)

    def true(self, pasted: Pasted, digit_side: int) -> Place:
        """Return the window in the middle of the digit's own frame: what attention can reach at best."""
        off = (digit_side - self.crop) // 2
        return pasted.place[0] + off, pasted.place[1] + off


def counted(events: EventStream, place: Place, side: int) -> NDArray[np.float64]:
    """Return the roots of the numbers of events in the cells of a window, (cells,)."""
    counts = events.window(*place, side, side).counts
    cells = counts.reshape(side // CELL, CELL, side // CELL, CELL).sum(axis=(1, 3))
    roots: NDArray[np.float64] = np.sqrt(cells.reshape(-1))
    return roots


class Accuracies(NamedTuple):
    """Fractions of test recordings told right from windows and from the whole frame."""

    attended: float
    full: float
    densest: float
    true: float


def accuracies(
    found: EventSet, canvas: Canvas, regions: Regions, seed: int, draws: tuple[int, int], advance: Callable[[], None]
) -> Accuracies:
    """Train linear classifiers on the training recordings and test them on the others, each pasted `draws` times.

    The strength of the ridge is chosen on the training recordings alone. `advance` is called after each recording.
    """
    features: dict[str, list[list[NDArray[np.float64]]]] = {name: [[], []] for name in Accuracies._fields}
    labels: list[list[int]] = [[], []]
    halves = ((found.train, found.train_labels), (found.test, found.test_labels))
    for half, (streams, answers) in enumerate(halves):
        for digit, pasted, answer in _pastings(streams, answers, canvas, seed, half, draws[half]):
            places = {
                "attended": canvas.attended(regions, pasted),
                "densest": canvas.densest(pasted),
                "true": canvas.true(pasted, digit.width),
            }
            for name, place in places.items():
                features[name][half].append(counted(pasted.events, place, canvas.crop))
            features["full"][half].append(counted(pasted.events, (0, 0), canvas.side))
            labels[half].append(answer)
            advance()
    return Accuracies(*(_accuracy(features[name], labels) for name in Accuracies._fields))


def _pastings(
    streams: Sequence[EventStream], labels: NDArray[np.int64], canvas: Canvas, seed: int, half: int, draws: int
) -> Iterator[tuple[EventStream, Pasted, int]]:
    for number, (digit, label) in enumerate(zip(streams, labels, strict=True)):
        for draw in range(draws):
            yield digit, canvas.pasted(digit, generator(seed, "paste", half, number, draw)), int(label)


def _accuracy(features: list[list[NDArray[np.float64]]], labels: list[list[int]]) -> float:
    classifier = make_pipeline(StandardScaler(), RidgeClassifierCV(np.logspace(0, 5, 6)))
    train, test = (np.stack(half) for half in features)
    return float(classifier.fit(train, labels[0]).score(test, labels[1]))
