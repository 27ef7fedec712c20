"""Parallel spiking neurons: no reset, so that all steps of a sequence are one matrix product.

Weights over time are shared by all neurons of a layer; minus the bias is a threshold of each step. They have no weight
decay in our trainer, which would pull the thresholds to 0.
Source: Fang et al., Parallel spiking neurons with high efficiency and ability to learn long-term dependencies, NeurIPS
2023.
"""

from __future__ import annotations

import math
from typing import NamedTuple, NoReturn

import torch
from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.deep.course import Course
from spikesight.deep.temporal import State, Temporal
from spikesight.equations.reset_free import ResetFree, band
from spikesight.equations.surrogate import ArcTan, Surrogate
from spikesight.executors.torch_loop import Spike


class Ended(NamedTuple):
    """The state of neurons that saw a whole sequence: how long it was. There is no going on."""

    steps: Tensor


class Past(NamedTuple):
    """The inputs that later steps still need (n, B, ...), oldest first, and how many steps there were."""

    inputs: Tensor
    steps: Tensor


class Parallel(Temporal):
    """What the family has in common: parameters of time, and the spikes of ``H = W X + B``."""

    fires = True

    def __init__(self, surrogate: Surrogate) -> None:
        super().__init__()
        self.surrogate = surrogate

    def _fire(self, membrane: Tensor) -> Tensor:
        spikes: Tensor = Spike.apply(membrane, ResetFree(), self.surrogate)  # type: ignore[no-untyped-call]
        return spikes


