"""STDP that reward turns around: the neuron that decided learns from its own decision, no classifier stands behind it.

A right decision is rewarded: STDP, ``reward``. A wrong one is punished: anti-STDP, ``punish``, which weakens the inputs
that led to it. A decision that nobody took changes nothing. Rates follow the recent decisions: the more are wrong, the
more a reward teaches, and the more are right, the more a punishment does.

    reward rates x (least + (1 - least) misses / N)        punish rates x (least + (1 - least) hits / N)

Silent images count in N only. Without the scales a network goes on to learn what it knows, and over-fits.
Source: Mozafari et al. 2018, eqs. 4 to 8, and 2019. Their networks begin with the scales of chance; SpykeTorch's
scripts work these out but do not apply them, so their first images are learned from at full rates.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.encoding.latencies import Latencies
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.inhibition import Winner
from spikesight.first_spike.learning.stdp import Stdp, learn


class Scales(NamedTuple):
    """What reward and punishment rates are multiplied by."""

    reward: float
    punish: float


class Tally(NamedTuple):
    """Decisions since the scales were last worked out."""

    hits: int = 0
    misses: int = 0
    silent: int = 0

    @property
    def shown(self) -> int:
        """All images, also those without a decision."""
        return self.hits + self.misses + self.silent


FULL = Scales(1.0, 1.0)
"""Rates as they are given."""

REWARD, PUNISH = Stdp(0.004, -0.003), Stdp(-0.004, 0.0005)


@dataclass(frozen=True)
class RewardStdp:
    """Two rules of which `reward` follows right decisions and `punish` wrong ones.

    In either, `plus` is for inputs that fired not after the neuron: above 0 in `reward`, below 0 in `punish`. Scales
    are worked out anew every `every` images, or once per pass with None, and go down to `least`.
    Errors: InputError for rates of the wrong sign, a least outside 0 to 1, an `every` below 1, and rules that differ in
    more than their rates.
    """

    reward: Stdp = REWARD
    punish: Stdp = PUNISH
    least: float = 0.2
    every: int | None = None

    def __post_init__(self) -> None:
        reward, punish = self.reward, self.punish
        if not (reward.plus >= 0.0 >= reward.minus and punish.minus >= 0.0 >= punish.plus):
            raise InputError(
                "a reward strengthens inputs that fired in time (plus >= 0) and weakens the others (minus <= 0), a "
                f"punishment does the reverse; got reward ({reward.plus}, {reward.minus}) and punish ({punish.plus}, "
                f"{punish.minus})"
            )
        if (reward.low, reward.high, reward.stabilised) != (punish.low, punish.high, punish.stabilised):
            raise InputError("reward and punish change the same weights: give both the same bounds and stabiliser")
        if reward.doubling is not None or punish.doubling is not None:
            raise InputError("rates follow hits and misses here; a rule that doubles them is for unsupervised layers")
        if not 0.0 <= self.least <= 1.0:
            raise InputError(f"the least scale is 0 to 1, got {self.least}")
        if self.every is not None and self.every < 1:
            raise InputError(f"scales are worked out every 1 or more images, got {self.every}")

    def at_chance(self, classes: int) -> Scales:
        """Return the scales of a network that guesses: what training begins with."""
        return Scales(self._scale(1.0 - 1.0 / classes), self._scale(1.0 / classes))

    def scales(self, tally: Tally) -> Scales:
        """Return the scales after some decisions.   Errors: InputError where none were counted."""
        if not tally.shown:
            raise InputError("scales follow decisions, and none were counted")
        return Scales(self._scale(tally.misses / tally.shown), self._scale(tally.hits / tally.shown))

    def rates(self, right: bool, scales: Scales) -> tuple[float, float]:
        """Return the rates of one decision: for inputs that fired not after the neuron, and for all others."""
        rule, scale = (self.reward, scales.reward) if right else (self.punish, scales.punish)
        return rule.plus * scale, rule.minus * scale

    def rule(self, right: bool, scales: Scales) -> Stdp:
        """Return the STDP that follows one decision."""
        plus, minus = self.rates(right, scales)
        return Stdp(plus, minus, self.reward.low, self.reward.high, self.reward.stabilised)

    def cooled(self, share: float) -> RewardStdp:
        """Return the same with all rates multiplied by `share`."""
        reward, punish = (
            replace(one, plus=one.plus * share, minus=one.minus * share) for one in (self.reward, self.punish)
        )
        return replace(self, reward=reward, punish=punish)

    def changed(self, w: ArrayLike, before: ArrayLike, right: bool, scales: Scales = FULL) -> NDArray[Any]:
        """Return the weights of the neuron that decided, after it was told whether it was right.

        Shapes: w and before alike; `before` says which inputs fired not after the neuron.
        """
        return self.rule(right, scales).changed(w, before)

    def learn(
        self,
        layer: Convolution,
        w: NDArray[Any],
        latencies: Latencies,
        winner: Winner | None,
        right: bool,
        scales: Scales = FULL,
    ) -> NDArray[Any]:
        """Return kernels (maps, C, rows, columns) after the decision of one item, latencies (1, C, H, W).

        A silent item has no winner, and changes nothing. It is the reference of `reward_training`.
        """
        return w.copy() if winner is None else learn(self.rule(right, scales), layer, w, latencies, [winner])

    def _scale(self, share: float) -> float:
        return self.least + (1.0 - self.least) * share


def kept(maps: int, dropout: float, seed: int, number: int) -> NDArray[np.bool_]:
    """Return which maps take part in round `number`, (maps,): each is left out with probability `dropout`.

    Without it a few maps take all decisions. Where that would leave nobody, all take part.
    Errors: InputError for a dropout outside [0, 1).
    """
    if not 0.0 <= dropout < 1.0:
        raise InputError(f"dropout is a probability from 0 on and below 1, got {dropout}")
    taking_part: NDArray[np.bool_] = generator(seed, "dropout", number).random(maps) >= dropout
    return taking_part if taking_part.any() else np.ones(maps, np.bool_)
