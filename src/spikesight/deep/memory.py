"""How much memory a network takes, before it takes it: the whole pass is walked through without computing anything.

Tensors of the walk have shapes and no values. Each lives as long as it will live in earnest, so that the largest sum of
those alive at once is the peak. Not in it are the scratch memory of convolutions inside a library, and buffers that
are kept to be used again.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from spikesight.base.memory import available_memory, readable_bytes


class Forecast(NamedTuple):
    """Bytes that a pass takes at its peak, beside parameters and input, which are there before it.

    `kept` is what is alive between the forward and the backward pass, `forward` the peak of a pass without gradients,
    `training` that of one with them, gradients of the parameters included.
    """

    forward: int
    kept: int
    training: int

    def __str__(self) -> str:
        """Return a sentence."""
        forward, kept, training = map(readable_bytes, self)
        return f"{forward} to answer, {training} to learn ({kept} of it kept for the gradients)"

    @property
    def fits(self) -> bool:
        """Whether a training step fits into the memory that this computer has left."""
        return self.training < available_memory()


def forecast(net: nn.Module, x: Tensor, run: Callable[[nn.Module, Tensor], Any] | None = None) -> Forecast:
    """Return what `net` will take for an input like x: its shape and type are what matters, not its values.

    `run` says how the network is called where that is not ``net(x)``; its first tensor is taken for the output.
    Nothing changes: no weight, no statistics of normalisations, no random state.   Errors: those of the network.
    """
    call = run or (lambda module, given: module(given))
    with FakeTensorMode(allow_non_fake_inputs=True) as fake, torch.random.fork_rng(devices=[]):
        state: dict[str, Tensor] = {
            name: fake.from_tensor(one) for name, one in (*net.named_parameters(), *net.named_buffers())
        }
        for name, one in net.named_parameters():
            state[name].requires_grad_(one.requires_grad)
        given = fake.from_tensor(x.detach())
        answering = _Alive((*state.values(), given))
        with answering, torch.no_grad():
            torch.func.functional_call(_Called(net, call), _inside(state), (given,))
        learning = _Alive((*state.values(), given))
        with learning:
            output = torch.func.functional_call(_Called(net, call), _inside(state), (given,))
            y = next(one for one in tree_leaves(output) if isinstance(one, Tensor))
            kept = learning.now
            leaves = [one for one in state.values() if one.requires_grad]
            gradients = torch.autograd.grad(y.sum(), leaves, allow_unused=True) if leaves and y.requires_grad else ()
            del gradients
    return Forecast(answering.peak, kept, learning.peak)


class _Called(nn.Module):
    """A network that is called in a way of its own."""

    def __init__(self, net: nn.Module, call: Callable[[nn.Module, Tensor], Any]) -> None:
        super().__init__()
        self.net, self.call = net, call

    def forward(self, x: Tensor) -> Any:
        """Return what the call gives."""
        return self.call(self.net, x)


def _inside(state: dict[str, Tensor]) -> dict[str, Tensor]:
    return {f"net.{name}": one for name, one in state.items()}


class _Alive(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts the bytes of tensors that are alive, but of those that were there before."""

    def __init__(self, before: tuple[Tensor, ...]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.now = self.peak = 0
        self._known = {one.untyped_storage()._cdata for one in before}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        answer = func(*args, **(kwargs or {}))
        for one in tree_leaves(answer):
            if isinstance(one, Tensor):
                self._count(one.untyped_storage())
        return answer

    def _count(self, storage: Any) -> None:
        place, size = storage._cdata, storage.nbytes()
        if place not in self._known:
            self._known.add(place)
            self.now += size
            self.peak = max(self.peak, self.now)
            weakref.finalize(storage, self._gone, place, size).atexit = False

    def _gone(self, place: int, size: int) -> None:
        self._known.discard(place)
        self.now -= size
