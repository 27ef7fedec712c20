"""The networks of this recipe: the paper's, for pictures of half its size."""

from __future__ import annotations

from spikesight.estimators.reward_stdp import RewardSTDP
from spikesight.first_spike.learning.reward_stdp import RewardStdp
from spikesight.first_spike.learning.stdp import Stdp
from spikesight.first_spike.pooling import Pooling
from spikesight.zoo.mozafari_shallow import OrientedEdges

HALF_OF_SEVEN_BY_SIX = Pooling((4, 4), (3, 3))
HALF_OF_FIVE_BY_FOUR = Pooling((3, 3), (2, 2))


def for_faces_motorbikes(passes: int, cooling: float, seed: int) -> RewardSTDP:
    """Return the network for two classes: 20 maps that see 17 x 17 windows, the rates of the authors' own program."""
    rule = RewardStdp(Stdp(0.05, -0.025), Stdp(-0.05, 0.005), least=0.2)
    return RewardSTDP(
        10,
        (17, 17),
        threshold=42.0,
        rule=rule,
        dropout=0.5,
        passes=passes,
        cooling=cooling,
        encoder=OrientedEdges(pooling=HALF_OF_SEVEN_BY_SIX),
        seed=seed,
    )


def for_objects(passes: int, cooling: float, seed: int) -> RewardSTDP:
    """Return the network for eight classes: 80 maps that see the whole object."""
    rule = RewardStdp(Stdp(0.05, -0.0175), Stdp(-0.05, 0.003), least=0.2)
    return RewardSTDP(
        10,
        threshold=320.0,
        rule=rule,
        dropout=0.4,
        passes=passes,
        cooling=cooling,
        encoder=OrientedEdges(pooling=HALF_OF_FIVE_BY_FOUR),
        seed=seed,
    )


def for_digits(seed: int) -> RewardSTDP:
    """Return a network for enlarged digits that has learned in seconds."""
    rule = RewardStdp(Stdp(0.05, -0.0175), Stdp(-0.05, 0.0125), least=0.2)
    return RewardSTDP(
        10,
        threshold=75.0,
        rule=rule,
        dropout=0.4,
        passes=40,
        cooling=0.1,
        encoder=OrientedEdges(threshold=20.0, pooling=HALF_OF_FIVE_BY_FOUR),
        per_round=1347,
        seed=seed,
    )
