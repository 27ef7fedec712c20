"""An image coded by neurons, by uniform quantisers and by JPEG: rate and likeness of each."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from spikesight.analysis.fidelity import psnr, ssim
from spikesight.base.errors import MissingExtra
from spikesight.encoding.dead_zone import DeadZone
from spikesight.encoding.decode import HalfCount, OnMinusOff
from spikesight.encoding.entropy import entropy
from spikesight.encoding.quantize import LifQuantizer, OnOff, uniform_step
from spikesight.recipes.lif_quantizer.fronts import Front

Picture = NDArray[np.uint8]


class Point(NamedTuple):
    """Bits per pixel, PSNR in dB and SSIM (None without scikit-image) of a coded image."""

    rate: float
    psnr: float
    ssim: float | None


@dataclass(frozen=True)
class Comparison:
    """A neuron's quantiser on an image, beside others. `windows` is T over tau.

    `same` is the uniform one with the neuron's step and dead zone. `plain`, with a dead zone of one step, and `jpeg`
    are at the neuron's rate, between the two nearest points of their curves; None where their curves do not reach it.
    """

    image: str
    front: str
    threshold: float
    windows: float
    step: float
    lif: Point
    same: Point
    plain: Point | None
    jpeg: Point | None

    @property
    def gap(self) -> float:
        """How far apart the neuron and its uniform counterpart are, in dB of PSNR, whichever is better."""
        return abs(self.same.psnr - self.lif.psnr)


def point(image: Picture, copy: NDArray[Any], rate: float) -> Point:
    """Return how like `image` its `copy` is, at `rate` bits per pixel. Copies are shown as grey levels, 0 to 255."""
    shown = np.clip(copy, 0.0, 255.0)
    return Point(rate, psnr(image, shown), similarity(image, shown))


def similarity(image: Picture, copy: NDArray[Any]) -> float | None:
    """Return SSIM, None where scikit-image is not installed."""
    try:
        return ssim(image, copy)
    except MissingExtra:
        return None


def by_neurons(image: Picture, front: Front, quantizer: LifQuantizer) -> tuple[Point, NDArray[np.float64]]:
    """Return the point of two neurons per value, ON and OFF, and the decoded image."""
    counts = OnOff(quantizer)(front.bands(image))
    copy = front.image(OnMinusOff(HalfCount(quantizer))(counts), image.shape)
    return point(image, copy, _rate(counts[0] - counts[1], image)), copy


def by_dead_zone(image: Picture, front: Front, quantiser: DeadZone) -> Point:
    """Return the point of a uniform quantiser."""
    cells = quantiser(front.bands(image))
    return point(image, front.image(quantiser.decode(cells), image.shape), _rate(cells, image))


def by_jpeg(image: Picture, quality: int) -> Point:
    """Return the point of a JPEG file, headers included."""
    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=quality, optimize=True)
    return point(image, np.asarray(Image.open(file)), 8.0 * file.tell() / image.size)


def at_rate(curve: Sequence[Point], rate: float) -> Point | None:
    """Return the point of a curve at `rate`, on the line between its neighbours; None outside."""
    ordered = sorted(curve)
    rates = [one.rate for one in ordered]
    if not rates[0] <= rate <= rates[-1]:
        return None
    known = [one.ssim for one in ordered if one.ssim is not None]
    likeness = float(np.interp(rate, rates, known)) if len(known) == len(rates) else None
    return Point(rate, float(np.interp(rate, rates, [one.psnr for one in ordered])), likeness)


def compare(
    name: str,
    image: Picture,
    front: Front,
    quantizers: Sequence[LifQuantizer],
    steps: Sequence[float],
    jpeg: Sequence[Point],
) -> Iterator[Comparison]:
    """Compare every quantiser with the uniform one like it, and with the curves over `steps` and of JPEG."""
    plain = [by_dead_zone(image, front, DeadZone(step, step)) for step in steps]
    for quantizer in quantizers:
        neuron, window = quantizer.neuron, quantizer.window
        step = uniform_step(neuron, window)
        lif, _ = by_neurons(image, front, quantizer)
        first = float(quantizer.level(np.array([1]))[0])
        yield Comparison(
            image=name,
            front=front.name,
            threshold=neuron.threshold,
            windows=window / neuron.tau,
            step=step,
            lif=lif,
            same=by_dead_zone(image, front, DeadZone(step, first)),
            plain=at_rate(plain, lif.rate),
            jpeg=at_rate(jpeg, lif.rate),
        )


def _rate(symbols: NDArray[np.int64], image: Picture) -> float:
    """Return bits per pixel: each band costs the entropy of its own symbols."""
    return float(sum(entropy(band) * band.size for band in symbols) / image.size)
