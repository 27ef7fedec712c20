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
            winners=min(5, first),
            radius=2,
            images=images[0],
        ),
        Stage(
            "conv2",
            Convolution(second, (2, 2), 1.0, padding=(1, 1)),
            Pooling((2, 2), padding=(1, 1)),
            RULE,
            winners=min(8, second),
            radius=1,
            images=images[1],
        ),
    )


def objects(first: int = 16, second: int = 200, images: tuple[int, int] = (6_000, 16_000)) -> tuple[Stage, Stage]:
    """Return two stages for pictures of 64 x 64 in which an object stands alone, as those of ETH-80.

    Windows of 5 x 5 in both; the paper's three stages are for pictures several times as large.
    """
    return (
        Stage("conv1", Convolution(first, (5, 5), 10.0, padding=(2, 2)), Pooling((3, 3)), RULE, 4, 2, images=images[0]),
        Stage("conv2", Convolution(second, (5, 5), 8.0, padding=(2, 2)), Pooling((2, 2)), RULE, 4, 3, images=images[1]),
    )


def pictures(
    first: int = 4, second: int = 20, third: int = 20, images: tuple[int, int, int] = (3_000, 5_000, 6_000)
) -> tuple[Stage, Stage, Stage]:
    """Return the three stages for pictures of 80 x 125, as those of faces and motorbikes.

    The paper's are 160 x 250: the windows of the second stage and of the pooling are half as large here, 9 instead of
    17 and 4 instead of 7, and its threshold is half as high. Source: SDNN_python; paper, section 3.1.
    """
    return (
        Stage(
            "conv1",
            Convolution(first, (5, 5), 10.0, padding=(2, 2)),
            Pooling((4, 4), (3, 3)),
            RULE,
            min(4, first),
            2,
            images=images[0],
        ),
        Stage("conv2", Convolution(second, (9, 9), 30.0), Pooling((3, 3)), RULE, 4, 2, images=images[1]),
        Stage("conv3", Convolution(third, (5, 5), 2.0, padding=(2, 2)), None, RULE, 2, 2, images=images[2]),
    )
