"""What changes over the course of a training by other means than gradients: widths that narrow, masks that close.

A module says so by being a `Course`. Whoever trains calls `before_step(net, share)` ahead of every step of the
optimiser and `after_step(net)` behind it. Everything follows from the share of the training that is done, so that a
training that is gone on with gives the same bits.
"""

from __future__ import annotations

from collections.abc import Iterable

from torch import nn

from spikesight.base.errors import InputError


class Course:
    """A module that is told how far the training is. Nothing happens unless a module says what."""

    def at(self, share: float) -> None:
        """Get ready for the step that begins when `share` of the training, 0 to 1, is done."""

    def settle(self) -> None:
        """Put parameters that left their range back, after a step of the optimiser."""

    def rates(self) -> Iterable[tuple[nn.Parameter, float]]:
        """Return parameters that learn so many times as fast as the others, and have no weight decay."""
        return ()


def before_step(net: nn.Module, share: float) -> None:
    """Tell every `Course` in the network how much of the training is done, 0 to 1.   Errors: InputError for others."""
    if not 0.0 <= share <= 1.0:
        raise InputError(f"the share of the training that is done lies between 0 and 1, got {share}")
    for module in net.modules():
        if isinstance(module, Course):
            module.at(share)


def after_step(net: nn.Module) -> None:
    """Let every `Course` in the network put its parameters in order after a step of the optimiser."""
    for module in net.modules():
        if isinstance(module, Course):
            module.settle()


def own_rates(net: nn.Module) -> dict[nn.Parameter, float]:
    """Return the parameters of the network that have a rate of their own, as a multiple of the rate of the others."""
    return {parameter: rate for part in net.modules() if isinstance(part, Course) for parameter, rate in part.rates()}
