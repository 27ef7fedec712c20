"""Surrogate derivatives that are not even: they treat a neuron below its threshold otherwise than one above it."""

from __future__ import annotations

from dataclasses import dataclass

from spikesight.equations.time_constants import check_positive


@dataclass(frozen=True)
class StepSlope:
    """`below` where u < 0, else `above`: the derivative of a leaky ReLU. Equal ones pass gradients straight through."""

    below: float = 0.0
    above: float = 1.0
    functions = ()

    @property
    def constants(self) -> tuple[float, ...]:
        """See `Surrogate`."""
        return self.below, self.above, 0.0

    @staticmethod
    def derivative(u, where, below, above, none):
        """See `Surrogate`; a number takes the type of u by standing beside it."""
        return where(u < none, where(u > u, u, below), where(u == u, above, u))


@dataclass(frozen=True)
class LogTail:
    """`below` where u <= 0, 1 up to u = 1, then 1 / u.   Source: Cai et al., CVPR 2017 (log-tailed ReLU)."""

    below: float = 0.0
    functions = ()

    @property
    def constants(self) -> tuple[float, ...]:
        """See `Surrogate`."""
        return self.below, 0.0, 1.0

    @staticmethod
    def derivative(u, where, below, none, one):
        """See `Surrogate`."""
        return where(u > none, one / where(u > one, u, one), where(u == u, below, u))


@dataclass(frozen=True)
class SigmoidThenReciprocal:
    """A s (1 - s) below the threshold, s = 1 / (1 + exp(-a u)), a = `slope`; b / (u + 1) above, b = `tail`.

    Source: Suetake et al., S2NN, Neural Networks 2023.
    """

    slope: float = 4.0
    tail: float = 1.0
    functions = ("exp",)

    def __post_init__(self) -> None:
        check_positive(slope=self.slope)

    @property
    def constants(self) -> tuple[float, ...]:
        """See `Surrogate`."""
        return self.slope, self.tail, 0.0, 1.0

    @staticmethod
    def derivative(u, where, exp, steep, tail, none, one):
        """See `Surrogate`."""
        falling = exp(steep * where(u < none, u, none))
        return where(
            u < none, steep * falling / ((one + falling) * (one + falling)), tail / (where(u < none, none, u) + one)
        )


@dataclass(frozen=True)
class Escape:
    """K exp(-b |u - c|), k = `rate`, b = `slope`, c = `centre`: an escape rate. Its peak is off the threshold."""

    rate: float = 25.0
    slope: float = 1.0
    centre: float = 1.0
    functions = ("exp",)

    def __post_init__(self) -> None:
        check_positive(slope=self.slope)

    @property
    def constants(self) -> tuple[float, ...]:
        """See `Surrogate`."""
        return self.rate, self.slope, self.centre, 0.0

    @staticmethod
    def derivative(u, where, exp, peak, steep, centre, none):
        """See `Surrogate`."""
        away = u - centre
        return peak * exp(-steep * where(away < none, -away, away))
