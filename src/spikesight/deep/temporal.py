"""What has a state over time, and what has none.

Calling a network on a sequence is a pure function: it begins at rest, and the same input gives the same output. To go
on where a sequence ended, hand its last state in: ``y, state = net.run(x, state)``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from torch import Tensor, nn

from spikesight.base.errors import InputError

State = Any
"""A NamedTuple of tensors (B, ...) for neurons; a dict of the states of its parts for what is made of parts."""


class Temporal(nn.Module, ABC):
    """A module over sequences (T, B, ...). Its state is handed in and handed back; it is never kept.

    `decayed` names those of its own parameters that weight decay may pull to zero, as it does weights. `fires`
    says whether the output is the spikes of neurons.
    """

    decayed: ClassVar[tuple[str, ...]] = ()
    fires: bool = False

    @abstractmethod
    def run(self, x: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Return the output (T, B, ...) for a sequence x (T, B, ...), and the state after it.

        None is the state at rest. A sequence in chunks, each begun with the state of the one before, gives the bits of
        the whole one.   Errors: InputError where x has no time or batch axis, or the state has another shape.
        """

    def forward(self, x: Tensor) -> Tensor:
        """Return the output (T, B, ...) for a sequence x (T, B, ...), begun at rest."""
        return self.run(x)[0]


def parts(module: nn.Module) -> list[tuple[str, nn.Module]]:
    """Return the parts of a module by name, in their order; one that stands in two places is there twice."""
    # named_children tells what stands twice only once.
    return [(name, part) for name, part in module._modules.items() if part is not None]


def over_time(module: nn.Module, x: Tensor) -> Tensor:
    """Apply a module without a state to each step of x (T, B, ...), all at once: time is folded into the batch.

    Batch normalisation therefore shares its statistics over time.   Errors: InputError where x has no such axes.
    """
    if x.ndim < 2:
        raise InputError(f"a sequence is (T, B, ...), got a tensor of shape {tuple(x.shape)}")
    y: Tensor = module(x.flatten(0, 1))
    steps: Tensor = y.unflatten(0, x.shape[:2])  # type: ignore[no-untyped-call]
    return steps
