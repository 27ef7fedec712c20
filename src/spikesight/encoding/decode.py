"""From spikes back to values. A decoder knows the neuron and the window, and one of: the count, the delay.

A pixel whose neuron stayed silent is anywhere in the dead zone. The decoders of counts put it at `silent`, 0 unless
told otherwise (the mean of the image's dark pixels is better where the decoder is told that number).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.encoding.quantize import Quantiser, Values, inverse
from spikesight.equations.leaky import Params


class Decoder(Protocol):
    """Turns counts (...) into values (...)."""

    def __call__(self, counts: NDArray[Any]) -> Values:
        """Return a value of each cell.   Errors: InputError where counts are negative or no whole numbers."""


@dataclass(frozen=True)
class HalfCount:
    """The value whose neuron would have fired n + 1/2 times: between the cell's ends as spikes count."""

    quantizer: Quantiser
    silent: float = 0.0

    def __call__(self, counts: NDArray[Any]) -> Values:
        """See `Decoder`. Where refractory times leave no room for another half spike it is the cell's lower end."""
        n = _checked(counts)
        return _finite_or(self.quantizer.level(n + 0.5), self.quantizer.level(n), n, self.silent)


@dataclass(frozen=True)
class MidCell:
    """The middle between the cell's ends as values count."""

    quantizer: Quantiser
    silent: float = 0.0

    def __call__(self, counts: NDArray[Any]) -> Values:
        """See `Decoder`. The lower end of a cell that has no upper one."""
        n = _checked(counts)
        low, high = self.quantizer.level(n), self.quantizer.level(n + 1)
        return _finite_or((low + high) / 2.0, low, n, self.silent)


@dataclass(frozen=True)
class LowEnd:
    """The lower end of the cell: what is certain."""

    quantizer: Quantiser
    silent: float = 0.0

    def __call__(self, counts: NDArray[Any]) -> Values:
        """See `Decoder`."""
        n = _checked(counts)
        low = self.quantizer.level(n)
        return _finite_or(low, low, n, self.silent)


@dataclass(frozen=True)
class FromDelay:
    """The value whose first spike comes after the delay that was measured: exact, if the clock was."""

    neuron: Params
    silent: float = 0.0

    def __call__(self, delays: NDArray[Any]) -> Values:
        """Return the values (...) of delays (...) in seconds; `silent` where infinite.   Errors: InputError."""
        return np.where(np.isinf(delays), self.silent, inverse(delays, self.neuron))


@dataclass(frozen=True)
class OnMinusOff:
    """Values of either sign from counts (2, ...) of ON and OFF neurons."""

    decoder: Decoder

    def __call__(self, counts: NDArray[Any]) -> Values:
        """Return values (...).   Errors: InputError where there are not two channels."""
        if len(counts) != 2:
            raise InputError(f"counts of ON and OFF neurons are (2, ...), got shape {np.shape(counts)}")
        on, off = (self.decoder(channel) for channel in counts)
        return on - off


def _finite_or(values: Values, otherwise: Values, counts: NDArray[Any], silent: float) -> Values:
    return np.where(counts == 0, silent, np.where(np.isfinite(values), values, otherwise))


def _checked(counts: NDArray[Any]) -> NDArray[Any]:
    n = np.asarray(counts)
    if n.dtype.kind not in "iu" or (n.size and n.min() < 0):
        raise InputError(f"counts of spikes are whole numbers >= 0, got {n.dtype} down to {n.min() if n.size else 0}")
    return n
