"""How weights move, and how fast over time: optimisers and schedules as values."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import nn


class Optimiser(Protocol):
    """Makes a torch optimiser for parameters; `rate` is the learning rate at its highest."""

    rate: float

    def over(self, parameters: Iterable[Any]) -> torch.optim.Optimizer:
        """Return the torch optimiser of `parameters`, or of groups of them."""


@dataclass(frozen=True)
class AdamW:
    """Adam with decoupled weight decay.   Source: Loshchilov & Hutter, ICLR 2019."""

    rate: float = 1e-3
    weight_decay: float = 0.0
    betas: tuple[float, float] = (0.9, 0.999)

    def over(self, parameters: Iterable[Any]) -> torch.optim.Optimizer:
        """See `Optimiser`."""
        return torch.optim.AdamW(parameters, self.rate, self.betas, weight_decay=self.weight_decay)


@dataclass(frozen=True)
class Sgd:
    """Stochastic gradient descent with momentum."""

    rate: float = 0.1
    momentum: float = 0.9
    weight_decay: float = 0.0

    def over(self, parameters: Iterable[Any]) -> torch.optim.Optimizer:
        """See `Optimiser`."""
        return torch.optim.SGD(parameters, self.rate, self.momentum, weight_decay=self.weight_decay)


class Schedule(Protocol):
    """The share of the highest rate over the training."""

    def share(self, done: float) -> float:
        """Return the share of the rate (0 to 1) when the share `done` (0 to 1) of all steps is done."""


@dataclass(frozen=True)
class Constant:
    """The same rate all the time."""

    def share(self, done: float) -> float:
        """See `Schedule`."""
        return 1.0


@dataclass(frozen=True)
class Cosine:
    """Half a cosine from the highest rate to 0, after a `warm_up` (share of the training) in which it rises evenly."""

    warm_up: float = 0.0

    def share(self, done: float) -> float:
        """See `Schedule`."""
        if done < self.warm_up:
            return done / self.warm_up
        return 0.5 * (1.0 + math.cos(math.pi * (done - self.warm_up) / (1.0 - self.warm_up)))


def groups(net: nn.Module) -> list[dict[str, Any]]:
    """Return the parameters of `net` in two groups: weights, and without weight decay all of one axis or none, which
    are biases, normalisations, thresholds and time constants. A parameter that layers share is there once.
    """
    parameters = [parameter for parameter in net.parameters() if parameter.requires_grad]
    weights = [parameter for parameter in parameters if parameter.ndim > 1]
    others = [parameter for parameter in parameters if parameter.ndim <= 1]
    made = [{"params": weights}, {"params": others, "weight_decay": 0.0}]
    return [group for group in made if group["params"]]
