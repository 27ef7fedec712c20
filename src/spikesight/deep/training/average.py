"""A running average of a network's parameters, which mostly answers a little better than the last ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from spikesight.base.errors import InputError


class RunningAverage:
    """The exponential average of the parameters of `net`: `keep` of the old, the rest of the new, after every step.

    It warms up: after k steps no more than k / (k + 10) is kept. Buffers, such as the statistics of normalisations, are
    not averaged.   Errors: InputError for a `keep` outside of 0 to below 1.
    """

    def __init__(self, net: nn.Module, keep: float) -> None:
        if not 0.0 <= keep < 1.0:
            raise InputError(f"the share of the average that is kept is 0 to below 1, got {keep}")
        self.net, self.keep = net, keep
        self.values = {name: value.detach().clone() for name, value in net.named_parameters()}

    def update(self, done: int) -> None:
        """Take the parameters in after `done` steps, from 1."""
        keep = min(self.keep, done / (done + 10.0))
        with torch.no_grad():
            for name, value in self.net.named_parameters():
                self.values[name].lerp_(value, 1.0 - keep)

    def load(self, values: dict[str, Tensor]) -> None:
        """Put the average back to `values`, by name of parameter."""
        for name, own in self.values.items():
            own.copy_(values[name])

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Have the average in the network's parameters while the block lasts; afterwards they are as before."""
        own = {name: value.detach().clone() for name, value in self.net.named_parameters()}
        self._put(self.values)
        try:
            yield
        finally:
            self._put(own)

    def _put(self, values: dict[str, Tensor]) -> None:
        with torch.no_grad():
            for name, value in self.net.named_parameters():
                value.copy_(values[name])
