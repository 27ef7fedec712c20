"""An artificial network as a list of parts that conversion understands, and the names of those that it does not."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

import torch
from torch import Tensor, fx, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval

from spikesight.base.errors import InputError
from spikesight.deep.conversion.qcfs import QCFS
from spikesight.deep.hold import Hold
from spikesight.deep.network import Network
from spikesight.deep.temporal import parts as parts_of

INPUT = "input"

CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
LINEAR = (*CONVOLUTIONS, nn.Linear)
ACTIVATIONS = (nn.ReLU, QCFS)
MAXIMA = (nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d)
PASSING = (
    nn.AvgPool1d, nn.AvgPool2d, nn.AvgPool3d, nn.AdaptiveAvgPool1d, nn.AdaptiveAvgPool2d, nn.AdaptiveAvgPool3d,
    nn.Flatten, nn.Unflatten, nn.ZeroPad2d,
)  # fmt: skip
"""Linear without weights: they take spikes as they take values."""

NORMALISATIONS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
DROPPED = (nn.Identity, nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d)

ADVICE = {
    "Softmax": "take it off: it changes no answer",
    "LogSoftmax": "take it off: it changes no answer",
    "GELU": "train with QCFS() or nn.ReLU() in its place",
    "SiLU": "train with QCFS() or nn.ReLU() in its place",
    "Sigmoid": "train with QCFS() or nn.ReLU() in its place",
    "Tanh": "train with QCFS() or nn.ReLU() in its place",
    "LeakyReLU": "train with QCFS() or nn.ReLU() in its place: a rate is not negative",
    "LayerNorm": "use a batch normalisation after a convolution or a linear layer: it can be folded into its weights",
}


class Sum(nn.Module):
    """The sum of what comes in: where branches of a residual network meet."""

    def forward(self, *branches: Tensor) -> Tensor:
        """Return the sum of tensors of one shape."""
        return torch.stack(branches).sum(0) if len(branches) > 2 else branches[0] + branches[1]


class Part(NamedTuple):
    """A step of a network: what it is called, what it does, and the parts it takes its input from (`INPUT`: images)."""

    name: str
    module: nn.Module
    inputs: tuple[str, ...]


Graph = tuple[Part, ...]
"""Each part after those it takes from; the last one is the output."""


class Tracer(fx.Tracer):
    """Sees torch's modules and QCFS as wholes."""

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        """Return whether a module is one part."""
        return isinstance(m, QCFS) or super().is_leaf_module(m, module_qualified_name)


def _add(*given: Any, **options: Any) -> nn.Module | None:
    """Return the sum of what is given; None where a number is added, or one of them is multiplied (`alpha`)."""
    return Sum() if all(isinstance(one, fx.Node) for one in given) and not options else None


def _flatten(start_dim: int = 0, end_dim: int = -1) -> nn.Module | None:
    """Return what flattens an item; None where the batch would be flattened with it, which torch does unless told."""
    return nn.Flatten(start_dim, end_dim) if start_dim else None


FUNCTIONS: Mapping[Any, Callable[..., nn.Module | None]] = {
    operator.add: _add,
    operator.iadd: _add,
    torch.add: _add,
    "add": _add,
    torch.relu: lambda *_, **__: nn.ReLU(),
    functional.relu: lambda *_, **__: nn.ReLU(),
    "relu": lambda *_, **__: nn.ReLU(),
    torch.flatten: _flatten,
    "flatten": _flatten,
    functional.avg_pool2d: nn.AvgPool2d,
    functional.adaptive_avg_pool2d: nn.AdaptiveAvgPool2d,
    functional.max_pool2d: nn.MaxPool2d,
    functional.dropout: lambda *_, **__: nn.Identity(),
}
"""Functions and methods that stand for a module, made of their further arguments; None where they do not."""


def graph_of(ann: nn.Module) -> Graph:
    """Return the parts of an artificial network in eval mode, batch normalisations folded into the weights before them.

    `ann` is any module that torch.fx can trace, with one input and one output, or a `Network` without neurons, whose
    `Hold` is left out. It is not changed. Maximum pooling goes behind the rectifier that follows it, which changes no
    value.
    Errors: InputError listing by name all parts that cannot be converted, and what to do about them.
    """
    copied = deepcopy(ann).eval()
    parts, wrong = _chained(copied) if isinstance(copied, Network) else _traced(copied)
    parts = _folded(_without_dropped(parts))
    wrong += [_unknown(part.name, type(part.module).__name__) for part in parts if not _known(part.module)]
    if wrong:
        raise InputError(f"{len(wrong)} parts of the network cannot be converted: {'; '.join(wrong)}")
    if not any(isinstance(part.module, ACTIVATIONS) for part in parts):
        raise InputError("the network has no nn.ReLU and no QCFS: there is nothing to make neurons of")
    return _maxima_last(parts)


def values(graph: Graph, x: Tensor) -> dict[str, Tensor]:
    """Return what every part gives for x (B, ...), by name."""
    known = {INPUT: x}
    with torch.no_grad():
        for part in graph:
            known[part.name] = part.module(*(known[name] for name in part.inputs))
    return known


def activations(graph: Graph) -> list[str]:
    """Return the names of all activations, in order."""
    return [part.name for part in graph if isinstance(part.module, ACTIVATIONS)]


def _chained(net: Network) -> tuple[Graph, list[str]]:
    flat = [leaf for name, layer in parts_of(net) for leaf in _leaves(name, layer)]
    names = [INPUT, *(_word(name, module) for name, module in flat)]
    return tuple(Part(names[k + 1], module, (names[k],)) for k, (_, module) in enumerate(flat)), []


