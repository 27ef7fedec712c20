"""Fewer steps of a sequence while learning, drawn at random, all of them when answering."""

from __future__ import annotations

import torch
from torch import Tensor

from spikesight.base.errors import InputError
from spikesight.deep.temporal import State, Temporal


class SomeFrames(Temporal):
    """In training mode, `kept` steps of (T, B, ...), the same for the whole batch and in their order; else all of them.

    Drawn from torch's random numbers. Has no state.   Errors: InputError for no step.
    """

    def __init__(self, kept: int) -> None:
        super().__init__()
        if kept < 1:
            raise InputError(f"a step at least is kept, got {kept}")
        self.kept = kept

    def run(self, x: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """See `Temporal`; a sequence of fewer steps than `kept` stays whole."""
        if self.training and self.kept < len(x):
            x = x[torch.randperm(len(x))[: self.kept].sort().values]
        return x, ()

    def extra_repr(self) -> str:
        """Return how many."""
        return f"kept={self.kept}"
