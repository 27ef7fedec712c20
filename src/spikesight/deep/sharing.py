"""One kernel for many layers: layers of the same kind and shape use the same parameters, and learn them together.

A shared parameter is one object: the optimiser sees it once, its gradient is the sum over its layers, and weight decay
counts once. Copies, checkpoints and averages of the weights keep it one. Normalisations stay each layer's own.
Source: Azadbakht et al., 2022 (arXiv 2210.14151).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from spikesight.base.errors import InputError

CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)


def share(layers: Iterable[nn.Module]) -> None:
    """Make `layers` use the parameters of the first of them, as they are now.

    Errors: InputError where there is no layer, one has no parameters, or one is of another kind or shape.
    """
    first, *others = _checked(list(layers))
    for other in others:
        for name, parameter in first.named_parameters(recurse=False):
            setattr(other, name, parameter)


def share_kernels(net: nn.Module, kinds: tuple[type[nn.Module], ...] = CONVOLUTIONS) -> list[tuple[str, ...]]:
    """Share the parameters of all isomorphic layers of `kinds` inside `net`; return the names of each group.

    To share within stages only, call it on each stage. A net whose layers share refuses, from then on, a checkpoint in
    which they differ.   Errors: InputError where no two layers are isomorphic.
    """
    groups = isomorphic(net, kinds)
    if not groups:
        raise InputError(f"no two layers of {[kind.__name__ for kind in kinds]} are of one shape: nothing to share")
    for names in groups:
        share(net.get_submodule(name) for name in names)
    net.register_load_state_dict_pre_hook(_refuse_different)  # type: ignore[no-untyped-call]
    return groups


def isomorphic(net: nn.Module, kinds: tuple[type[nn.Module], ...] = CONVOLUTIONS) -> list[tuple[str, ...]]:
    """Return the names of layers of `kinds` that could share: of one type, whose parameters have the same shapes.

    Groups of two layers or more, in the order of their first ones. Stride, padding and dilation may differ.
    """
    found: dict[Any, list[str]] = {}
    for name, layer in net.named_modules():
        if isinstance(layer, kinds):
            found.setdefault(_kind(layer), []).append(name)
    return [tuple(names) for names in found.values() if len(names) > 1]


def shared(net: nn.Module) -> list[tuple[str, ...]]:
    """Return the names of parameters that are one and the same, in groups of two names or more."""
    found: dict[int, list[str]] = {}
    for name, parameter in net.named_parameters(remove_duplicate=False):
        found.setdefault(id(parameter), []).append(name)
    return [tuple(names) for names in found.values() if len(names) > 1]


def check_same(net: nn.Module, state: Mapping[str, Tensor], prefix: str = "") -> None:
    """Make sure that what `net` shares is equal in a `state_dict`: of a net without sharing one layer would win.

    Errors: InputError naming two entries that differ.
    """
    for first, *others in shared(net):
        for other in others:
            one, another = state.get(prefix + first), state.get(prefix + other)
            if one is not None and another is not None and not _equal(one, another):
                raise InputError(
                    f"{prefix}{first} and {prefix}{other} are one parameter here, and differ in what is loaded: it "
                    "is of a net whose layers do not share them. Load it into such a net"
                )


def _refuse_different(net: nn.Module, state: Mapping[str, Tensor], prefix: str, *_: Any) -> None:
    check_same(net, state, prefix)


def _equal(one: Tensor, other: Tensor) -> bool:
    return one is other or (one.shape == other.shape and torch.equal(one, other))


def _kind(layer: nn.Module) -> tuple[Any, ...]:
    groups = getattr(layer, "groups", 1)
    return type(layer), groups, *((name, tuple(p.shape)) for name, p in layer.named_parameters(recurse=False))


def _checked(layers: Sequence[nn.Module]) -> Sequence[nn.Module]:
    if not layers:
        raise InputError("there is no layer to share the parameters of")
    kinds = [_kind(layer) for layer in layers]
    if len(kinds[0]) == 2:
        raise InputError(f"{layers[0]} has no parameters of its own to share")
    for layer, kind in zip(layers, kinds, strict=True):
        if kind != kinds[0]:
            raise InputError(f"{layer} is of another kind or shape than {layers[0]}: they cannot be one")
    return layers