def _leaves(name: str, layer: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """Yield the layers of a chain, however deep they are in chains, with names that say where."""
    if not isinstance(layer, Hold | nn.Sequential):
        yield name, layer
        return
    for one, inner in parts_of(layer):
        yield from _leaves(f"{name}_{one}", inner)


def _traced(ann: nn.Module) -> tuple[Graph, list[str]]:
    try:
        nodes = list(Tracer().trace(ann).nodes)
    except Exception as error:  # whatever a module's own code does with a symbol
        raise InputError(f"torch.fx cannot trace {type(ann).__name__} ({error}): write it as nn.Sequential") from error
    places = [node for node in nodes if node.op == "placeholder"]
    if len(places) != 1:
        raise InputError(f"a network of one input is needed, {type(ann).__name__} takes {len(places)}")
    (given_back,) = nodes[-1].args
    if not isinstance(given_back, fx.Node):
        raise InputError(f"a network of one output is needed, {type(ann).__name__} gives back {given_back}")
    parts, wrong, names = [], [], {places[0].name: INPUT}
    needed = _needed(given_back)
    for node in nodes:
        if node.op == "placeholder" or node not in needed:
            continue
        module = _module(ann, node)
        names[node.name] = _word(node.name, module or nn.Identity())
        if module is None:
            wrong.append(_unknown(node.name, str(getattr(node.target, "__name__", node.target))))
            module = nn.Identity()
        given = tuple(names[one.name] for one in node.args if isinstance(one, fx.Node)) or (INPUT,)  # what is wrong
        parts.append(Part(names[node.name], module, given))
    return tuple(parts), wrong


def _needed(last: fx.Node) -> set[fx.Node]:
    """Return a node of a trace and all that it takes from, directly or not."""
    found, left = set[fx.Node](), [last]
    while left:
        node = left.pop()
        if node not in found:
            found.add(node)
            left += node.all_input_nodes
    return found


def _module(ann: nn.Module, node: fx.Node) -> nn.Module | None:
    """Return the module that a node of the trace is or stands for; None where there is none."""
    if not node.args or any(one not in node.args for one in node.all_input_nodes):
        return None  # what it takes from stands in a list or has a name, or it takes from nothing
    if node.op == "call_module":
        return ann.get_submodule(str(node.target))
    if node.op not in ("call_function", "call_method") or node.target not in FUNCTIONS:
        return None
    options = {name: value for name, value in node.kwargs.items() if name not in ("inplace", "training", "p")}
    return FUNCTIONS[node.target](*node.args[1:], **options)


def _word(name: str, module: nn.Module) -> str:
    """Return a name that a module may have as an attribute: layers that only have numbers get their kind before it."""
    word = name.replace(".", "_").strip("_")
    return word if word[:1].isalpha() else f"{type(module).__name__.lower()}_{word}"


def _known(module: nn.Module) -> bool:
    return isinstance(module, (*LINEAR, *ACTIVATIONS, *MAXIMA, *PASSING, Sum))


def _unknown(name: str, kind: str) -> str:
    advice = "a normalisation can be folded only right after a convolution or linear layer" if "Norm" in kind else ""
    found = ADVICE.get(kind, advice)
    return f"{name} ({kind})" + (f": {found}" if found else "")


def _without_dropped(parts: Graph) -> Graph:
    kept, moved = [], {INPUT: INPUT}
    for part in parts:
        given = tuple(moved[name] for name in part.inputs)
        if isinstance(part.module, DROPPED):
            moved[part.name] = given[0]
        else:
            moved[part.name] = part.name
            kept.append(part._replace(inputs=given))
    return tuple(kept)


def _folded(parts: Graph) -> Graph:
    """Fold every normalisation into the layer that it alone follows."""
    by_name = {part.name: part for part in parts}
    users = [name for part in parts for name in part.inputs]
    moved: dict[str, str] = {}
    for part in parts:
        before = by_name.get(part.inputs[0])
        if not isinstance(part.module, NORMALISATIONS) or before is None or users.count(before.name) > 1:
            continue
        if part.module.running_mean is None or not isinstance(before.module, LINEAR):
            continue
        fuse: Any = fuse_linear_bn_eval if isinstance(before.module, nn.Linear) else fuse_conv_bn_eval
        by_name[before.name] = before._replace(module=fuse(before.module, part.module))
        moved[part.name] = before.name
    return tuple(
        by_name[part.name]._replace(inputs=tuple(moved.get(name, name) for name in part.inputs))
        for part in parts
        if part.name not in moved
    )


def _maxima_last(parts: Graph) -> Graph:
    """Exchange a maximum pooling with the rectifier that alone follows it: the same values, and neurons before it."""
    found = list(parts)
    for k in range(len(found)):
        pool = found[k]
        users = [n for n, part in enumerate(found) if pool.name in part.inputs]
        if isinstance(pool.module, MAXIMA) and len(users) == 1 and isinstance(found[users[0]].module, ACTIVATIONS):
            n, activation = users[0], found[users[0]]
            found[k] = activation._replace(inputs=pool.inputs)
            found[n] = pool._replace(inputs=(activation.name,))
            for m in range(n + 1, len(found)):
                given = tuple(pool.name if name == activation.name else name for name in found[m].inputs)
                found[m] = found[m]._replace(inputs=given)
    return tuple(found)
