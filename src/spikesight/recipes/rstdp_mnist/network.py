"""The networks of this recipe: the paper's, a finer one, and a smaller one for enlarged digits."""

from __future__ import annotations

from spikesight.estimators.reward_stdp import RewardSTDP
from spikesight.first_spike.learning.reward_stdp import RewardStdp
from spikesight.first_spike.learning.stdp import Stdp
from spikesight.zoo.mozafari_deep import OVERLAPPING, OnOffSizes, stages


def rule(plus: float, weaken: float, recover: float) -> RewardStdp:
    """Return the rule of the deep network: weights of 0.2 to 0.8, not stabilised, scales of every 1,000 images.

    A reward adds `plus` and takes `weaken` from inputs that did not fire; a punishment takes `plus`, and adds
    `recover` to those.
    """
    return RewardStdp(
        Stdp(plus, -weaken, 0.2, 0.8, stabilised=False),
        Stdp(-plus, recover, 0.2, 0.8, stabilised=False),
        least=0.0,
        every=1000,
    )


PUBLISHED = rule(0.004, 0.003, 0.0005)
"""As in SpykeTorch's MozafariDeep.py, but with the scales of chance at the beginning."""

BALANCED = rule(0.024, 0.012, 0.012)
"""What one punishment does, one reward undoes. Six times the published rate, to cool down from."""

STEADY = rule(0.008, 0.004, 0.004)
"""The same, slower: for networks whose rates do not cool down, and for few images."""

PER_ROUND = 29_000
"""Images: half of a pass."""


def published(passes: int, cooling: float, seed: int) -> RewardSTDP:
    """Return the network of the paper: windows of 5 x 5 at each of the 4 x 4 places."""
    return RewardSTDP(
        20,
        (5, 5),
        padding=(2, 2),
        rule=PUBLISHED,
        passes=passes,
        cooling=cooling,
        stages=stages(),
        encoder=OnOffSizes(),
        per_round=PER_ROUND,
        seed=seed,
    )


def coarse(passes: int, cooling: float, seed: int) -> RewardSTDP:
    """Return the network with the paper's 4 x 4 places, all of which each of 20 maps per digit sees at once."""
    network = fine(passes, cooling, seed)
    network.set_params(rule=STEADY, stages=stages())
    return network


def fine(passes: int, cooling: float, seed: int) -> RewardSTDP:
    """Return the network with 6 x 6 places, from windows that overlap, all of which each map sees at once."""
    return RewardSTDP(
        20,
        rule=BALANCED,
        passes=passes,
        cooling=cooling,
        stages=stages(passing=14.0, pooling=OVERLAPPING),
        encoder=OnOffSizes(),
        per_round=PER_ROUND,
        seed=seed,
    )


def for_digits(passes: int, cooling: float, seed: int) -> RewardSTDP:
    """Return a small network for enlarged digits."""
    return RewardSTDP(
        10,
        rule=STEADY,
        passes=passes,
        cooling=cooling,
        stages=stages(16, 64, images=(4000, 8000), pooling=OVERLAPPING),
        encoder=OnOffSizes(),
        per_round=1347,
        seed=seed,
    )
