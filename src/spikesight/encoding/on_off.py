"""ON and OFF cells of an image, as first spikes: the strongest contrast fires first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from numpy.typing import ArrayLike

from spikesight.encoding.contrast import Bank, difference_of_gaussians
from spikesight.encoding.latencies import Latencies
from spikesight.encoding.local_normalisation import by_local_mean
from spikesight.encoding.rank import EqualCount


@dataclass(frozen=True)
class OnOff:
    """A difference of Gaussians of `size` x `size` and its negative, (B, 2, H, W), coded by `coding`.

    `centre` and `surround` are standard deviations in pixels; the kernel's middle is 1. Contrasts below `threshold`, on
    the scale of the image, never fire. With a `radius`, contrasts are divided by their mean over (2 radius + 1)^2
    pixels. `off_gain` multiplies the OFF kernel: 1 treats both alike; 7.898 is what SpykeTorch's normalisation does to
    its kernel of size 7, widths 1 and 2. Without `off` there are only ON cells, (B, 1, H, W). Borders are repeated.
    Source: Kheradpisheh et al. 2018, section 2.1; constants as in SpykeTorch's KheradpishehDeep.py.
    """

    size: int = 7
    centre: float = 1.0
    surround: float = 2.0
    threshold: float = 50.0
    radius: int | None = 8
    coding: Callable[[Any], Latencies] = field(default_factory=lambda: EqualCount(15))
    off: bool = True
    off_gain: float = 1.0

    def __call__(self, images: ArrayLike) -> Latencies:
        """Return the first spikes of images (B, H, W). An image without contrast gives none.

        Errors: InputError for NaN, other shapes, and images smaller than the kernel.
        """
        contrasts = self._bank(images)
        return self.coding(contrasts if self.radius is None else by_local_mean(contrasts, self.radius))

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the maps."""
        return ("on", "off") if self.off else ("on",)

    @cached_property
    def _bank(self) -> Bank:
        kernel = difference_of_gaussians(self.size, self.centre, self.surround)
        return Bank([kernel, -self.off_gain * kernel] if self.off else [kernel], self.threshold)
