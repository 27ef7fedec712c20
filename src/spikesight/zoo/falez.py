"""Convolutions with thresholds that seek a target time (Falez et al. 2019).

    ON / OFF contrasts --5x5--> conv1 --pool--> --5x5--> conv2 --pool--> --4x4--> fc1

Card. Input: one latency per pixel and polarity. Neurons: no leak, one spike, all maps may fire at a place. Learning:
STDP of the first neuron to fire on one random patch of each image, thresholds that make winners fire at a target time,
one layer after the other, without labels. Output: how early neurons fire, for a linear classifier. Published with
98.6 % on MNIST.
"""

from __future__ import annotations

from collections.abc import Sequence

from spikesight.first_spike.adaptive_stage import AdaptiveStage
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.learning.falez import Biological, Rule
from spikesight.first_spike.learning.target_time import TargetTime
from spikesight.first_spike.pooling import Pooling

NAMES = ("conv1", "conv2", "fc1")
KERNELS = (5, 5, 4)
THRESHOLDS = (8.0, 10.0, 10.0)
"""Where the thresholds of each stage begin; they adapt."""


def digits(
    maps: Sequence[int] = (32, 128, 4096),
    passes: Sequence[int] = (100, 100, 100),
    annealing: Sequence[float] = (0.95, 0.95, 0.95),
    rule: Rule = Biological(1.0, 0.1),  # noqa: B008 (frozen)
    targets: Sequence[TargetTime] = 3 * (TargetTime(0.75, 0.1, 1.0),),
) -> tuple[AdaptiveStage, ...]:
    """Return the stages for images of 28 x 28: one, two or three, as `maps` has; the defaults are the published ones.

    Maps of 24 x 24, pooled to 12 x 12, then 8 x 8, pooled to 4 x 4, then single neurons.
    """
    return tuple(
        AdaptiveStage(
            NAMES[number],
            Convolution(maps[number], (KERNELS[number],) * 2, THRESHOLDS[number]),
            Pooling((2, 2)) if number < 2 else None,
            rule,
            targets[number],
            passes[number],
            annealing[number],
        )
        for number in range(len(maps))
    )
