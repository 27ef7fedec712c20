"""Features of several sizes, each learned by a layer of its own (Kheradpisheh, Ganjtabesh & Masquelier 2015).

    image at 100 % --Gabors, local contrast--> C1 --S2 maps, learned--> best of each map |
    image at  71 % --   the same   --> C1 --S2 maps, windows smaller --> best of each map | features
    image at  50 % --   the same   --> C1 --S2 maps, smaller still   --> best of each map |

Card. Input: one latency per window, that of its strongest edge for its surroundings; one orientation at each place.
Neurons: no leak, one spike, weights shared by a map. Learning: sign-only STDP of the first to fire, without labels; who
fires keeps its neighbours from learning. Output: for a classifier, how well each map's best place fits.
Published: about 81 % on ETH-80 (not verified).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spikesight.encoding.contrast import Bank, by_norm, checked_images, gabor
from spikesight.encoding.latencies import Latencies
from spikesight.encoding.lateral import DelayLater, strongest_map_per_place
from spikesight.encoding.local_normalisation import by_patch_norm
from spikesight.encoding.rank import EqualCount
from spikesight.encoding.rescaling import rescaled
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.learning.stdp import Stdp
from spikesight.first_spike.pooling import Pooling
from spikesight.first_spike.stage import Stage

DEGREES = (22.5, 67.5, 112.5, 157.5)
SCALES = (1.0, 0.71, 0.5)

RULE = Stdp(2.0**-6, -0.75 * 2.0**-6, doubling=400, largest=0.25)
"""Rates double every 400 images, from 2^-6 up to 2^-2, as in the authors' C# code."""


@dataclass(frozen=True)
class LocalEdges:
    """S1 and C1 at one scale: how much of its patch each Gabor of `size` x `size` explains, at `degrees`.

    Images are first made `scale` times as large. Responses are divided by the length of the patch, so that light does
    not matter; those below `least` never fire. Then the strongest of each `pooling` window, `inhibition` between
    neighbours of a map, the strongest orientation of each place, and ranks by `coding`.
    Source: Masquelier & Thorpe 2007; constants as in the C# code of Mozafari et al. 2018, for images of twice the size.
    """

    scale: float = 1.0
    least: float = 0.015
    pooling: Pooling = Pooling((5, 5), (3, 3))  # noqa: RUF009 (frozen)
    inhibition: DelayLater = DelayLater()  # noqa: RUF009 (frozen)
    coding: Callable[[Any], Latencies] = field(default_factory=lambda: EqualCount(30))
    size: int = 5
    degrees: tuple[float, ...] = DEGREES

    def __call__(self, images: ArrayLike) -> Latencies:
        """Return the first spikes (B, orientations, rows, columns) of images (B, H, W). A flat image gives none.

        Errors: InputError for NaN, other shapes, and images smaller than a Gabor or a window.
        """
        x = rescaled(checked_images(images), self.scale)
        explained = by_patch_norm(self._bank(x), x, self.size)
        explained[explained < self.least] = 0.0
        strongest = self.inhibition.intensities(self.pooling.largest(explained))
        return self.coding(np.ascontiguousarray(strongest_map_per_place(strongest)))

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the maps."""
        return tuple(f"{angle:g} degrees" for angle in self.degrees)

    @cached_property
    def _bank(self) -> Bank:
        kernels = [gabor(self.size, angle, normalise=by_norm) for angle in self.degrees]
        return Bank(kernels, threshold=None, absolute=True)


@dataclass(frozen=True)
class Band:
    """One scale: its edges, and the stage that learns from them."""

    edges: LocalEdges
    stage: Stage


def bands(
    maps: int = 133,
    windows: Sequence[int] = (16, 11, 8),
    share: float = 0.35,
    images: int = 8000,
    winners: int = 3,
    scales: Sequence[float] = SCALES,
) -> tuple[Band, ...]:
    """Return a band for each scale: `maps` features of `windows` places of C1 down and across.

    A neuron fires when more than `share` of its window has said what it likes. Up to `winners` maps learn from each of
    `images` images; a winner keeps those nearer than half its window from learning.
    """
    return tuple(
        Band(
            LocalEdges(scale),
            Stage(
                f"s2_{round(100 * scale)}",
                Convolution(maps, (window, window), share * window**2),
                rule=RULE,
                winners=winners,
                radius=window // 2,
                images=images,
            ),
        )
        for scale, window in zip(scales, windows, strict=True)
    )
