"""Listening to what goes into and comes out of the parts of a network. Listening changes nothing: it is not in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from spikesight.base.errors import InputError, UnknownName
from spikesight.deep.neurons.neuron import Neuron
from spikesight.deep.neurons.parameters import wide
from spikesight.deep.temporal import Temporal

BEFORE_RESET = "_before_reset"


class Heard(NamedTuple):
    """One call of a part: input and output as they were, not part of any gradient; the state it began with or None."""

    name: str
    module: nn.Module
    x: Tensor
    y: Tensor
    state: Any | None


Listener = Callable[[Heard], None]


def firing_layers(net: nn.Module) -> dict[str, Temporal]:
    """Return the layers of spiking neurons by their names in `net`, in order; what they are made of is left out."""
    found: dict[str, Temporal] = {}
    for name, module in net.named_modules():
        inside = any(name.startswith(f"{outer}.") for outer in found)
        if not inside and isinstance(module, Temporal) and module.fires:
            found[name or type(module).__name__] = module
    return found


@contextmanager
def tapped(modules: Mapping[str, nn.Module], listener: Listener) -> Iterator[None]:
    """Tell `listener` of every call of `modules`, by the names given, while the block lasts.

    Errors: InputError for modules that were compiled, which do not ask who listens.
    """
    with ExitStack() as taps:
        for name, module in modules.items():
            _check_not_compiled(name, module)
            taps.callback(_tap(name, module, listener))
        yield


@contextmanager
def around(net: nn.Module, begin: Callable[[], None], end: Callable[[Tensor, Tensor], None]) -> Iterator[None]:
    """Call `begin` before each call of `net` while the block lasts, and `end` with its input and output after it.

    Errors: InputError where it was compiled.
    """
    _check_not_compiled(type(net).__name__, net)
    with ExitStack() as hooks:
        if isinstance(net, Temporal):
            hooks.callback(_wrap(net, lambda x, y, _: end(x, y), begin))
        else:
            hooks.callback(net.register_forward_pre_hook(lambda module, given: begin()).remove)
            hooks.callback(net.register_forward_hook(lambda module, given, made: end(given[0], made)).remove)
        yield


@contextmanager
def at_rest(net: nn.Module) -> Iterator[None]:
    """Put `net` in eval mode, without gradients, for a look; afterwards modes and random numbers are as before."""
    modes = [(module, module.training) for module in net.modules()]
    net.eval()
    try:
        with torch.no_grad(), torch.random.fork_rng(devices=[]):
            yield
    finally:
        for module, mode in modes:
            module.training = mode


def membranes(heard: Heard, names: tuple[str, ...]) -> dict[str, Tensor]:
    """Return state variables (T, B, ...) of neurons in every step of a call: "v" after it, "v_before_reset" in it.

    They are computed again from the input and the spikes that were heard.   Errors: UnknownName.
    """
    neuron = heard.module
    if not isinstance(neuron, Neuron):
        raise InputError(f"'{heard.name}' is a {type(neuron).__name__}, whose state is not one of an equation")
    equation, known = neuron.equation, variables(neuron)
    for name in names:
        if name not in known:
            raise UnknownName(f"state variable of {heard.name}", name, known)
    found: dict[str, list[Tensor]] = {name: [] for name in names}
    functions = [getattr(torch, name) for name in equation.functions]
    with torch.no_grad():
        constants = neuron.constants(heard.x)
        values = list(neuron.begun(heard.x, heard.state))
        for k, current in enumerate(heard.x.to(wide(heard.x.dtype))):
            now = torch.full((), k, dtype=torch.int32, device=heard.x.device)
            *moved, _ = equation.advance(*values, current, now, torch.where, *functions, *constants)
            before = dict(zip(equation.fields, values, strict=True)) | dict(zip(equation.moving, moved, strict=True))
            after = equation.fire(*before.values(), now, *constants)
            fired = heard.y[k] != 0
            values = [
                torch.where(fired, torch.as_tensor(new, dtype=old.dtype, device=old.device), old)
                for new, old in zip(after, before.values(), strict=True)
            ]
            now_known = dict(zip(equation.fields, values, strict=True))
            for name in names:
                field = name.removesuffix(BEFORE_RESET)
                found[name].append((now_known if name == field else before)[field])
    return {name: torch.stack(steps) for name, steps in found.items()}


def variables(module: nn.Module) -> tuple[str, ...]:
    """Return the names that `membranes` takes for this module."""
    if not isinstance(module, Neuron) or not module.fires:
        return ()
    fields = module.equation.quantities
    return (*fields, *(f"{field}{BEFORE_RESET}" for field in fields))


def _tap(name: str, module: nn.Module, listener: Listener) -> Callable[[], None]:
    """Begin to listen; what is returned ends it."""
    if not isinstance(module, Temporal):

        def hook(module: nn.Module, given: Any, made: Any) -> None:
            if isinstance(made, Tensor) and given and isinstance(given[0], Tensor):
                listener(Heard(name, module, given[0].detach(), made.detach(), None))

        return module.register_forward_hook(hook).remove
    return _wrap(module, lambda x, y, state: listener(Heard(name, module, x.detach(), y.detach(), state)))


def _wrap(
    module: Temporal, heard: Callable[[Tensor, Tensor, Any], None], begin: Callable[[], None] = lambda: None
) -> Callable[[], None]:
    """Listen to `run`: containers call it of what has a state, and hooks of torch hear only calls of the module itself.

    What is returned ends it.
    """
    own, before = module.run, module.__dict__.get("run")

    def run(x: Tensor, state: Any | None = None, **more: Any) -> tuple[Tensor, Any]:
        # Chunks are heard one by one; what is computed again for a gradient was heard before.
        again = torch._C._current_graph_task_id() != -1
        if again or more.get("chunk") is not None:
            passed: tuple[Tensor, Any] = own(x, state, **more)
            return passed
        begin()
        y, after = own(x, state, **more)
        heard(x, y, state)
        return y, after

    def end() -> None:
        if before is None:
            module.__dict__.pop("run", None)
        else:
            module.__dict__["run"] = before

    module.__dict__["run"] = run
    return end


def _check_not_compiled(name: str, module: nn.Module) -> None:
    if hasattr(module, "_orig_mod") or getattr(module, "_compiled_call_impl", None) is not None:
        raise InputError(
            f"'{name}' was compiled by torch.compile, and cannot be listened to: record the module that was compiled"
        )
