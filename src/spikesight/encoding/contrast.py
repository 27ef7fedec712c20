"""Where an image changes: differences of Gaussians, Gabor kernels, and a bank of them over batches of images.

A kernel that sums to 0 gives nothing where an image is flat. ON and OFF cells are one kernel and its negative, so that
one threshold means the same for both. (SpykeTorch divides each by its own largest value: its OFF kernel of size 7 is
7.898 times its ON kernel. `difference_of_gaussians(7, 2, 1)` is that kernel, for comparisons.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError
from spikesight.encoding.correlation import correlate

Kernel = NDArray[np.float64]


def by_peak(kernel: Kernel) -> Kernel:
    """Return the kernel divided by its largest value, as SpykeTorch does.   Errors: InputError for a flat one."""
    _check_not_flat(kernel)
    scaled: Kernel = kernel / kernel.max()
    return scaled


def by_norm(kernel: Kernel) -> Kernel:
    """Return the kernel divided by its Euclidean length, so that a patch equal to it answers with its own length.

    Errors: InputError for a flat one.
    """
    _check_not_flat(kernel)
    scaled: Kernel = kernel / np.linalg.norm(kernel)
    return scaled


def difference_of_gaussians(
    size: int,
    centre: float,
    surround: float,
    power: float = 2.0,
    normalise: Callable[[Kernel], Kernel] = by_peak,
) -> Kernel:
    """Return a narrow Gaussian less a wide one, (size, size), summing to 0.

    ``(G_centre / centre^power - G_surround / surround^power) / 2 pi``, less its mean, then normalised. `centre` and
    `surround` are standard deviations in pixels.
    Errors: InputError for an even size, widths that are not above 0 and different, and where nothing is left of it
    (size 1).   Source: SpykeTorch, DoGKernel (power 2); SDNN_python has power 1.
    """
    if not (min(centre, surround) > 0.0 and centre != surround):
        raise InputError(f"two different widths above 0 are needed, got {centre} and {surround}")
    square = _square_distance(size)
    narrow, wide = (np.exp(-square / (2.0 * s * s)) / s**power for s in (centre, surround))
    kernel = (narrow - wide) / (2.0 * np.pi)
    return normalise(kernel - kernel.mean())


def difference_of_unit_gaussians(size: int, centre: float, surround: float) -> Kernel:
    """Return the difference of two Gaussians that sum to 1 each, (size, size): nothing else is normalised.

    Errors: InputError for an even size or widths not above 0.   Source: Falez et al. 2019 (with replicated borders).
    """
    if not min(centre, surround) > 0.0:
        raise InputError(f"widths are above 0, got {centre} and {surround}")
    square = _square_distance(size)
    narrow, wide = (np.exp(-square / (2.0 * s * s)) for s in (centre, surround))
    difference: Kernel = narrow / narrow.sum() - wide / wide.sum()
    return difference


def gabor(
    size: int,
    degrees: float,
    div: float = 4.0,
    normalise: Callable[[Kernel], Kernel] = by_peak,
    circular: bool = False,
) -> Kernel:
    """Return an oriented wave under a Gaussian, (size, size), summing to 0.

    Wavelength 2 size / div, Gaussian 0.8 of it wide, aspect 0.3; rows are x: X = row cos + column sin. A `circular`
    one is 0 outside the largest circle, and its mean is that of the inside.
    Errors: InputError for an even size, a div not above 0, and where nothing is left of it (size 1).
    Source: Mozafari et al. 2018; `by_peak` as in SpykeTorch, `by_norm` as in the authors' C# code.
    """
    if not div > 0.0:
        raise InputError(f"div is above 0, got {div}")
    square = _square_distance(size)
    half = size // 2
    row, column = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float64)
    angle = np.deg2rad(degrees)
    along = row * np.cos(angle) + column * np.sin(angle)
    across = column * np.cos(angle) - row * np.sin(angle)
    wavelength = 2.0 * size / div
    kernel = np.exp(-(along**2 + (0.3 * across) ** 2) / (2.0 * (0.8 * wavelength) ** 2))
    kernel *= np.cos(2.0 * np.pi * along / wavelength)
    inside = square <= (size / 2.0) ** 2 if circular else np.ones(square.shape, np.bool_)
    return normalise(np.where(inside, kernel - kernel[inside].mean(), 0.0))


@dataclass(frozen=True, eq=False)
class Bank:
    """Kernels that look at every place of an image; smaller ones are centred in the largest.

    `padding` rows and columns surround the image, by default as many as keep its size; they repeat its border, so that
    a flat image has no contrast at its edge, or are 0 with `zeros`, as in SpykeTorch. Responses below `threshold` (one
    for all kernels, or one each) become 0; with None they stay as they are, of either sign. An `absolute` response
    loses its sign before the threshold is applied.
    Errors: InputError for no kernels, kernels that are not square, of odd size and finite, thresholds that are NaN or
    of another number.
    """

    kernels: Sequence[Kernel]
    threshold: float | Sequence[float] | None = 0.0
    padding: int | None = None
    zeros: bool = False
    absolute: bool = False

    def __post_init__(self) -> None:
        if not len(self.kernels):
            raise InputError("a bank has one kernel at least")
        for kernel in self.kernels:
            if np.ndim(kernel) != 2 or len(kernel) % 2 == 0 or np.shape(kernel) != (len(kernel), len(kernel)):
                raise InputError(f"kernels are square and of odd size, got {np.shape(kernel)}")
            if not np.isfinite(kernel).all():
                raise InputError("a kernel holds NaN or infinite values")
        limits = np.asarray(0.0 if self.threshold is None else self.threshold, np.float64)
        if limits.ndim > 1 or (limits.ndim and len(limits) != len(self.kernels)):
            raise InputError(f"{len(self.kernels)} kernels have {limits.size} thresholds: one for all, or each")
        if np.isnan(limits).any():
            raise InputError("a threshold is NaN: give a number, or None for responses as they are")
        if self.padding is not None and self.padding < 0:
            raise InputError(f"padding is 0 or more, got {self.padding}")

    @property
    def size(self) -> int:
        """Side of the largest kernel."""
        return max(len(kernel) for kernel in self.kernels)

    @property
    def stack(self) -> NDArray[np.float64]:
        """The kernels, each centred in the size of the largest: (K, size, size)."""
        edges = [(self.size - len(kernel)) // 2 for kernel in self.kernels]
        return np.stack([np.pad(kernel, edge) for kernel, edge in zip(self.kernels, edges, strict=True)])

    def __call__(self, images: ArrayLike) -> NDArray[np.float32]:
        """Return maps (B, K, H', W') of images (B, H, W).

        Errors: InputError for NaN, for images that are not (B, H, W), and for images smaller than the kernels.
        """
        x = checked_images(images)
        edge = self.size // 2 if self.padding is None else self.padding
        if min(x.shape[1:]) + 2 * edge < self.size:
            raise InputError(f"images of {x.shape[1:]} padded by {edge} are smaller than kernels of {self.size}")
        around = ((0, 0), (edge, edge), (edge, edge))
        padded = np.pad(x, around) if self.zeros else np.pad(x, around, mode="edge")
        found = np.empty((len(x), len(self.kernels), *(n + 2 * edge - self.size + 1 for n in x.shape[1:])), np.float32)
        for k, kernel in enumerate(self.kernels):
            twin = _twin(self.kernels[:k], kernel)
            if twin is not None:
                np.multiply(found[:, twin[0]], twin[1], out=found[:, k])
                continue
            inner = (self.size - len(kernel)) // 2
            rows, columns = (slice(inner, n - inner) for n in padded.shape[1:])
            found[:, k] = correlate(padded[:, rows, columns], np.asarray(kernel, np.float64)[None])[:, 0]
        return self._kept(found)

    def _kept(self, found: NDArray[np.float32]) -> NDArray[np.float32]:
        if self.absolute:
            np.abs(found, out=found)
        if self.threshold is not None:
            least = np.broadcast_to(np.asarray(self.threshold, np.float32), len(self.kernels))
            found[found < least[:, None, None]] = 0.0
        return found


def on_off(kernels: Sequence[Kernel]) -> list[Kernel]:
    """Return each kernel followed by its negative: ON and OFF cells of the same scale.

    So one threshold is as easy for either. The maps of a `Bank` of them are ON, OFF, ON, OFF ...
    """
    return [signed for kernel in kernels for signed in (kernel, -kernel)]


def checked_images(images: ArrayLike) -> NDArray[Any]:
    """Return images (B, H, W).   Errors: InputError for other shapes, NaN, infinite values and what is no number."""
    x = np.asarray(images)
    if x.dtype.kind not in "buif":
        raise InputError(f"images are real numbers, got {x.dtype}")
    if x.ndim != 3:
        raise InputError(f"images are (B, H, W), got shape {x.shape}: rows of pixels want reshape(len(X), H, W)")
    if x.dtype.kind == "f" and not np.isfinite(x).all():
        raise InputError(f"images hold {int((~np.isfinite(x)).sum())} NaN or infinite values; clean the input first")
    return x


def _twin(before: Sequence[Kernel], kernel: Kernel) -> tuple[int, float] | None:
    """Return which of the kernels before is this one or its negative, and the sign: what need not be computed twice."""
    for k, other in enumerate(before):
        for sign in (1.0, -1.0):
            if np.shape(other) == np.shape(kernel) and np.array_equal(np.asarray(other) * sign, kernel):
                return k, sign
    return None


def _check_not_flat(kernel: Kernel) -> None:
    if not kernel.max() > 0.0:
        raise InputError(f"a kernel of {len(kernel)} x {len(kernel)} that sums to 0 is flat: take a larger one")


def _square_distance(size: int) -> NDArray[np.float64]:
    if size < 1 or size % 2 == 0:
        raise InputError(f"kernels have a middle: an odd size is needed, got {size}")
    half = np.arange(size, dtype=np.float64) - size // 2
    return half[:, None] ** 2 + half[None, :] ** 2
