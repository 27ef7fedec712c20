"""First-spike networks with time as an axis, in torch: what is usually written, and the baseline of the benchmark.

A layer's activity is a wave (T, maps, rows, columns) of 0 and 1 that stays 1 once a neuron has fired. Every step of it
is convolved, all T of an image in one call.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from spikesight.base.optional import require
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.pooling import Pooling
from spikesight.first_spike.stage import Stage

torch: Any = require("torch", "train")
convolve: Any = torch.nn.functional.conv2d


class Forward(NamedTuple):
    """The potentials of the last layer (maps, rows, columns) in the last step, and the most bytes alive at once."""

    potentials: Any
    peak: int


def potentials_of(layer: Convolution, w: Any, wave: Any) -> Any:
    """Return the potentials (T, maps, rows, columns) behind a wave."""
    return convolve(wave, w, stride=layer.stride, padding=layer.padding, dilation=layer.dilation)


def wave_of(layer: Convolution, potentials: Any) -> Any:
    """Return the wave of those above the threshold; with weights above 0 potentials never fall."""
    return (potentials > layer.threshold).to(potentials.dtype)


def pooled(pooling: Pooling, wave: Any) -> Any:
    """Return the wave behind a pooling."""
    return torch.nn.functional.max_pool2d(wave, pooling.window, pooling.moves, pooling.padding)


def one_map_per_place(potentials: Any, wave: Any) -> Any:
    """Return the wave of the maps that fire first at their places; the larger potential decides, then the lower map."""
    steps = len(wave)
    at = steps - wave.sum(dim=0)
    now = at.clamp(max=steps - 1).long()[None]
    there = torch.gather(potentials, 0, now)[0] * (at < steps)
    # One number that is larger for the earlier, and among those in one step for the larger potential.
    rank = there + (steps - at) * (there.max() + 1) * (at < steps)
    first = torch.zeros_like(rank).scatter_(0, rank.argmax(dim=0, keepdim=True), 1.0)
    return wave * first


def forward(layers: Sequence[Convolution | Pooling], weights: Sequence[Any], wave: Any, inhibited: bool) -> Forward:
    """Follow the wave of an image through layers; only the last step of the last one is convolved."""
    peak, left = 0, list(weights)
    for layer in layers[:-1]:
        if isinstance(layer, Pooling):
            following = pooled(layer, wave)
            alive = [wave, following]
        else:
            v = potentials_of(layer, left.pop(0), wave)
            following = wave_of(layer, v)
            alive = [wave, v, following]
            if inhibited:
                following = one_map_per_place(v, following)
        peak = max(peak, sum(tensor.nbytes for tensor in alive))
        wave = following
    last = layers[-1]
    assert isinstance(last, Convolution)
    return Forward(potentials_of(last, left.pop(0), wave[-1:])[0], peak)


def train(stage: Stage, w: Any, waves: Sequence[Any]) -> int:
    """Let a stage learn from the waves of images, one after the other, changing `w`; return how many neurons won."""
    won = 0
    for number, wave in enumerate(waves, start=1):
        v = potentials_of(stage.convolution, w, wave)
        fired = one_map_per_place(v, wave_of(stage.convolution, v))
        for m, row, column, step in _winners(v, fired, stage.winners, stage.radius):
            _learn(stage, w, wave, (m, row, column, step), number)
            won += 1
    return won


def _winners(v: Any, wave: Any, k: int, radius: int) -> list[tuple[int, int, int, int]]:
    steps = len(wave)
    at = steps - wave.sum(dim=0)
    there = torch.gather(v, 0, at.clamp(max=steps - 1).long()[None])[0] * (at < steps)
    rank = there + (steps - at) * (there.max() + 1) * (at < steps)
    found: list[tuple[int, int, int, int]] = []
    while len(found) < k:
        best = int(rank.argmax())
        if rank.view(-1)[best] == 0:
            break
        m, row, column = (int(i) for i in np.unravel_index(best, rank.shape))
        found.append((m, row, column, int(at[m, row, column])))
        rank[m] = 0
        if radius:
            rank[:, max(0, row - radius) : row + radius + 1, max(0, column - radius) : column + radius + 1] = 0
    return found


def _learn(stage: Stage, w: Any, wave: Any, winner: tuple[int, int, int, int], number: int) -> None:
    """Change one map's kernel by what its winner saw, for a stage without stride, padding and dilation."""
    m, row, column, step = winner
    rows, columns = stage.convolution.kernel
    before = wave[step, :, row : row + rows, column : column + columns] > 0
    plus, minus = (torch.tensor(rate, dtype=w.dtype) for rate in stage.rule.rates(number))
    kernel = w[m]
    kernel += torch.where(before, plus, minus) * (kernel - stage.rule.low) * (stage.rule.high - kernel)
    kernel.clamp_(stage.rule.low, stage.rule.high)
