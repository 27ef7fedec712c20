"""What changes over the course of a training by other means than gradients: widths that narrow, masks that close.

A module says so by being a `Course`. Whoever trains calls `before_step(net, share)` ahead of every step of the
optimiser and `after_step(net)` behind it. Everything follows from the share of the training that is done, so that a
training that is gone on with gives the same bits.
"""

from __future__ import annotations

from abc import ABC

from torch import nn

from spikesight.base.errors import InputError


class Course(ABC):
    """A module that is told how far the training is. Both methods do nothing unless a module says what."""

    def at(self, share: float) -> None:  # noqa: B027 (nothing is a fine answer)
        """Get ready for the step that begins when `share` of the training, 0 to 1, is done."""

    def settle(self) -> None:  # noqa: B027
        """Put parameters that left their range back, after a step of the optimiser."""


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
