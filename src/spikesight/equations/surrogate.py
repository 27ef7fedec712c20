"""Surrogate derivatives: what stands for the derivative of a spike, which is zero almost everywhere, when learning.

A neuron fires where its excess u over the threshold reaches 0. Forwards nothing changes; backwards the derivative of
that step is replaced by a bump g(u). A surrogate is its parameters and one line of mathematics, without branches and
without numeric literals, so that the same text runs as NumPy, Numba and torch code. None overflows: whatever finite u,
g(u) is finite; that of NaN is NaN, so that gradients tell of it.

`slope` (or `width`) says how narrow the bump is, `scale` multiplies it: what a change of `scale` does to a gradient, a
change of the learning rate can undo. The bumps of area 1 keep it under every slope; peaks differ from 0.25 to 25
between libraries, so that a learning rate found with one is none for another.
Source: Neftci, Mostafa & Zenke, IEEE Signal Processing Magazine 36(6) (2019).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

from spikesight.base.errors import InputError
from spikesight.equations.time_constants import check_positive


class Surrogate(Protocol):
    """A bump g(u): `derivative(u, where, *functions, *constants)`, for u of any shape, in its type.

    `functions` are names of elementary functions (`contract.ELEMENTARY`) that the executor hands in, in that order;
    `constants` are the numbers it needs.
    """

    @property
    def functions(self) -> tuple[str, ...]:
        """The names of elementary functions; an attribute of the class will do."""

    @property
    def constants(self) -> tuple[float, ...]:
        """The numbers that `derivative` takes, in its order."""

    @staticmethod
    def derivative(u: Any, where: Any, *rest: Any) -> Any:
        """Return g(u)."""


def slope(surrogate: Surrogate, u: Any, library: Any) -> Any:
    """Return g(u) for an array of `library`, the module (numpy, torch) whose `where` and functions take such arrays."""
    functions = (getattr(library, name) for name in surrogate.functions)
    return surrogate.derivative(u, library.where, *functions, *surrogate.constants)


@dataclass(frozen=True)
class ArcTan:
    """(a/2) / (1 + (pi a u / 2)^2) with a = `width`: peak a/2, area 1.   Source: Fang et al., ICCV 2021."""

    width: float = 2.0
    scale: float = 1.0
    functions = ()

    def __post_init__(self) -> None:
        check_positive(width=self.width)

    @property
    def constants(self) -> tuple[float, ...]:
        """See `Surrogate`."""
        return self.scale * self.width / 2.0, math.pi * self.width / 2.0, 1.0

    @staticmethod
    def derivative(u, where, peak, steep, one):
        """See `Surrogate`."""
        return peak / (one + (steep * u) * (steep * u))


@dataclass(frozen=True)
class Sigmoid:
    """A s (1 - s), s = 1 / (1 + exp(-a u)), with a = `slope`: peak a/4, area 1."""

    slope: float = 4.0
    scale: float = 1.0
    functions = ("exp",)

    def __post_init__(self) -> None:
        check_positive(slope=self.slope)

    @property
    def constants(self) -> tuple[float, ...]:
        """See `Surrogate`."""
        return self.scale * self.slope, self.slope, 0.0, 1.0

    @staticmethod
    def derivative(u, where, exp, height, steep, none, one):
        """See `Surrogate`; by the exponential that falls on either side, which cannot overflow."""
        falling = exp(-steep * where(u < none, -u, u))
        return height * falling / ((one + falling) * (one + falling))


@dataclass(frozen=True)
class FastSigmoid:
    """1 / (1 + k |u|)^2 with k = `slope`: peak 1, area 2/k.   Source: Zenke & Ganguli, Neural Computation 2018.

    Its tails are heavy. With `scale` k/2 its area is 1: the derivative of a soft sign.
    """

    slope: float = 25.0
    scale: float = 1.0
    functions = ()

    def __post_init__(self) -> None:
        check_positive(slope=self.slope)

    @property
    def constants(self) -> tuple[float, ...]:
        """See `Surrogate`."""
        return self.scale, self.slope, 0.0, 1.0

    @staticmethod
    def derivative(u, where, peak, k, none, one):
        """See `Surrogate`."""
        away = one + k * where(u < none, -u, u)
        return peak / (away * away)


@dataclass(frozen=True)
class Triangle:
    """max(0, a - a^2 |u|) with a = `slope`: peak a, area 1.   Source: Bellec et al., NeurIPS 2018."""

    slope: float = 1.0
    scale: float = 1.0
    functions = ()

    def __post_init__(self) -> None:
        check_positive(slope=self.slope)

    @property
    def constants(self) -> tuple[float, ...]:
        """See `Surrogate`."""
        return self.scale * self.slope, self.slope, 0.0, 1.0

    @staticmethod
    def derivative(u, where, peak, steep, none, one):
        """See `Surrogate`."""
        left = one - steep * where(u < none, -u, u)
        return peak * where(left < none, none, left)


@dataclass(frozen=True)
class Exponential:
    """(a/2) exp(-a |u|) with a = `slope`: peak a/2, area 1.   Source: Shrestha & Orchard, NeurIPS 2018."""

    slope: float = 1.0
    scale: float = 1.0
    functions = ("exp",)

    def __post_init__(self) -> None:
        check_positive(slope=self.slope)

    @property
    def constants(self) -> tuple[float, ...]:
        """See `Surrogate`."""
        return self.scale * self.slope / 2.0, self.slope, 0.0

    @staticmethod
    def derivative(u, where, exp, peak, steep, none):
        """See `Surrogate`."""
        return peak * exp(-steep * where(u < none, -u, u))


@dataclass(frozen=True)
class Gaussian:
    """A / sqrt(pi) exp(-(a u)^2) with a = `slope`: peak a / sqrt(pi), area 1; the derivative of an error function."""

    slope: float = 2.0
    scale: float = 1.0
    functions = ("exp",)

    def __post_init__(self) -> None:
        check_positive(slope=self.slope)

    @property
    def constants(self) -> tuple[float, ...]:
        """See `Surrogate`."""
        return self.scale * self.slope / math.sqrt(math.pi), self.slope

    @staticmethod
    def derivative(u, where, exp, peak, steep):
        """See `Surrogate`."""
        return peak * exp(-(steep * u) * (steep * u))


@dataclass(frozen=True)
class Algebraic:
    """(a/2) (1 + (a u)^2)^(-3/2) with a = `slope`: peak a/2, area 1; the derivative of u / sqrt(u^2 + 1 / a^2)."""

    slope: float = 1.0
    scale: float = 1.0
    functions = ("sqrt",)

    def __post_init__(self) -> None:
        check_positive(slope=self.slope)

    @property
    def constants(self) -> tuple[float, ...]:
        """See `Surrogate`."""
        return self.scale * self.slope / 2.0, self.slope, 1.0

    @staticmethod
    def derivative(u, where, sqrt, peak, steep, one):
        """See `Surrogate`."""
        away = one + (steep * u) * (steep * u)
        return peak / (away * sqrt(away))


@dataclass(frozen=True)
class Box:
    """1 / (2 w) where |u| < w = `half_width`, else `outside`: area 1 where `outside` is 0."""

    half_width: float = 0.5
    outside: float = 0.0
    scale: float = 1.0
    functions = ()

    def __post_init__(self) -> None:
        check_positive(half_width=self.half_width)

    @property
    def constants(self) -> tuple[float, ...]:
        """See `Surrogate`."""
        return self.scale / (2.0 * self.half_width), self.scale * self.outside, self.half_width, 0.0

    @staticmethod
    def derivative(u, where, inside, outside, half, none):
        """See `Surrogate`; a number takes the type of u by standing beside it."""
        return where(where(u < none, -u, u) < half, where(u > u, u, inside), where(u == u, outside, u))


@dataclass(frozen=True)
class LogAbs:
    """1 / (1/a + |u|) with a = `slope`: peak a, of infinite area; the derivative of sign(u) log(a |u| + 1)."""

    slope: float = 1.0
    scale: float = 1.0
    functions = ()

    def __post_init__(self) -> None:
        check_positive(slope=self.slope)

    @property
    def constants(self) -> tuple[float, ...]:
        """See `Surrogate`."""
        return self.scale, 1.0 / self.slope, 0.0

    @staticmethod
    def derivative(u, where, scale, offset, none):
        """See `Surrogate`."""
        return scale / (offset + where(u < none, -u, u))


@dataclass(frozen=True)
class CappedReciprocal:
    """min(1 / |u|, a) with a = `peak`, of infinite area: a difference quotient of the step at its own distance."""

    peak: float = 0.3
    functions = ()

    def __post_init__(self) -> None:
        check_positive(peak=self.peak)

    @property
    def constants(self) -> tuple[float, ...]:
        """See `Surrogate`."""
        return self.peak, 0.0, 1.0

    @staticmethod
    def derivative(u, where, peak, none, one):
        """See `Surrogate`."""
        away = peak * where(u < none, -u, u)
        return peak / where(away < one, one, away)


@dataclass(frozen=True)
class PseudoSpike:
    """(1 + 2 |u| / (a - 1))^-a with a = `power` above 1: peak 1, area 1.   Source: Herranz-Celotti & Rouat 2022."""

    power: float = 2.0
    functions = ()

    def __post_init__(self) -> None:
        if not self.power > 1.0:
            raise InputError(f"power is {self.power}; the tails of this surrogate need one above 1")

    @property
    def constants(self) -> tuple[float, ...]:
        """See `Surrogate`."""
        return 2.0 / (self.power - 1.0), -self.power, 0.0, 1.0

    @staticmethod
    def derivative(u, where, steep, power, none, one):
        """See `Surrogate`."""
        return (one + steep * where(u < none, -u, u)) ** power


@dataclass(frozen=True)
class SquareWave:
    """(4 / T) sum of cos((2i - 1) 2 pi u / T), i = 1 to `terms`, T = `period`: a Fourier series, below 0 in places."""

    terms: int = 1
    period: float = 8.0
    functions = ("cos",)

    def __post_init__(self) -> None:
        check_positive(period=self.period)
        if self.terms < 1:
            raise InputError(f"terms is {self.terms}; a series has a term at least")

    @property
    def constants(self) -> tuple[float, ...]:
        """See `Surrogate`."""
        odd = (2.0 * i - 1.0 for i in range(1, self.terms + 1))
        return 4.0 / self.period, 0.0, *(2.0 * math.pi * number / self.period for number in odd)

    @staticmethod
    def derivative(u, where, cos, height, none, *frequencies):
        """See `Surrogate`."""
        total = none * u
        for frequency in frequencies:
            total = total + cos(frequency * u)
        return height * total
