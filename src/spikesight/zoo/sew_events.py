"""SEW networks for event cameras: one block after the other, each followed by pooling, on frames of event counts.

Source: Fang et al., Deep residual learning in spiking neural networks, NeurIPS 2021: "7B-Net" and "Wide-7B-Net".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep.network import Network
from spikesight.deep.neurons.leaky import PLIF
from spikesight.deep.residual import Add, Basic, Join, MakeNeuron, SewBlock, fire, projection
from spikesight.deep.some_frames import SomeFrames

HALF = 1e-3 / math.log(2.0)
"""tau (seconds) whose decay in a step of 1 ms is 1/2: the published tau of 2 steps, which decays by 1 - 1/2."""


@dataclass(frozen=True)
class SewEvents:
    """A block for each of `channels`; the first `poolings` of them are followed by pooling 2 x 2.

    Where channels change, a normalised 1 x 1 convolution with neurons comes before the block. `frames`, if any, are
    drawn of the sequence in each step of training, in their order; answers use all.
    Errors: InputError without a block.
    """

    channels: tuple[int, ...] = (32,) * 7
    poolings: int = 7
    join: Join = Add()  # noqa: RUF009 (frozen)
    neuron: MakeNeuron = partial(PLIF, tau=HALF, through_reset=False)  # noqa: RUF009 (it makes one for each use)
    frames: int | None = None

    def __post_init__(self) -> None:
        if not self.channels:
            raise InputError("a network has a block at least: give channels")

    def build(self, shape: Sequence[int], classes: int) -> Network:
        """Return the network for frames of `shape` (C, H, W): (T, B, C, H, W) in, (T, B, classes) out.

        Errors: InputError where the frames are too small for so many poolings.
        """
        inputs, rows, columns = shape
        if min(rows, columns) >> self.poolings < 1:
            raise InputError(f"frames of {rows} x {columns} are too small for {self.poolings} poolings")
        layers: dict[str, nn.Module] = {} if self.frames is None else {"frames": SomeFrames(self.frames)}
        for at, outputs in enumerate(self.channels):
            widen = projection(inputs, outputs, 1)
            if widen is not None:
                layers[f"widen{at + 1}"] = fire(widen, self.neuron)
            branch = fire(Basic().branch(outputs, outputs, 1, self.neuron), self.neuron)
            layers[f"block{at + 1}"] = SewBlock(branch, join=self.join)
            if at < self.poolings:
                layers[f"pool{at + 1}"] = nn.MaxPool2d(2)
            inputs = outputs
        places = (rows >> self.poolings) * (columns >> self.poolings)
        return Network(**layers, flat=nn.Flatten(), out=nn.Linear(inputs * places, classes))


GESTURE = SewEvents(frames=12)
"""7B-Net for DVS Gesture: 16 frames of 2 x 128 x 128, of which training draws 12."""

CIFAR10_DVS = SewEvents((64,) * 4 + (128,) * 3)
"""Wide-7B-Net for CIFAR10-DVS: 16 frames of 2 x 128 x 128."""
