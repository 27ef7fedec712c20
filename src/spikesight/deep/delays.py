"""Connections whose every synapse has a weight and a delay, which may be learned.

While it learns, a delayed spike arrives smeared over the steps around its delay by a Gaussian, so that the loss can
feel which way the delay should go. The Gaussian narrows during the first part of the training. What has learned
(`eval()`) has delays of whole steps.

The output is as long as the input: a spike that would arrive after the end does not. To see what is still on its way
when an utterance is over, let silence follow it.
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import NamedTuple, Protocol, Self

import torch
from torch import Tensor, nn
from torch.nn import functional

from spikesight.base.errors import InputError
from spikesight.deep.course import Course
from spikesight.deep.spacings.interpolation import Gaussian
from spikesight.deep.spacings.kernel import dense_kernel
from spikesight.deep.temporal import Temporal

GAUSSIAN = Gaussian()


class Delays(Protocol):
    """Where delays come from: the longest that there is when `longest` steps were asked for, and whether they learn.

    `faster` is their rate as a multiple of that of weights; None where they stay as they are.
    """

    @property
    def faster(self) -> float | None:
        """See `Delays`."""

    def longest(self, asked: int) -> int:
        """Return the longest delay in steps."""

    def draw(self, shape: tuple[int, ...], longest: int) -> Tensor:
        """Return the first delays in steps."""


@dataclass(frozen=True)
class Learned:
    """Delays that begin anywhere and learn, `faster` times as fast as weights.

    Source: Hammouamri et al., ICLR 2024; there 20 times the largest rate of weights.
    """

    faster: float = 20.0

    def longest(self, asked: int) -> int:
        """See `Delays`."""
        return asked

    def draw(self, shape: tuple[int, ...], longest: int) -> Tensor:
        """See `Delays`."""
        return torch.rand(shape) * longest


@dataclass(frozen=True)
class Fixed:
    """Random delays of whole steps, which stay as they were drawn."""

    faster = None

    def longest(self, asked: int) -> int:
        """See `Delays`."""
        return asked

    def draw(self, shape: tuple[int, ...], longest: int) -> Tensor:
        """See `Delays`."""
        return torch.randint(longest + 1, shape).to(torch.get_default_dtype())


@dataclass(frozen=True)
class Undelayed:
    """No delays: the plain connection, in the same class."""

    faster = None

    def longest(self, asked: int) -> int:
        """Return 0."""
        return 0

    def draw(self, shape: tuple[int, ...], longest: int) -> Tensor:
        """See `Delays`."""
        return torch.zeros(shape)


@dataclass(frozen=True)
class Annealing:
    """How wide the Gaussian is: from half the longest delay to `last`, exponentially, over a share of the training.

    In the units of `Gaussian`, whose standard deviation is 0.27 more.   Errors: InputError for numbers that are none.
    """

    last: float = 0.23
    over: float = 0.25

    def __post_init__(self) -> None:
        if not (self.last > 0.0 and 0.0 < self.over <= 1.0):
            raise InputError(f"a width above 0 at a share of the training from above 0 to 1, got {self}")

    def width(self, share: float, taps: int) -> float:
        """Return the width when `share` of the training is done, for a kernel of so many taps."""
        first = max(float(taps // 2), self.last)
        done = min(share / self.over, 1.0)
        return float(first * (self.last / first) ** done)


class Past(NamedTuple):
    """The last inputs, as many steps as the longest delay, (steps, B, I)."""

    inputs: Tensor


class DelayedLinear(Temporal, Course):
    """``y_o[t] = sum over i, k of w_oik x_i[t - delay_oik]``: x (T, B, I) to currents (T, B, O).

    `longest` delay in steps; `delays` tells where they come from; `elements` (k) weights and delays for each pair of
    channels. `weight` and `delay` are (O, I, elements), delays in steps. In training mode, learned delays are smeared
    as `annealing` says; in evaluation mode all are rounded. Chunked equals whole up to rounding: a convolution may add
    in another order.
    Trained by `deep.training`, delays learn at a rate of their own and stay between 0 and `longest`.
    Errors: InputError for numbers below 1, or a negative delay.   Source: Hammouamri et al., ICLR 2024.
    """

    decayed = ("weight",)

    def __init__(
        self,
        inputs: int,
        outputs: int,
        longest: int,
        *,
        delays: Delays = Learned(),
        elements: int = 1,
        bias: bool = False,
        annealing: Annealing = Annealing(),
    ) -> None:
        super().__init__()
        if min(inputs, outputs, elements) < 1 or longest < 0:
            raise InputError(
                f"{inputs} inputs, {outputs} outputs, {elements} elements, delays up to {longest} steps: at least one "
                "of each, and delays from 0 up"
            )
        self.delays, self.annealing, self.longest = delays, annealing, delays.longest(longest)
        shape = outputs, inputs, elements
        self.weight = nn.Parameter(torch.empty(shape))
        nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        drawn = delays.draw(shape, self.longest)
        self.delay: Tensor
        if delays.faster is None:
            self.register_buffer("delay", drawn)
        else:
            self.delay = nn.Parameter(drawn)
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None
        self.width: Tensor
        self.register_buffer("width", torch.tensor(annealing.width(0.0, self.longest + 1)))

    def kernel(self) -> Tensor:
        """Return what arrives of an input so many steps later: (O, I, longest + 1), the delay counts from 0."""
        if self.training and self.delays.faster is not None:
            taps = self.longest + 1
            width = self.width.abs().expand(1, *self.delay.shape)
            return dense_kernel(self.weight, (self.delay - taps // 2)[None], width, (taps,), GAUSSIAN)
        taken = self.whole_delays()[..., None] == torch.arange(self.longest + 1, device=self.delay.device)
        return (self.weight[..., None] * taken).sum(2)

    def whole_delays(self) -> Tensor:
        """Return the delays in whole steps, (O, I, elements), int64."""
        return self.delay.detach().round().clamp(0, self.longest).long()

    def run(self, x: Tensor, state: Past | None = None) -> tuple[Tensor, Past]:
        """See `Temporal`; the state is the last `longest` steps of the input."""
        inputs = self.weight.shape[1]
        if x.ndim != 3 or x.shape[2] != inputs:
            raise InputError(f"delayed connections of {inputs} inputs take (T, B, {inputs}), got {tuple(x.shape)}")
        wanted = (self.longest, *x.shape[1:])
        past = x.new_zeros(wanted) if state is None else state.inputs
        if tuple(past.shape) != wanted:
            raise InputError(f"the state holds past inputs {tuple(past.shape)}, this input needs {wanted}")
        if not self.longest:
            return functional.linear(x, self.kernel()[..., 0], self.bias), Past(past)
        whole = torch.cat([past, x])
        # As a correlation over time: its last tap is the undelayed one.
        currents = functional.conv1d(whole.permute(1, 2, 0), self.kernel().flip(-1), self.bias)
        return currents.permute(2, 0, 1), Past(whole[len(x) :])

    def rounded(self) -> Self:
        """Return a copy whose delays are whole steps and stay: what evaluation computes, also in training mode."""
        made = copy.deepcopy(self)
        made.delays = Fixed() if self.longest else Undelayed()
        whole = self.whole_delays().to(self.delay.dtype)
        del made.delay
        made.register_buffer("delay", whole)
        return made

    def at(self, share: float) -> None:
        """See `Course`."""
        self.width.fill_(self.annealing.width(share, self.longest + 1))

    @torch.no_grad()
    def settle(self) -> None:
        """See `Course`."""
        self.delay.clamp_(0.0, float(self.longest))

    def rates(self) -> list[tuple[nn.Parameter, float]]:
        """See `Course`."""
        faster = self.delays.faster
        return [(self.delay, faster)] if faster is not None and isinstance(self.delay, nn.Parameter) else []

    def extra_repr(self) -> str:
        """Return the sizes."""
        outputs, inputs, elements = self.weight.shape
        return f"{inputs}, {outputs}, longest={self.longest}, elements={elements}, delays={self.delays}"


class LoopState(NamedTuple):
    """State of the neurons, and their spikes of the last steps (steps, B, C)."""

    neurons: object
    spikes: Tensor


class DelayedRecurrent(Temporal):
    """Neurons whose spikes come back to them, each synapse after 1 to `longest` steps: currents (T, B, C) to spikes.

    Over `loop`, a `DelayedLinear` between the `channels`, spikes of a step arrive in the next one at the earliest: a
    delay is one more than that of the loop.   Errors: InputError where no step is left for a delay.
    """

    def __init__(
        self,
        neurons: Temporal,
        channels: int,
        longest: int,
        *,
        delays: Delays = Learned(),
        annealing: Annealing = Annealing(),
    ) -> None:
        super().__init__()
        if longest < 1:
            raise InputError(f"a spike comes back one step later at the earliest: longest is 1 or more, got {longest}")
        self.neurons = neurons
        self.loop = DelayedLinear(channels, channels, longest - 1, delays=delays, annealing=annealing)
        self.fires = neurons.fires

    def run(self, x: Tensor, state: LoopState | None = None) -> tuple[Tensor, LoopState]:
        """See `Temporal`."""
        kernel = self.loop.kernel()
        outputs, inputs, taps = kernel.shape
        if x.ndim != 3 or x.shape[2] != outputs:
            raise InputError(f"{outputs} neurons take currents (T, B, {outputs}), got {tuple(x.shape)}")
        wanted = (taps, x.shape[1], inputs)
        inside, before = (None, x.new_zeros(wanted)) if state is None else state
        if tuple(before.shape) != wanted:
            raise InputError(f"the state holds spikes {tuple(before.shape)}, this input needs {wanted}")
        table = kernel.flip(-1).permute(2, 1, 0).reshape(taps * inputs, outputs)  # oldest spikes first
        spikes = list(before)
        for current in x:
            back = torch.cat(spikes[-taps:], 1) @ table
            fired, inside = self.neurons.run((current + back)[None], inside)
            spikes.append(fired[0])
        return torch.stack(spikes[taps:]), LoopState(inside, torch.stack(spikes[-taps:]))