class PSN(Parallel):
    """Parallel spiking neurons for sequences of exactly `steps`: ``H = W X + B``, W (T, T) and B (T, 1) learned.

    A step may look at inputs that come after it: this neuron is not causal, and cannot be run in chunks.
    Errors: InputError for sequences of another length, and where it is to go on from a state.
    """

    def __init__(self, steps: int, *, threshold: float = 1.0, surrogate: Surrogate = ArcTan()) -> None:  # noqa: B008
        super().__init__(surrogate)
        _check_count("steps", steps)
        self.steps = steps
        self.weight = nn.Parameter(torch.empty(steps, steps))
        self.bias = nn.Parameter(torch.full((steps, 1), -threshold))
        nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5.0))

    def weights(self) -> Tensor:
        """Return W (T, T) as it is used."""
        return self.weight

    def run(self, x: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """See `Temporal`."""
        if state is not None:
            raise InputError("PSN sees the whole sequence at once, later steps too: it cannot go on from a state")
        if x.ndim < 2 or len(x) != self.steps:
            self._refuse(x)
        return self._fire(self._membrane(x)), Ended(torch.tensor(self.steps))

    def extra_repr(self) -> str:
        """Return the steps."""
        return f"steps={self.steps}"

    def _membrane(self, x: Tensor) -> Tensor:
        """Return H (T, B, ...) of a sequence x (T, B, ...)."""
        w, b = self.weights().to(x.dtype), self.bias.to(x.dtype)
        return torch.addmm(b, w, x.flatten(1)).view(x.shape)

    def _refuse(self, x: Tensor, begun: int = 0) -> NoReturn:
        after = f" after {begun} steps" if begun else ""
        raise InputError(
            f"{type(self).__name__} has weights for {self.steps} steps, got a sequence of shape {tuple(x.shape)}"
            f"{after}: another number of steps needs other weights"
        )


class MaskedPSN(PSN, Course):
    """A `PSN` whose steps look at themselves and the `order` - 1 steps before them, and at no later one.

    W is multiplied by a mask that closes during training: open + (1 - open) * band, where `open` falls from 1 to 0 in
    the first 1/`closing` of it (`deep.course`). With the mask closed, as it is unless a training says otherwise, the
    neuron is causal and can be run in chunks of a sequence of `steps`.
    Errors: InputError for sequences longer than `steps`, and chunks while the mask is open.
    """

    def __init__(
        self,
        steps: int,
        order: int,
        *,
        closing: float = 8.0,
        threshold: float = 1.0,
        surrogate: Surrogate = ArcTan(),  # noqa: B008 (frozen)
    ) -> None:
        super().__init__(steps, threshold=threshold, surrogate=surrogate)
        self.band: Tensor
        _check_count("order", order)
        if not closing >= 1.0:
            raise InputError(f"closing is {closing}: the mask closes in 1/closing of the training, at most all of it")
        self.order, self.closing, self.open = min(order, steps), closing, 0.0
        self.register_buffer("band", torch.from_numpy(band(steps, order)).to(self.weight), persistent=False)

    def at(self, share: float) -> None:
        """See `Course`: close the mask so far."""
        self.open = 1.0 - min(1.0, self.closing * share)

    def weights(self) -> Tensor:
        """Return W (T, T) under the mask as far as it is closed."""
        mask: Tensor = self.band + self.open * (1.0 - self.band)
        return self.weight * mask

    def run(self, x: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """See `Temporal`.

        A chunk is put at its place in a sequence of `steps`, all else 0: the same product as of the whole sequence,
        whose bits depend on its shape.
        """
        if state is None and x.ndim > 1 and len(x) == self.steps:
            return self._fire(self._membrane(x)), self._past(x, self.steps)
        if self.open:
            raise InputError(f"the mask is open by {self.open}: steps look at later ones, and chunks are not possible")
        begun = 0 if state is None else int(state.steps)
        if x.ndim < 2 or not 0 < len(x) <= self.steps - begun:
            self._refuse(x, begun)
        past = x[:0] if state is None else state.inputs
        if past.shape[1:] != x.shape[1:]:
            raise InputError(f"the state has inputs {tuple(past.shape)}, a sequence of {tuple(x.shape)} needs others")
        end = begun + len(x)
        known = torch.cat([past, x])
        before = x.new_zeros((end - len(known), *x.shape[1:]))
        after = x.new_zeros((self.steps - end, *x.shape[1:]))
        spikes = self._fire(self._membrane(torch.cat([before, known, after])))
        return spikes[begun:end], self._past(known, end)

    def extra_repr(self) -> str:
        """Return steps and order."""
        return f"steps={self.steps}, order={self.order}"

    def _past(self, x: Tensor, end: int) -> Past:
        return Past(x[max(0, len(x) - self.order + 1) :], torch.tensor(end))


class SlidingPSN(Parallel):
    """Parallel spiking neurons of any number of steps: ``H[t] = sum of w_i X[t - k + 1 + i] + b`` over i = 0 to k - 1.

    The k = `order` weights are the same in every step, and begin with ..., 1/4, 1/2, 1; before the sequence there is
    nothing. Causal: can be run in chunks.   Errors: InputError where a state has other neurons.
    """

    def __init__(self, order: int, *, threshold: float = 1.0, surrogate: Surrogate = ArcTan()) -> None:  # noqa: B008
        super().__init__(surrogate)
        _check_count("order", order)
        self.order = order
        self.weight = nn.Parameter(0.5 ** torch.arange(order - 1, -1, -1.0))
        self.bias = nn.Parameter(torch.tensor(-threshold))

    def run(self, x: Tensor, state: Past | None = None) -> tuple[Tensor, Past]:
        """See `Temporal`."""
        if x.ndim < 2 or not len(x):
            raise InputError(f"SlidingPSN takes a sequence (T, B, ...) of a step at least, got {tuple(x.shape)}")
        past = x.new_zeros((self.order - 1, *x.shape[1:])) if state is None else state.inputs
        if past.shape[1:] != x.shape[1:]:
            raise InputError(f"the state has inputs {tuple(past.shape)}, a sequence of {tuple(x.shape)} needs others")
        begun = 0 if state is None else int(state.steps)
        known = torch.cat([past, x])
        membrane = self.bias.to(x.dtype).expand(x.shape)
        for i, weight in enumerate(self.weight.to(x.dtype)):  # in this order in every chunk: the same bits
            membrane = torch.addcmul(membrane, known[i : i + len(x)], weight)
        return self._fire(membrane), Past(known[len(x) :], torch.tensor(begun + len(x)))

    def extra_repr(self) -> str:
        """Return the order."""
        return f"order={self.order}"


def _check_count(name: str, value: int) -> None:
    if value < 1:
        raise InputError(f"{name} is {value}; a step at least is needed")
