"""Optimisers as values: which one, its numbers, and which parameters decay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep.course import own_rates
from spikesight.deep.temporal import Temporal


class Optimiser(Protocol):
    """Makes a torch optimiser for parameters; `rate` is the learning rate at its highest."""

    @property
    def rate(self) -> float:
        """The rate that a schedule's share multiplies."""

    def over(self, parameters: Iterable[Any]) -> torch.optim.Optimizer:
        """Return the torch optimiser of `parameters`, or of groups of them."""


@dataclass(frozen=True)
class AdamW:
    """Adam with decoupled weight decay.   Source: Loshchilov & Hutter, ICLR 2019.

    Errors: InputError for a rate that is not positive or a negative decay.
    """

    rate: float = 1e-3
    weight_decay: float = 0.0
    betas: tuple[float, float] = (0.9, 0.999)

    def __post_init__(self) -> None:
        _check(self.rate, self.weight_decay)

    def over(self, parameters: Iterable[Any]) -> torch.optim.Optimizer:
        """See `Optimiser`."""
        return torch.optim.AdamW(parameters, self.rate, self.betas, weight_decay=self.weight_decay)


@dataclass(frozen=True)
class Sgd:
    """Stochastic gradient descent with momentum; the decay is added to the gradient.

    Errors: InputError for a rate that is not positive or a negative decay.
    """

    rate: float = 0.1
    momentum: float = 0.9
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        _check(self.rate, self.weight_decay)

    def over(self, parameters: Iterable[Any]) -> torch.optim.Optimizer:
        """See `Optimiser`."""
        return torch.optim.SGD(parameters, self.rate, self.momentum, weight_decay=self.weight_decay)


def groups(net: nn.Module) -> list[dict[str, Any]]:
    """Return the parameters of `net` that learn, in groups: weights, those without decay, those with their own rate.

    Parameters of one axis or none do not decay: biases, normalisations. Nor does what neurons learn: a decay would pull
    thresholds, time constants and the weights of parallel spiking neurons to where nothing fires, or everything does.
    A module with a state whose own parameters are weights in the ordinary sense says so by `decayed`. A parameter that
    layers share is there once.   Errors: InputError where nothing learns.
    """
    own = own_rates(net)
    known: dict[nn.Parameter, tuple[bool, float]] = {}
    for module in net.modules():
        weights = module.decayed if isinstance(module, Temporal) else None
        for name, parameter in module.named_parameters(recurse=False):
            if parameter.requires_grad:
                decays = parameter.ndim > 1 if weights is None else name in weights
                rate = own.get(parameter)
                known.setdefault(parameter, (decays and rate is None, rate or 1.0))
    if not known:
        raise InputError("the network has no parameter that learns: none asks for a gradient")
    made: list[dict[str, Any]] = []
    for decays, faster in sorted(set(known.values()), reverse=True):
        members = [parameter for parameter, kind in known.items() if kind == (decays, faster)]
        made.append({"params": members, "faster": faster} | ({} if decays else {"weight_decay": 0.0}))
    return made


def _check(rate: float, weight_decay: float) -> None:
    if not (0.0 < rate < float("inf") and 0.0 <= weight_decay < float("inf")):
        raise InputError(f"a rate above 0 and a decay of 0 or more are needed, got {rate} and {weight_decay}")
