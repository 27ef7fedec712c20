"""Two layers of features learned without labels, and one that decides (Mozafari et al. 2019).

    ON / OFF contrasts of three sizes --conv1--> pool --conv2--> pool --conv3: maps that stand for classes--> answer

Card. Input: one latency per pixel, size and polarity. Neurons: no leak, one spike. Learning: sign-only STDP, one layer
after the other, then reward-modulated STDP of the neuron with the largest final potential. Output: its class.
Published: 97.2 % on MNIST.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from numpy.typing import ArrayLike

from spikesight.encoding.contrast import Bank, by_peak, difference_of_gaussians
from spikesight.encoding.latencies import Latencies
from spikesight.encoding.local_normalisation import by_local_mean
from spikesight.encoding.rank import EqualCount
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.learning.stdp import Stdp
from spikesight.first_spike.pooling import Pooling
from spikesight.first_spike.stage import Stage

RULE = Stdp(0.004, -0.003, doubling=500)
"""Of both stages, up to 0.15."""

CONVERGED = 0.002
"""Mean of w (1 - w) with which a stage has learned enough."""

PUBLISHED_POOLING = Pooling((3, 3))

OVERLAPPING = Pooling((3, 3), (2, 2))
"""Windows of the same size, of which each shares a row and a column with the next: 6 x 6 places of 14 x 14."""


@dataclass(frozen=True)
class OnOffSizes:
    """ON and OFF cells of several sizes, (B, 2 sizes, H, W): centres a ninth of the size wide, surrounds two ninths.

    Contrasts below `threshold` never fire; what is left is divided by its mean over (2 radius + 1)^2 pixels, each map
    by its own. `same_scale` gives both signs one threshold. SpykeTorch divides each kernel by its own largest value:
    its OFF kernels of size 3, 7 and 13 are 6.41, 9.78 and 9.58 times those of ON, so that far more OFF cells fire.
    Borders are black.
    """

    sizes: tuple[int, ...] = (3, 7, 13)
    threshold: float = 50.0
    radius: int = 8
    same_scale: bool = False
    coding: Callable[[Any], Latencies] = field(default_factory=lambda: EqualCount(15))

    def __call__(self, images: ArrayLike) -> Latencies:
        """Return the first spikes of images (B, H, W). An image without contrast gives none.

        Errors: InputError for NaN, other shapes, and images smaller than the largest kernel.
        """
        return self.coding(by_local_mean(self._bank(images), self.radius))

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the maps."""
        return ("on", "off") * len(self.sizes)

    @cached_property
    def _bank(self) -> Bank:
        kernels = []
        for size in self.sizes:
            on = difference_of_gaussians(size, size / 9, 2 * size / 9)
            kernels += [on, -on if self.same_scale else by_peak(-on)]
        return Bank(kernels, self.threshold, zeros=True)


def stages(
    first: int = 30,
    second: int = 250,
    images: tuple[int, int] = (10_000, 20_000),
    passing: float | None = None,
    pooling: Pooling = PUBLISHED_POOLING,
) -> tuple[Stage, Stage]:
    """Return the two stages for images of 28 x 28, with `first` and `second` maps that learn from so many `images`.

    conv2 learns with a threshold of 10 and passes spikes on with that of `passing`, if given. `pooling` lies behind it:
    the published one leaves 4 x 4 places. All maps of a place may fire: what decides sees everything that is there.
    """
    conv1 = Convolution(first, (5, 5), 15.0, padding=(2, 2))
    conv2 = Convolution(second, (3, 3), 10.0, padding=(1, 1))
    return (
        Stage("conv1", conv1, Pooling((2, 2)), RULE, 5, 3, images[0], CONVERGED, crowded=True),
        Stage("conv2", conv2, pooling, RULE, 8, 1, images[1], CONVERGED, crowded=True, passing=passing),
    )
