"""Readouts: what the outputs of a network over time (T, B, K) come to, scores (B, K)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from torch import Tensor


class Readout(Protocol):
    """Turns a sequence of outputs into scores."""

    def __call__(self, y: Tensor) -> Tensor:
        """Return scores (B, K) of outputs (T, B, K): membranes, currents, or spikes."""


@dataclass(frozen=True)
class MeanOverTime:
    """The mean over time: of spikes, the rate per step. It does not grow with the number of steps."""

    def __call__(self, y: Tensor) -> Tensor:
        """See `Readout`."""
        return y.mean(0)


@dataclass(frozen=True)
class SumOverTime:
    """The sum over time: of spikes, their count."""

    def __call__(self, y: Tensor) -> Tensor:
        """See `Readout`."""
        return y.sum(0)


@dataclass(frozen=True)
class LastStep:
    """The last step: what a membrane has come to in the end."""

    def __call__(self, y: Tensor) -> Tensor:
        """See `Readout`."""
        return y[-1]


@dataclass(frozen=True)
class MaxOverTime:
    """The largest of all steps: how far a membrane ever came."""

    def __call__(self, y: Tensor) -> Tensor:
        """See `Readout`. The gradient goes to the first step that reaches it."""
        largest: Tensor = y.max(0).values
        return largest


@dataclass(frozen=True)
class SumOfSoftmax:
    """The sum over time of the softmax of each step: a step has one vote, shared out by its membranes.

    Source: Hammouamri et al., ICLR 2024, where a cross entropy of these sums, with a softmax of its own, is the loss.
    """

    def __call__(self, y: Tensor) -> Tensor:
        """See `Readout`."""
        return y.softmax(2).sum(0)


@dataclass(frozen=True)
class FirstSpike:
    """Minus the step of the first spike, of spikes of 0 and 1: the earliest has the largest score; T for none.

    Backwards the first spike has the blame for as many steps as would pass without it until the next one.
    """

    def __call__(self, y: Tensor) -> Tensor:
        """See `Readout`."""
        # The time is the number of steps before any spike: of each step the product of (1 - s) of all steps up to it.
        return -(1.0 - y).cumprod(0).sum(0)
