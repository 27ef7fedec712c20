"""One layer that decides, behind oriented edges (Mozafari et al. 2018).

    image --Gabors--> S1 --strongest of a window--> C1 --latency--> S2: maps that stand for classes --> first spike

Card. Input: one latency per window, that of its strongest edge; one orientation at each place. Neurons: no leak, one
spike, weights shared by a map. Learning: reward-modulated STDP of the first neuron to fire. Output: its class.
Published: 98.9 % on faces and motorbikes, 89.5 % on ETH-80 (figures not verified).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from numpy.typing import ArrayLike

from spikesight.encoding.contrast import Bank, gabor
from spikesight.encoding.latencies import Latencies
from spikesight.encoding.lateral import BoostStronger, DelayLater, strongest_map_per_place
from spikesight.encoding.rank import EqualCount
from spikesight.first_spike.pooling import Pooling

DEGREES = (67.5, 112.5, 157.5, 202.5)
"""Of the four orientations, a quarter of a right angle off the axes of the image."""


@dataclass(frozen=True)
class OrientedEdges:
    """S1 and C1: Gabors of `size` x `size` pixels at angles `degrees`, of either sign; the strongest of each `pooling`
    window; `inhibition` between neighbours of a map; then the strongest orientation of each place, coded by `coding`.

    Edges of less than `threshold` never fire. `DelayLater` is the inhibition of the paper, `BoostStronger` that of
    SpykeTorch; None leaves neighbours alone. Images are repeated beyond their border.
    Source: Mozafari et al. 2018, section II; constants as in SpykeTorch's MozafariShallow.py, where bins are filled
    before one orientation is chosen.
    """

    size: int = 5
    degrees: tuple[float, ...] = DEGREES
    threshold: float = 0.0
    pooling: Pooling = Pooling((7, 7), (6, 6))  # noqa: RUF009 (frozen)
    inhibition: DelayLater | BoostStronger | None = DelayLater()  # noqa: RUF009 (frozen)
    coding: Callable[[Any], Latencies] = field(default_factory=lambda: EqualCount(15))

    def __call__(self, images: ArrayLike) -> Latencies:
        """Return the first spikes (B, orientations, rows, columns) of images (B, H, W). A flat image gives none.

        Errors: InputError for NaN, other shapes, and images smaller than a Gabor or a window.
        """
        strongest = self.pooling.largest(self._bank(images))
        if self.inhibition is not None:
            strongest = self.inhibition.intensities(strongest)
        return self.coding(strongest_map_per_place(strongest))

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the maps."""
        return tuple(f"{angle:g} degrees" for angle in self.degrees)

    @cached_property
    def _bank(self) -> Bank:
        return Bank([gabor(self.size, angle) for angle in self.degrees], self.threshold, absolute=True)
