"""Long sequences in chunks: memory for one chunk at a time, and the gradient of the whole sequence all the same."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from spikesight.base.errors import InputError
from spikesight.deep.hold import Hold
from spikesight.deep.temporal import State, Temporal

_Normalisation = nn.modules.batchnorm._BatchNorm


def run_in_chunks(
    net: Temporal, x: Tensor, steps: int, state: State | None = None, *, onward: bool = True
) -> tuple[Tensor, State]:
    """Run a network over a sequence x (T, B, ...), so many steps at a time: the answers of ``net.run(x, state)``.

    Of each chunk only its end is kept; backwards it is computed again, which takes a third more time than one pass.
    Without `onward` no gradient passes from a chunk to the one before (truncated backpropagation through time).
    Errors: InputError for chunks without a step, for networks that take still images, and for batch normalisation while
    it trains: its statistics are of all steps at once.
    """
    if steps < 1:
        raise InputError(f"a chunk has a step at least, got {steps}")
    for name, module in net.named_modules():
        if isinstance(module, Hold):
            raise InputError(f"'{name}' holds still images: there is no sequence to take in chunks")
        if isinstance(module, _Normalisation) and module.training:
            raise InputError(
                f"'{name}' normalises over all steps at once while it trains: chunks would change its statistics. "
                "Take whole sequences, other normalisations (GroupNorm), or .eval() for that layer"
            )
    learns = torch.is_grad_enabled()
    parts = []
    for chunk in x.split(steps):  # type: ignore[no-untyped-call]
        if learns:
            y, state = checkpoint(net.run, chunk, state, use_reentrant=False)
        else:
            y, state = net.run(chunk, state)
        parts.append(y)
        state = state if onward else _detached(state)
    return torch.cat(parts), state


def _detached(state: Any) -> Any:
    if isinstance(state, Tensor):
        return state.detach()
    if isinstance(state, dict):
        return {name: _detached(part) for name, part in state.items()}
    if isinstance(state, tuple) and hasattr(state, "_fields"):
        return type(state)(*map(_detached, state))
    return type(state)(map(_detached, state)) if isinstance(state, tuple | list) else state
