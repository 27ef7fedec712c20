"""Neurons whose spikes come back to their own layer one step later."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.deep.temporal import Temporal


class RecurrentState(NamedTuple):
    """The state of the neurons, and their output in the last step (B, ...)."""

    neuron: Any
    spikes: Tensor


class Recurrent(Temporal):
    """Neurons that are driven by the input and by `connection` of their own output in the step before.

    ``Recurrent(LIF(), nn.Linear(64, 64, bias=False))``. In the first step of a sequence nothing comes back but the
    bias of the connection.   Errors: InputError where what comes back has another shape than the input.
    """

    def __init__(self, neuron: Temporal, connection: nn.Module) -> None:
        super().__init__()
        self.neuron, self.connection = neuron, connection
        self.fires = neuron.fires

    def run(self, x: Tensor, state: RecurrentState | None = None) -> tuple[Tensor, RecurrentState]:
        """See `Temporal`."""
        if x.ndim < 2 or not len(x):
            raise InputError(f"a recurrent layer takes a sequence (T, B, ...) of a step at least, got {tuple(x.shape)}")
        inner, last = (None, torch.zeros_like(x[0])) if state is None else state
        if last.shape != x.shape[1:]:
            raise InputError(f"the state has spikes {tuple(last.shape)}, an input of {tuple(x.shape)} needs others")
        outputs = []
        for k in range(len(x)):
            back = self.connection(last)
            if back.shape != x.shape[1:]:
                raise InputError(f"the connection makes {tuple(back.shape)} of an output {tuple(last.shape)}")
            out, inner = self.neuron.run((x[k] + back).unsqueeze(0), inner)
            last = out[0]
            outputs.append(last)
        return torch.stack(outputs), RecurrentState(inner, last)
