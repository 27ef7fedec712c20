"""The plan of a network for a trace: its layers, and the weights between them where what leads to what is certain."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from spikesight.deep.hold import Hold
from spikesight.deep.network import Network
from spikesight.deep.neurons.neuron import Neuron
from spikesight.deep.tapping import Heard, at_rest, firing_layers, tapped
from spikesight.deep.temporal import parts
from spikesight.trace.kernel import Kernel
from spikesight.trace.schema import Layer, Projection
from spikesight.trace.watched import Sketch

INPUT = "input"
CHAINS = (Network, Hold, nn.Sequential)
"""What applies its parts one after the other."""
SYNAPSES = (nn.Linear, nn.Conv2d)
"""What has weights that a trace has a place for."""
POOLS = (nn.MaxPool2d, nn.AvgPool2d)
PASSES = (
    nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.GroupNorm, nn.LayerNorm, nn.Dropout, nn.Dropout2d, nn.Flatten,
    nn.Identity,
)  # fmt: skip
"""What leaves units where they are: scaled, left out in training, or in a row."""


@dataclass
class Shapes:
    """What a call of a network has shown: by name the shape of one item of each firing layer's output, of the input of
    each part with weights, of the network's input and output; steps, and items.
    """

    made: dict[str, tuple[int, ...]] = field(default_factory=dict)
    given: dict[str, tuple[int, ...]] = field(default_factory=dict)
    steps: int = 0
    items: int = 0

    def listen(self, heard: Heard) -> None:
        """Take down the shapes of a call."""
        if isinstance(heard.module, SYNAPSES):
            spatial = 3 if isinstance(heard.module, nn.Conv2d) else 1
            self.given[heard.name] = tuple(heard.x.shape[-spatial:])
            self.made[heard.name] = tuple(heard.y.shape[-spatial:])
        else:
            self.steps, self.items = max(self.steps, len(heard.y)), heard.y.shape[1]
            self.made[heard.name] = tuple(heard.y.shape[2:]) or (1,)


def parts_to_hear(net: nn.Module) -> dict[str, nn.Module]:
    """Return the firing layers of `net`, and its parts with weights, by name."""
    weighted = {name: module for name, module in net.named_modules() if isinstance(module, SYNAPSES)}
    return {**firing_layers(net), **weighted}


def sketch(net: nn.Module, x: Tensor) -> Sketch:
    """Return the plan of `net` after showing it x, a batch like those it will get; nothing in it changes.

    Every firing layer is in it, by its name in `net`, behind "input" and, where the network does not end in one, before
    what gives its output. Projections are dense, or convolutions with what is pooled before or after them, in parts
    that are chains (`Network`, `Hold`, `nn.Sequential`); where a layer of another kind joins or splits, what leads to
    what is not said.   Errors: InputError where layers were compiled.
    """
    shapes = Shapes()
    with at_rest(net), tapped(parts_to_hear(net), shapes.listen):
        y = net(x)
    return sketched(net, shapes, x, y)


def sketched(net: nn.Module, shapes: Shapes, x: Tensor, y: Tensor) -> Sketch:
    """Return the plan of a network whose call with x gave y and showed `shapes`."""
    if not shapes.steps:  # nothing fires
        shapes.steps, shapes.items = y.shape[:2]
    given = tuple(x.shape[1:] if is_still(net, x, shapes) else x.shape[2:]) or (1,)
    plan = _Plan(shapes, Layer(INPUT, given))
    plan.walk(net, "")
    plan.end(y)
    return Sketch(tuple(plan.layers), tuple(plan.projections), shapes.steps, tick(net))


def is_still(net: nn.Module, x: Tensor, shapes: Shapes) -> bool:
    """Whether x was one picture per item (B, ...), held, and no sequence (T, B, ...)."""
    if isinstance(net, Network):
        first = next(net.children())
        return is_still(first, x, shapes) if isinstance(first, Network) else isinstance(first, Hold)
    return not is_sequence(x, shapes)


def is_sequence(x: Tensor, shapes: Shapes) -> bool:
    """Whether x looks like a sequence (T, B, ...) of as many items as the layers had."""
    fits = x.ndim > 1 and x.shape[1] == shapes.items
    return fits and (len(x) != shapes.items or len(x) == shapes.steps)


def tick(net: nn.Module) -> float:
    """Return the seconds of a step: those of the first neurons, 1 ms where there are none."""
    return next((module.dt for module in net.modules() if isinstance(module, Neuron)), 1e-3)


def weights(net: nn.Module, plan: Sketch) -> dict[str, NDArray[Any]]:
    """Return the weights of each projection of a plan, (n_pre, n_post) or kernels, as they are now."""
    modules = dict(net.named_modules())
    found = {}
    for projection in plan.projections:
        module: Any = modules[projection.name]
        w = module.weight.detach().cpu().numpy()
        found[projection.name] = np.array(w.T if isinstance(module, nn.Linear) else w, order="C")  # they go on changing
    return found


@dataclass
class _Between:
    """What lies between two layers: the part with weights, and poolings before and after it. `known` until a part comes
    of which it is not known where units go.
    """

    name: str = ""
    synapses: nn.Module | None = None
    before: tuple[int, int] = (1, 1)
    after: tuple[int, int] = (1, 1)
    known: bool = True

    def pass_through(self, name: str, module: nn.Module) -> None:
        """Take down one more part."""
        if isinstance(module, SYNAPSES):
            self.known = self.known and self.synapses is None
            self.name, self.synapses = name, module
        elif isinstance(module, POOLS):
            stride = _pair(module.stride)
            if self.synapses is None:
                self.before = _times(self.before, stride)
            else:
                self.after = _times(self.after, stride)
        elif not isinstance(module, PASSES):
            self.known = False


class _Plan:
    """Layers and projections found on a walk through a network, the parts in the order of their use."""

    def __init__(self, shapes: Shapes, first: Layer) -> None:
        self._shapes = shapes
        self.layers, self.projections = [first], list[Projection]()
        self._last: Layer | None = first
        self._between = _Between()

    def walk(self, module: nn.Module, name: str) -> None:
        """Go through `module`, called `name`."""
        own = name or type(module).__name__
        if own in self._shapes.made and not isinstance(module, SYNAPSES):
            self._arrive(Layer(own, self._shapes.made[own]))
        elif isinstance(module, CHAINS):
            for part, child in parts(module):
                self.walk(child, f"{name}.{part}" if name else part)
        elif isinstance(module, PASSES + POOLS + SYNAPSES) or not any(True for _ in module.children()):
            self._between.pass_through(name, module)
        else:
            for part, child in module.named_children():
                self._lose()
                self.walk(child, f"{name}.{part}" if name else part)
            self._lose()

    def end(self, y: Tensor) -> None:
        """Close with the output y (T, B, ...), unless the last layer gave it."""
        between = self._between
        if between.synapses is not None:
            shape = y.shape[2:] if is_sequence(y, self._shapes) else self._shapes.made[between.name]
            self._arrive(Layer(between.name, tuple(shape) or (1,)))

    def _lose(self) -> None:
        self._last, self._between = None, _Between()

    def _arrive(self, layer: Layer) -> None:
        self.layers.append(layer)
        between, pre = self._between, self._last
        self._last, self._between = layer, _Between()
        if pre is None or not between.known or between.synapses is None:
            return
        if isinstance(between.synapses, nn.Linear):
            sides = between.synapses.in_features, between.synapses.out_features
            if sides == (pre.size, layer.size):
                self.projections.append(Projection(between.name, pre.name, layer.name, sides, float(layer.size)))
        elif isinstance(between.synapses, nn.Conv2d):
            self._convolved(between, between.synapses, pre, layer)

    def _convolved(self, between: _Between, module: nn.Conv2d, pre: Layer, post: Layer) -> None:
        maps = (pre.shape[0], post.shape[0])
        flat = len(pre.shape) != 3 or len(post.shape) != 3
        if flat or module.groups != 1 or maps != (module.in_channels, module.out_channels):
            return
        stride = _times(_times(_pair(module.stride), between.before), between.after)
        dilation = _times(_pair(module.dilation), between.before)
        kernel = Kernel(module.in_channels, *_pair(module.kernel_size), stride, dilation)
        given, made = self._shapes.given[between.name], self._shapes.made[between.name]
        fan_out = math.prod(made) * kernel.taps / math.prod(given)
        shape = kernel.taps, module.out_channels
        self.projections.append(Projection(between.name, pre.name, post.name, shape, fan_out, kernel))


def _times(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] * other[0], one[1] * other[1]


def _pair(given: Any) -> tuple[int, int]:
    return (int(given), int(given)) if isinstance(given, int) else (int(given[0]), int(given[1]))
