"""How the rate of learning changes over a training: a share of the highest for each share of the steps done."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from spikesight.base.errors import InputError


class Schedule(Protocol):
    """The share of the highest rate over the training."""

    def share(self, done: float) -> float:
        """Return the share of the rate (0 to 1) when the share `done` (0 to 1) of all steps is done."""


@dataclass(frozen=True)
class Constant:
    """Always the same."""

    def share(self, done: float) -> float:
        """See `Schedule`."""
        return 1.0


@dataclass(frozen=True)
class Cosine:
    """Half a cosine from 1 to `last`, after a share `warm_up` of the training in which the rate rises evenly from 0.

    Source: Loshchilov & Hutter, ICLR 2017, without restarts.   Errors: InputError for a share outside of 0 to below 1.
    """

    warm_up: float = 0.0
    last: float = 0.0

    def __post_init__(self) -> None:
        _check_share(warm_up=self.warm_up)

    def share(self, done: float) -> float:
        """See `Schedule`."""
        if done < self.warm_up:
            return done / self.warm_up
        return _cosine(1.0, self.last, (done - self.warm_up) / (1.0 - self.warm_up))


@dataclass(frozen=True)
class Falls:
    """Multiplied by `factor` at each of the shares `at`."""

    at: tuple[float, ...] = (0.5, 0.75)
    factor: float = 0.1

    def share(self, done: float) -> float:
        """See `Schedule`."""
        return self.factor ** sum(done >= share for share in self.at)


@dataclass(frozen=True)
class OneCycle:
    """Half a cosine up from `first` to 1 in the share `rise`, half a cosine down to `last`.

    Source: Smith & Topin, 2019, with cosines.   Errors: InputError for a share outside of 0 to below 1.
    """

    rise: float = 0.3
    first: float = 0.04
    last: float = 0.0

    def __post_init__(self) -> None:
        _check_share(rise=self.rise)

    def share(self, done: float) -> float:
        """See `Schedule`."""
        if done < self.rise:
            return _cosine(self.first, 1.0, done / self.rise)
        return _cosine(1.0, self.last, (done - self.rise) / (1.0 - self.rise))


def _cosine(first: float, last: float, done: float) -> float:
    return last + (first - last) * 0.5 * (1.0 + math.cos(math.pi * done))


def _check_share(**shares: float) -> None:
    for name, share in shares.items():
        if not 0.0 <= share < 1.0:
            raise InputError(f"{name} is a share of the training from 0 to below 1, got {share}")
