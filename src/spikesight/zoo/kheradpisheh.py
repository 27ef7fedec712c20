"""Deep networks of first spikes that learn by STDP, layer after layer (Kheradpisheh et al. 2018).

    ON / OFF contrasts --conv--> maps --pool--> --conv--> maps [--pool--> --conv--> maps]

Card. Input: one latency per pixel and polarity. Neurons: no leak, one spike, at most one map at each place. Learning:
sign-only STDP of the first to fire, one layer after the other, without labels. Output: features for a classifier.
Published with 98.4 % on MNIST, 99.1 % on faces and motorbikes, 82.8 % on ETH-80, by linear classifiers on them.
"""

from __future__ import annotations

from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.learning.stdp import Stdp
from spikesight.first_spike.pooling import Pooling
from spikesight.first_spike.stage import Stage

RULE = Stdp(0.004, -0.003, doubling=500)
"""The rates of the paper, doubled every 500 images up to 0.15 as in SpykeTorch's KheradpishehDeep.py."""


def digits(first: int = 32, second: int = 150, images: tuple[int, int] = (20_000, 20_000)) -> tuple[Stage, Stage]:
    """Return the two stages for images of 28 x 28: windows of 5 x 5, then of 2 x 2 on pooled maps.

    `first` and `second` are numbers of maps, `images` the most that each stage learns from.
    Source: SpykeTorch, KheradpishehDeep.py; there only the rates of the first stage grow.
    """
    return (
        Stage(
            "conv1",
            Convolution(first, (5, 5), 10.0, padding=(2, 2)),
            Pooling((2, 2), padding=(1, 1)),
            RULE,
            winners=5,
            radius=2,
            images=images[0],
        ),
        Stage(
            "conv2",
            Convolution(second, (2, 2), 1.0, padding=(1, 1)),
            Pooling((2, 2), padding=(1, 1)),
            RULE,
            winners=8,
            radius=1,
            images=images[1],
        ),
    )
