"""A neuron per value as the quantiser of an image coder, held against the quantiser that coders use."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from spikesight.base.atomic import storage, write_bytes
from spikesight.base.errors import MissingExtra, RunError
from spikesight.datasets.photographs import photographs
from spikesight.encoding.quantize import LifQuantizer, uniform_step
from spikesight.equations.leaky import Params
from spikesight.recipes.contract import Order, Result, result_of
from spikesight.recipes.experiment import experiment
from spikesight.recipes.lif_quantizer.coding import Comparison, Picture, Point, by_jpeg, by_neurons, compare
from spikesight.recipes.lif_quantizer.figure import rate_and_likeness
from spikesight.recipes.lif_quantizer.fronts import Cosines, Pixels
from spikesight.runs.folder import Run
from spikesight.runs.plain import plain

THRESHOLDS = (2.0, 5.0, 10.0, 20.0, 30.0)
WINDOWS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
"""Of a membrane time constant."""

SHORT = 0.5
"""Up to this window, in time constants, the claim is made; from 1 on is the control."""

FINEST = 2.0
"""Grey levels are whole: cells narrower than two of them compare how numbers are rounded."""

STEPS = tuple(float(step) for step in 2.0 * 2.0 ** (np.arange(22) / 3.0))
QUALITIES = (1, 2, 5, 10, 15, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 95, 98, 100)
SHOWN = (0.25, 0.5, 1.0)


@dataclass(frozen=True)
class LifQuantizerRecipe:
    """See the README beside this file. `tau` in seconds changes nothing but the scale of time."""

    tau: float = 20e-3

    name = "lif-quantizer"

    def quantizers(self) -> list[LifQuantizer]:
        """Return the neurons and windows that are tried."""
        tried = [
            LifQuantizer(Params(tau=self.tau, threshold=threshold), window * self.tau)
            for threshold in THRESHOLDS
            for window in WINDOWS
        ]
        return [one for one in tried if uniform_step(one.neuron, one.window) >= FINEST]

    def train(self, order: Order) -> Path:
        """Code, decode and compare; nothing is trained.   Errors: RunError, StorageFull."""
        return self._tried(order).folder

    def reproduce(self, order: Order) -> Result:
        """See `Recipe.reproduce`."""
        run = self._tried(order)
        metrics = run.facts["metrics"]
        return result_of(run.folder, order, metrics["worst_gap_db"], metrics["worst_gap_db_long_windows"])

    def _tried(self, order: Order) -> Run:
        started = time.perf_counter()
        with experiment(self.name, order, {"settings": {"tau": str(self.tau)}}) as run:
            images = _images(order.quick)
            jpeg = {name: [by_jpeg(image, quality) for quality in QUALITIES] for name, image in images.items()}
            compared = [
                one
                for name, image in images.items()
                for front in (Pixels(), Cosines())
                for one in compare(name, image, front, self.quantizers(), STEPS, jpeg[name])
            ]
            run.update(metrics={**summary(compared), "seconds": time.perf_counter() - started})
            _write(run, "curve.json", json.dumps(plain("curve", [row(one) for one in compared]), indent=1).encode())
            _picture(run, images, self.quantizers())
            try:
                _write(run, "curve.svg", rate_and_likeness(compared, jpeg))
                print(f"Figure: {run.folder / 'curve.svg'}", file=order.stream or sys.stderr)
            except MissingExtra as error:
                print(f"No curve.svg, only curve.json: {error}", file=order.stream or sys.stderr)
        return run


def summary(compared: Sequence[Comparison]) -> dict[str, float | None]:
    """Return the figures of the claim: gaps to the uniform counterpart, and differences at equal rate, in dB."""
    short = [one for one in compared if one.windows <= SHORT]
    cosines = [one for one in short if one.front == "cosines"]
    pixels = [one for one in compared if one.front == "pixels"]
    return {
        "worst_gap_db": max(one.gap for one in short),
        "worst_gap_db_long_windows": max(one.gap for one in compared if one.windows >= 1.0),
        "median_db_over_plain_cosines": _median([(one.lif, one.plain) for one in cosines]),
        "most_db_below_plain_pixels": _most_lost([one for one in pixels if one.windows <= SHORT]),
        "most_db_below_plain_pixels_long_windows": _most_lost(pixels),
        "median_db_over_jpeg_cosines": _median([(one.lif, one.jpeg) for one in cosines]),
        "median_db_over_jpeg_pixels": _median([(one.lif, one.jpeg) for one in short if one.front == "pixels"]),
    }


def row(one: Comparison) -> dict[str, Any]:
    """Return a comparison as plain values."""
    facts = asdict(one)
    for name in ("lif", "same", "plain", "jpeg"):
        coded: Point | None = getattr(one, name)
        facts[name] = None if coded is None else coded._asdict()
    return {**facts, "gap_db": one.gap}


def _median(pairs: Sequence[tuple[Point, Point | None]]) -> float | None:
    differences = [one.psnr - other.psnr for one, other in pairs if other is not None]
    return float(np.median(differences)) if differences else None


def _most_lost(compared: Sequence[Comparison]) -> float:
    return max(one.plain.psnr - one.lif.psnr for one in compared if one.plain is not None)


def _images(quick: bool) -> dict[str, Picture]:
    found = photographs()
    return {"flower": found["flower"][::2, ::2]} if quick else found


def _picture(run: Run, images: dict[str, Picture], quantizers: Sequence[LifQuantizer]) -> None:
    """Write each image beside its decoded versions for growing windows, the pixels as neurons saw them."""
    shown = [one for one in quantizers if one.neuron.threshold == 10.0 and one.window / one.neuron.tau in SHOWN]
    for name, image in images.items():
        copies = [np.clip(by_neurons(image, Pixels(), one)[1], 0.0, 255.0) for one in shown]
        strip = np.concatenate([image, *copies], axis=1).astype(np.uint8)
        with storage(run.folder, RunError):
            Image.fromarray(strip).save(run.folder / f"decoded-{name}.png")


def _write(run: Run, name: str, data: bytes) -> None:
    with storage(run.folder, RunError):
        write_bytes(run.folder / name, data)


RECIPE = LifQuantizerRecipe()
