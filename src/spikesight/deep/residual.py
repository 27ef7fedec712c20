"""Residual blocks of spiking networks: joined spike by spike (SEW), or summed before the last neuron (the baseline).

``SewBlock``: O = g(SN(F(S)), S) - a block whose branch is silent hands its input on, whatever the depth.
``SpikingBlock``: O = SN(F(S) + S) - the neuron stands in the way, so a block is no identity, and slopes multiply.

Source: Fang et al., Deep residual learning in spiking neural networks, NeurIPS 2021.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.deep.network import Network
from spikesight.deep.temporal import State, Temporal

MakeNeuron = Callable[[], Temporal]
"""Makes the neurons of one layer: `IF`, or `partial(LIF, tau=2e-3)`."""


class Join(Protocol):
    """Puts together the spikes of a branch, a, and of its shortcut, s, both (T, B, ...)."""

    def __call__(self, a: Tensor, s: Tensor) -> Tensor:
        """Return the output of the block."""


@dataclass(frozen=True)
class Add:
    """a + s: whole numbers, not only 0 and 1; after b blocks up to b + 1 where the input is spikes."""

    def __call__(self, a: Tensor, s: Tensor) -> Tensor:
        """See `Join`."""
        return a + s


@dataclass(frozen=True)
class And:
    """a s: spikes that both have. The identity needs a branch that always fires."""

    def __call__(self, a: Tensor, s: Tensor) -> Tensor:
        """See `Join`."""
        return a * s


@dataclass(frozen=True)
class IAnd:
    """(1 - a) s: spikes of the shortcut that the branch does not veto."""

    def __call__(self, a: Tensor, s: Tensor) -> Tensor:
        """See `Join`."""
        return s - a * s


class SewBlock(Temporal):
    """O = join(branch(S), shortcut(S)), all of them spikes; without a shortcut the input itself is joined.

    Errors: InputError where branch or shortcut does not end in neurons: it would be the baseline in disguise.
    """

    def __init__(self, branch: Network, shortcut: Network | None = None, join: Join = Add()) -> None:
        super().__init__()
        for name, part in {"branch": branch, "shortcut": shortcut}.items():
            if part is not None and not isinstance(list(part.children())[-1], Temporal):
                raise InputError(f"the {name} of a SEW block ends in neurons, this one in {list(part.children())[-1]}")
        self.branch, self.shortcut, self.join = branch, shortcut, join

    def run(self, x: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """See `Temporal`; the state has the parts "branch" and, where there is one, "shortcut".

        Errors: InputError where the two have outputs of different shapes, or the state has other parts.
        """
        a, s, after = _both(self.branch, self.shortcut, x, _parts(self, state))
        return self.join(a, s), after

    def extra_repr(self) -> str:
        """Return how the two are joined."""
        return f"join={self.join}"


class SpikingBlock(Temporal):
    """O = neuron(branch(S) + shortcut(S)), the residual block of non-spiking networks with its ReLU made a neuron."""

    def __init__(self, branch: Network, neuron: Temporal, shortcut: Network | None = None) -> None:
        super().__init__()
        self.branch, self.shortcut, self.neuron = branch, shortcut, neuron

    def run(self, x: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """See `Temporal`; the state has the parts "branch", "neuron" and, where there is one, "shortcut".

        Errors: InputError where the two have outputs of different shapes, or the state has other parts.
        """
        before = _parts(self, state)
        a, s, after = _both(self.branch, self.shortcut, x, before)
        y, after["neuron"] = self.neuron.run(a + s, before.get("neuron"))
        return y, after


class Branch(Protocol):
    """Makes branches of blocks, without their last neurons."""

    @property
    def expansion(self) -> int:
        """Channels that come out per width of a stage."""

    def branch(self, inputs: int, outputs: int, stride: int, neuron: MakeNeuron) -> Network:
        """Return a branch from `inputs` to `outputs` channels, rows and columns divided by `stride`."""


@dataclass(frozen=True)
class Basic:
    """Two 3 x 3 convolutions, each normalised."""

    expansion = 1

    def branch(self, inputs: int, outputs: int, stride: int, neuron: MakeNeuron) -> Network:
        """See `Branch`."""
        return Network(
            conv1=convolution(inputs, outputs, 3, stride),
            bn1=nn.BatchNorm2d(outputs),
            neuron1=neuron(),
            conv2=convolution(outputs, outputs, 3),
            bn2=nn.BatchNorm2d(outputs),
        )


@dataclass(frozen=True)
class Bottleneck:
    """1 x 1, 3 x 3 with the stride, 1 x 1, each normalised; inside are a quarter of the channels that come out."""

    expansion = 4

    def branch(self, inputs: int, outputs: int, stride: int, neuron: MakeNeuron) -> Network:
        """See `Branch`."""
        inside = outputs // self.expansion
        return Network(
            conv1=convolution(inputs, inside, 1),
            bn1=nn.BatchNorm2d(inside),
            neuron1=neuron(),
            conv2=convolution(inside, inside, 3, stride),
            bn2=nn.BatchNorm2d(inside),
            neuron2=neuron(),
            conv3=convolution(inside, outputs, 1),
            bn3=nn.BatchNorm2d(outputs),
        )


def projection(inputs: int, outputs: int, stride: int) -> Network | None:
    """Return the shortcut where channels or size change, a normalised 1 x 1 convolution; None where they do not."""
    if inputs == outputs and stride == 1:
        return None
    return Network(conv=convolution(inputs, outputs, 1, stride), bn=nn.BatchNorm2d(outputs))


def fire(part: Network, neuron: MakeNeuron) -> Network:
    """Return a branch or shortcut with neurons put behind it, as SEW blocks need."""
    part.add_module("neuron", neuron())
    return part


def convolution(inputs: int, outputs: int, size: int, stride: int = 1) -> nn.Conv2d:
    """Return a convolution whose output has 1 / stride of the rows and columns; without bias, a norm follows it."""
    return nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False)


def last_norm(branch: Network) -> nn.BatchNorm2d:
    """Return the last batch normalisation of a branch: with its weight and bias 0, the branch gives nothing.

    Errors: InputError where there is none.
    """
    norms = [layer for layer in branch.children() if isinstance(layer, nn.BatchNorm2d)]
    if not norms:
        raise InputError(f"a branch with batch normalisation is needed, this one has none: {branch}")
    return norms[-1]


def _both(
    branch: Network, shortcut: Network | None, x: Tensor, before: dict[str, State]
) -> tuple[Tensor, Tensor, dict[str, State]]:
    after: dict[str, State] = {}
    a, after["branch"] = branch.run(x, before.get("branch"))
    s = x
    if shortcut is not None:
        s, after["shortcut"] = shortcut.run(x, before.get("shortcut"))
    if a.shape != s.shape:
        raise InputError(
            f"the branch gives {tuple(a.shape)}, the shortcut {tuple(s.shape)}: where a block changes channels or "
            "size, its shortcut does the same (`projection`)"
        )
    return a, s, after


def _parts(block: nn.Module, state: State | None) -> dict[str, State]:
    names = {name for name, part in block.named_children()}
    if state is not None and set(state) != names:
        raise InputError(f"the state has parts {sorted(state)}, this block has {sorted(names)}")
    return {} if state is None else dict(state)
