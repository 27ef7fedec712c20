"""STDP that asks how far apart spikes lie: five laws of one form, from Falez et al. 2019.

With ``lead = t_post - t_pre``, in units of a stimulus's duration, and w between 0 and 1:

    lead >= 0    dw = + plus  exp(-rate lead)   exp(-beta w)         + slope lead
    lead <  0    dw = - minus exp(-rate |lead|) exp(beta (w - 1))    + slope lead

A law sets the constants that it needs and leaves the others 0. An input that never fired has a lead of minus infinity.
Source: Falez et al., IJCNN 2019; csnn-simulator.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError

FAR = 1e30
"""A lead this long stands for infinity, so that a law whose `rate` is 0 gives numbers."""


class Constants(NamedTuple):
    """What tells one law from another; see the formula above."""

    plus: float = 0.0
    minus: float = 0.0
    rate: float = 0.0
    beta: float = 0.0
    slope: float = 0.0


class Rule(Protocol):
    """A law of this form."""

    @property
    def constants(self) -> Constants:
        """Its constants."""


@dataclass(frozen=True)
class Biological:
    """``+-a exp(-|lead| / tau)``: inputs far away in time, and those that never fired, keep their weights.

    Errors: InputError for an `amplitude` or `tau` that is not above 0.
    """

    amplitude: float = 1.0
    tau: float = 0.1

    def __post_init__(self) -> None:
        _check(self)

    @property
    def constants(self) -> Constants:
        """See `Rule`."""
        return Constants(self.amplitude, self.amplitude, rate=1.0 / self.tau)


@dataclass(frozen=True)
class Multiplicative:
    """``+a exp(-beta w)`` and ``-a exp(beta (w - 1))``: only the order counts, weights near their bound move less.

    Errors: InputError for constants that are not above 0.
    """

    amplitude: float = 0.1
    beta: float = 1.0

    def __post_init__(self) -> None:
        _check(self)

    @property
    def constants(self) -> Constants:
        """See `Rule`."""
        return Constants(self.amplitude, self.amplitude, beta=self.beta)


@dataclass(frozen=True)
class Linear:
    """``+plus`` and ``-minus``: only the order counts.   Errors: InputError for constants that are not above 0."""

    plus: float = 0.1
    minus: float = 0.1

    def __post_init__(self) -> None:
        _check(self)

    @property
    def constants(self) -> Constants:
        """See `Rule`."""
        return Constants(self.plus, self.minus)


@dataclass(frozen=True)
class Proportional:
    """``a lead``, on either side: who never fired goes to 0.   Errors: InputError for an amplitude not above 0."""

    amplitude: float = 0.1

    def __post_init__(self) -> None:
        _check(self)

    @property
    def constants(self) -> Constants:
        """See `Rule`."""
        return Constants(slope=self.amplitude)


@dataclass(frozen=True)
class BiologicalMultiplicative:
    """The product of `Biological` and `Multiplicative`.   Errors: InputError for constants that are not above 0."""

    amplitude: float = 1.0
    tau: float = 0.1
    beta: float = 1.0

    def __post_init__(self) -> None:
        _check(self)

    @property
    def constants(self) -> Constants:
        """See `Rule`."""
        return Constants(self.amplitude, self.amplitude, 1.0 / self.tau, self.beta)


@dataclass(frozen=True)
class Fixed:
    """Weights stay as they are, for controls: thresholds adapt all the same."""

    @property
    def constants(self) -> Constants:
        """See `Rule`."""
        return Constants()


def change(w, lead, plus, minus, rate, beta, slope):  # type: ignore[no-untyped-def]
    """Return how a weight changes, before its bounds.

    One expression for arrays and for single numbers, compiled or not; `lead` is finite.
    """
    late = lead < 0
    size = plus - late * (plus + minus)
    return size * np.exp(beta * (late * (2 * w - 1) - w) - rate * np.abs(lead)) + slope * lead


def changed(rule: Rule, w: ArrayLike, lead: ArrayLike, factor: float = 1.0) -> NDArray[Any]:
    """Return weights after the neuron has fired, within 0 and 1; changes are `factor` times those of the rule.

    Shapes: w and lead alike. A lead of minus infinity is an input that never fired.
    """
    weights = np.asarray(w)
    known = np.maximum(np.asarray(lead, np.float64), -FAR)
    moved = change(weights.astype(np.float64), known, *rule.constants)  # type: ignore[no-untyped-call]
    after: NDArray[Any] = np.clip(weights + factor * moved, 0.0, 1.0).astype(weights.dtype)
    return after


def _check(rule: Any) -> None:
    for name, value in vars(rule).items():
        if not 0.0 < value < np.inf:
            raise InputError(f"{type(rule).__name__}: {name} is a number above 0, got {value}")
