"""Swapping modules of a network for others: convolutions for ones with learned spacings, ReLUs for neurons."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from torch import nn

from spikesight.base.errors import InputError


def everywhere(name: str, module: Any) -> bool:
    """Return True, whatever the name and the module."""
    return True


def replace(
    model: nn.Module,
    kind: type[nn.Module],
    into: Callable[[Any], nn.Module],
    where: Callable[[str, Any], bool] = everywhere,
) -> nn.Module:
    """Return a copy of a network in which each module of `kind` is what `into(module)` makes of it.

    `where(name, module)` chooses among them. What stands in two places of the network stands in both afterwards; what
    is put in is not searched again. The network itself stays as it is.
    ``replace(net, nn.ReLU, lambda relu: LIF())``
    Errors: InputError where there is no such module, naming the kinds that there are.
    """
    copied = copy.deepcopy(model)
    made: dict[int, nn.Module] = {}
    found = [name for name, module in copied.named_modules() if isinstance(module, kind) and where(name, module)]
    if not found:
        kinds = sorted({type(module).__name__ for module in model.modules()})
        raise InputError(
            f"the network has no {kind.__name__} to replace, or none was chosen; it has {', '.join(kinds)}"
        )

    def visit(module: nn.Module, name: str) -> nn.Module:
        if id(module) in made:
            return made[id(module)]
        if isinstance(module, kind) and where(name, module):
            made[id(module)] = into(module).train(module.training)
            return made[id(module)]
        made[id(module)] = module
        for child, part in list(module._modules.items()):  # named_children tells what stands twice only once
            if part is not None:
                setattr(module, child, visit(part, f"{name}.{child}" if name else child))
        return module

    return visit(copied, "")
