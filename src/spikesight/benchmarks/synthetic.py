"""Made-up traces of any size: five layers like those of a small convolutional network, stimuli of 350 ms."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from spikesight.base.randomness import generator
from spikesight.trace.schema import Header, Layer
from spikesight.trace.writer import TraceWriter

LAYERS: Final = {"input": (2, 34, 34), "conv1": (32, 24, 24), "conv2": (64, 12, 12), "fc1": (512,), "out": (10,)}
SHARES: Final = {"input": 0.28, "conv1": 0.45, "conv2": 0.22, "fc1": 0.04, "out": 0.01}
"""Parts of all spikes."""
CLASSES: Final = 10
SPIKES_PER_STIMULUS: Final = 40_000
SECONDS: Final = 0.35
BLOCK: Final = 8
"""Stimuli that are made, and appended, together."""


class Piece(NamedTuple):
    """Spikes of one layer: t (N,) ticks in order, unit (N,), and the stimulus of each (N,)."""

    layer: str
    t: np.ndarray
    unit: np.ndarray
    stim: np.ndarray


def header(tick_ns: int) -> Header:
    """Describe the made-up network, with ticks of `tick_ns` nanoseconds."""
    layers = tuple(Layer(name, shape) for name, shape in LAYERS.items())
    return Header("synthetic", tick_ns, layers, (), "made up", classes=tuple(str(one) for one in range(CLASSES)))


def pieces(spikes: int, tick_ns: int, seed: int = 0) -> Iterator[tuple[np.ndarray, list[Piece]]]:
    """Yield the labels of a block of stimuli and its spikes, until there were about `spikes`.

    Rates differ from unit to unit (gamma), a third of the units prefers a class, and a stimulus begins with a volley.
    """
    random = generator(seed, "made-up trace")
    ticks = round(SECONDS * 1e9 / tick_ns)
    lottery = {name: _lottery(int(np.prod(shape)), random) for name, shape in LAYERS.items()}
    for first in range(0, max(1, round(spikes / SPIKES_PER_STIMULUS)), BLOCK):
        labels = random.integers(0, CLASSES, BLOCK)
        made = [_piece(name, lottery[name], labels, first, ticks, random) for name in LAYERS]
        yield labels, made


def record(
    folder: Path, spikes: int, tick_ns: int, seed: int = 0, each: Callable[[], None] = lambda: None
) -> tuple[int, float]:
    """Write a made-up trace and return its spikes, and the seconds of processor that writing took in all threads.

    Making the spikes is not counted. While they are made, the writer goes on in its own thread: what it does then would
    be missed by a clock of this one. `each` is called after every block, such as to look at the memory of the process.
    """
    facts, total, stim = header(tick_ns), 0, 0
    ticks = round(SECONDS * 1e9 / tick_ns)
    started, making = time.process_time(), 0.0
    writer, blocks = TraceWriter.create(folder, facts), pieces(spikes, tick_ns, seed)
    while True:
        began = time.thread_time()
        block = next(blocks, None)
        making += time.thread_time() - began
        if block is None:
            break
        labels, made = block
        for label in labels:
            writer.stimulus(
                stim=stim,
                t_start=stim * ticks,
                t_end=(stim + 1) * ticks,
                label=int(label),
                prediction=int(label),
                correct=True,
            )
            stim += 1
        for piece in made:
            writer.spikes(piece.layer, piece.t, piece.unit, piece.stim)
            total += len(piece.t)
        each()
    writer.close()
    return total, time.process_time() - started - making


def _lottery(size: int, random: np.random.Generator) -> list[np.ndarray]:
    """Return for every class the units as often as they fire: drawing from it is drawing by rate."""
    rates = random.gamma(0.7, 1.0, size)
    favourite = np.where(random.random(size) < 1 / 3, random.integers(0, CLASSES, size), -1)
    tickets = 1 << 16
    found = []
    for label in range(CLASSES):
        weight = rates * np.where(favourite == label, 4.0, np.where(favourite < 0, 1.0, 0.5))
        found.append(random.choice(size, tickets, p=weight / weight.sum()).astype(np.int32))
    return found


def _piece(
    name: str, lottery: list[np.ndarray], labels: np.ndarray, first: int, ticks: int, random: np.random.Generator
) -> Piece:
    times, units, stims = [], [], []
    for place, label in enumerate(labels):
        count = int(random.poisson(SPIKES_PER_STIMULUS * SHARES[name]))
        # A volley at the beginning, then a steady tail: the square of a uniform number is denser near zero.
        t = np.sort((random.random(count) ** 1.6 * ticks).astype(np.int64))
        times.append(t + (first + place) * ticks)
        units.append(lottery[label][random.integers(0, len(lottery[label]), count)])
        stims.append(np.full(count, first + place, np.int32))
    return Piece(name, np.concatenate(times), np.concatenate(units), np.concatenate(stims))
