"""What a rule says that teaches layers of neurons with ramps: what a neuron learns, and what it tells those before."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

from numpy.typing import NDArray

from spikesight.first_spike.ramp import Ramp
from spikesight.first_spike.ramp_layers import Crossed, Passes, Steps

Values = NDArray[Any]


class Heard(NamedTuple):
    """A layer and what it did: its `passes` and weights `w`, `times` of its inputs, and how it `crossed`.

    `at` are times at which its neurons fired, `slopes` of their potentials there; both may be made up for neurons that
    never did, so that they can learn to.
    """

    passes: Passes
    ramp: Ramp
    w: Values
    times: Steps
    crossed: Crossed
    at: Values
    slopes: Values


class RampRule(Protocol):
    """`errors` (B, ...) say how much too late each neuron of a layer fires; less than 0 is too early, 0 is right."""

    def amounts(self, errors: Values, heard: Heard) -> Values:
        """Return what each neuron learns: weights go up by this, times how much of the input's ramp there was."""

    def pass_down(self, errors: Values, heard: Heard) -> Values:
        """Return the errors of the neurons before them."""
