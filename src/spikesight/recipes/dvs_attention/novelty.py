"""Does the attention neuron tire of a digit that comes again and again, and not of another one?"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from spikesight.encoding.event_steps import by_step
from spikesight.events.stream import EventStream, together
from spikesight.zoo.attention_neuron import AttentionNeuron

LENGTH = 320
"""Milliseconds from one recording to the next."""
SILENT = AttentionNeuron(threshold=math.inf)
"""It never fires, so that nothing but habit moves its potential."""


class Habit(NamedTuple):
    """Highest potential that a recording causes, in shares of what it causes when it comes first: medians over pairs of
    the last repetition, and of another recording that follows.
    """

    habit_repeated: float
    habit_novel: float


@dataclass(frozen=True)
class Repeats:
    """A recording `times` times, then another one, before an attention neuron that never fires."""

    neuron: AttentionNeuron = SILENT
    times: int = 5

    def habit(self, recordings: Sequence[EventStream]) -> Habit:
        """Return what becomes of the response, each recording being followed by the next one in the list."""
        ratios = []
        for one, other in itertools.pairwise(recordings):
            peaks = self._peaks([one] * self.times + [other])
            fresh = self._peaks([other])[0]
            ratios.append((peaks[self.times - 1] / peaks[0], peaks[self.times] / fresh))
        repeated, novel = np.median(ratios, axis=0)
        return Habit(float(repeated), float(novel))

    def _peaks(self, shown: Sequence[EventStream]) -> list[float]:
        pieces = [one.between(0, 1000 * LENGTH).later(1000 * LENGTH * k) for k, one in enumerate(shown)]
        spikes = by_step(together(*pieces), 1e-3, LENGTH * len(shown))
        v = self.neuron.watch(spikes, shown[0].width * shown[0].height).v
        return [float(peak) for peak in v.reshape(len(shown), LENGTH).max(axis=1)]
