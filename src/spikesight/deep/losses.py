"""Losses of networks over time: outputs (T, B, K) and labels (B,) make one number, the mean over the batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from spikesight.base.errors import InputError
from spikesight.deep.readouts import FirstSpike, MeanOverTime, Readout, SumOverTime


class Loss(Protocol):
    """What is to become small. `readout` gives the scores by which such a network answers."""

    @property
    def readout(self) -> Readout:
        """What makes scores of outputs."""

    def __call__(self, y: Tensor, labels: Tensor) -> Tensor:
        """Return the loss of outputs (T, B, K) whose right classes are labels (B,), one number."""


@dataclass(frozen=True)
class CrossEntropy:
    """Cross entropy of the softmax of `readout` times `sharpness`: of the rate by default, of membranes with
    `LastStep()` or `MaxOverTime()`.

    `smoothing` is the share of every label that is spread over all classes.   Errors: InputError for a share outside of
    0 to below 1.
    """

    readout: Readout = MeanOverTime()
    smoothing: float = 0.0
    sharpness: float = 1.0

    def __post_init__(self) -> None:
        _check_share(smoothing=self.smoothing)

    def __call__(self, y: Tensor, labels: Tensor) -> Tensor:
        """See `Loss`."""
        return functional.cross_entropy(self.sharpness * self.readout(y), labels, label_smoothing=self.smoothing)


@dataclass(frozen=True)
class InTime:
    """Cross entropy of the softmax of minus the time of the first spike: time to first spike, the earliest wins.

    Of spikes of 0 and 1; `sharpness` per step. A neuron that never fires counts as if it did after the last step, and
    only what is nearly a spike moves it, by its surrogate.
    """

    sharpness: float = 1.0
    readout: Readout = FirstSpike()

    def __call__(self, y: Tensor, labels: Tensor) -> Tensor:
        """See `Loss`."""
        return functional.cross_entropy(self.sharpness * self.readout(y), labels)


@dataclass(frozen=True)
class Counts:
    """Mean squared distance of spike counts from `right` for the right class and `wrong` for all others."""

    right: float
    wrong: float = 0.0
    readout: Readout = SumOverTime()

    def __call__(self, y: Tensor, labels: Tensor) -> Tensor:
        """See `Loss`."""
        counts = self.readout(y)
        wanted = torch.where(functional.one_hot(labels, counts.shape[1]) > 0, self.right, self.wrong)
        return functional.mse_loss(counts, wanted.to(counts.dtype))


@dataclass(frozen=True)
class EveryStep:
    """Temporal efficient training: the mean of the cross entropies of the steps, and outputs held near `level`.

    ``(1 - hold) mean_t CE(y[t]) + hold mean((y - level)^2)``. Answers are by the mean over time.
    Source: Deng et al., ICLR 2022 (TET).   Errors: InputError for a share outside of 0 to below 1.
    """

    hold: float = 1e-3
    level: float = 1.0
    smoothing: float = 0.0
    readout: Readout = MeanOverTime()

    def __post_init__(self) -> None:
        _check_share(hold=self.hold, smoothing=self.smoothing)

    def __call__(self, y: Tensor, labels: Tensor) -> Tensor:
        """See `Loss`."""
        steps = functional.cross_entropy(y.flatten(0, 1), labels.repeat(len(y)), label_smoothing=self.smoothing)
        return (1.0 - self.hold) * steps + self.hold * (y - self.level).square().mean()


def van_rossum(one: Tensor, other: Tensor, tau: float, dt: float = 1e-3) -> Tensor:
    """Return the van Rossum distance squared of spike trains, both (T, B, ...), the mean over trains.

    `tau` and `dt` in seconds.     Trains are filtered by exp(-t / tau); the squared difference is integrated in units
    of tau: two trains of which one has a single spike more are 1/2 apart where tau spans many steps and T many tau.
    Errors: InputError where the shapes differ or tau is not positive.   Source: van Rossum, Neural Computation 2001.
    """
    if one.shape != other.shape or not tau > 0.0:
        raise InputError(f"trains of one shape and a tau above 0 are needed: {one.shape}, {other.shape}, {tau}")
    decay = torch.exp(torch.tensor(-dt / tau, dtype=one.dtype))
    level, total = torch.zeros_like(one[0]), torch.zeros_like(one[0])
    for difference in one - other:
        level = level * decay + difference
        total = total + level.square()
    return total.mean() * dt / tau


class Activity(Protocol):
    """A cost of what neurons do, added to a loss."""

    def __call__(self, spikes: Mapping[str, Tensor]) -> Tensor:
        """Return the cost of the spikes (T, B, ...) of neuron layers, by name."""


@dataclass(frozen=True)
class Squared:
    """`weight` times the mean over layers of 0.5 mean(s^2): of spikes of 0 and 1, half the rate.

    Source: Pellegrini, Zimmer & Masquelier, 2021 (s2net).
    """

    weight: float = 1.0

    def __call__(self, spikes: Mapping[str, Tensor]) -> Tensor:
        """See `Activity`."""
        return self.weight * 0.5 * torch.stack([one.square().mean() for one in _layers(spikes)]).mean()


@dataclass(frozen=True)
class SquaredByDepth:
    """`weight` times the sum over layers of 0.5 mean(s^2), layer i of L counting (i + 1) / L: deep spikes cost most.

    Source: the program of Zimmer et al. 2019 (s2net), whose weight is 0.1.
    """

    weight: float = 0.1

    def __call__(self, spikes: Mapping[str, Tensor]) -> Tensor:
        """See `Activity`; layers are in the order of the network."""
        costs = torch.stack([0.5 * one.square().mean() for one in _layers(spikes)])
        depth = torch.arange(1, len(costs) + 1, dtype=costs.dtype, device=costs.device) / len(costs)
        return self.weight * (depth * costs).sum()


@dataclass(frozen=True)
class Between:
    """`weight` times the squared distance of each neuron's rate, in spikes per step, from `least` to `most`.

    The mean over neurons, added over layers: no neuron is to be silent, none always on.
    """

    least: float = 0.0
    most: float = 1.0
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.least <= self.most:
            raise InputError(f"rates lie between least and most, from 0 up: got {self.least} and {self.most}")

    def __call__(self, spikes: Mapping[str, Tensor]) -> Tensor:
        """See `Activity`."""
        rates = [one.mean((0, 1)) for one in _layers(spikes)]
        off = [functional.relu(self.least - rate) + functional.relu(rate - self.most) for rate in rates]
        return self.weight * torch.stack([distance.square().mean() for distance in off]).sum()


def _layers(spikes: Mapping[str, Tensor]) -> Sequence[Tensor]:
    """Return the spikes of all layers.   Errors: InputError where there is none."""
    if not spikes:
        raise InputError("a cost of activity needs layers of neurons, and this network has none")
    return list(spikes.values())


def _check_share(**shares: float) -> None:
    for name, share in shares.items():
        if not 0.0 <= share < 1.0:
            raise InputError(f"{name} is a share from 0 to below 1, got {share}")
