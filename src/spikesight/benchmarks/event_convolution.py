"""How much a convolution of few spikes gains by adding them one by one, and that choosing the way costs nothing.

Layer of 64 maps of 3 x 3 on 32 maps of 64 x 64, as in the middle of a convolutional network, both ways on one core and
in the memory format that torch is fastest with. A layer that chooses by density, with the density at which both are as
fast measured before, is compared with torch's alone at each density.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from spikesight.base.cores import LIMIT
from spikesight.base.errors import SpikesightError
from spikesight.base.optional import require
from spikesight.base.randomness import generator
from spikesight.benchmarks.report import Curve, Report
from spikesight.benchmarks.timing import timed
from spikesight.runs.machine import machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from torch import Tensor

DENSITIES = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4)
ITEMS, MAPS_IN, MAPS_OUT, SIDE, TURNS = 8, 32, 64, 64, 15
CLOSE = 1e-4
"""Sums of up to 288 weights below 0.06, in another order and in single precision."""


def measure(side: int = SIDE, turns: int = TURNS) -> Report:
    """Measure and return the report; `side` pixels, `turns` for each median.

    Errors: MissingExtra without torch, SpikesightError where the two ways disagree.
    """
    require("torch", "train")
    with _one_core():
        return _measured(side, turns)


def _measured(side: int, turns: int) -> Report:
    import torch
    from torch import nn

    from spikesight.deep.event_convolution import EventConv2d, crossover

    dense = nn.Conv2d(MAPS_IN, MAPS_OUT, 3, padding=1).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    below = crossover(dense, _spikes(0.02, side))
    chooses = EventConv2d(dense, below)
    seconds: dict[str, list[float]] = {"dense": [], "events": [], "chosen": []}
    gains, costs = [], []
    with torch.inference_mode():
        for density in DENSITIES:
            x = _spikes(density, side)
            ways: dict[str, Callable[[], Tensor]] = {
                "dense": partial(dense, x),
                "events": partial(chooses.by_events, x),
                "chosen": partial(chooses, x),
            }
            if (ways["dense"]() - ways["events"]()).abs().max() > CLOSE:
                raise SpikesightError("a convolution by events differs from torch's: please report this")
            times: dict[str, list[float]] = {name: [] for name in ways}
            for _ in range(turns):
                for name, way in ways.items():
                    times[name].append(timed(way) / ITEMS)
            for name, found in times.items():
                seconds[name].append(median(found))
            gains.append(median(d / e for d, e in zip(times["dense"], times["events"], strict=True)))
            costs.append(median(c / d for c, d in zip(times["chosen"], times["dense"], strict=True)))
    by_density = dict(zip(DENSITIES, gains, strict=True))
    return Report(
        name="event-convolution",
        figures={"crossover_density": below, "dense_ms_per_image": 1e3 * seconds["dense"][2]},
        ratios={
            "events_vs_dense_at_1_percent": by_density[0.01],
            "events_vs_dense_at_5_percent": by_density[0.05],
            "events_vs_dense_at_10_percent": by_density[0.1],
            "worst_chosen_over_dense": max(costs),
        },
        machine=machine(),
        curves={"seconds per image": Curve("density", "s", list(DENSITIES), seconds)},
    )


def _spikes(density: float, side: int) -> Tensor:
    import torch

    random = generator(0, "spikes", round(1e6 * density))
    fired = random.random((ITEMS, side, side, MAPS_IN)) < density
    return torch.from_numpy(fired.astype(np.float32)).permute(0, 3, 1, 2)


@contextmanager
def _one_core() -> Iterator[None]:
    import torch

    threads, limit = torch.get_num_threads(), os.environ.get(LIMIT)
    torch.set_num_threads(1)
    os.environ[LIMIT] = "1"
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        if limit is None:
            del os.environ[LIMIT]
        else:
            os.environ[LIMIT] = limit
