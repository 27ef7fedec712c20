"""Parameters of neurons that differ from channel to channel, or are learned."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from spikesight.base.errors import InputError

PerChannel = float | Sequence[float]
"""One number for all neurons, or one for each channel: the first axis after the batch."""


def per_channel(kind: type[Any], **values: Any) -> tuple[Any, ...]:
    """Return `kind(**values)` for each channel: a single one where no value is a sequence.

    Errors: InputError where sequences have different lengths or none, and those of `kind`.
    """
    lists = {name: list(value) for name, value in values.items() if isinstance(value, Sequence)}
    lengths = {name: len(value) for name, value in lists.items()}
    if len(set(lengths.values())) > 1 or 0 in lengths.values():
        raise InputError(f"as many values as there are channels are needed, got {lengths}")
    channels = next(iter(lengths.values()), 1)
    return tuple(kind(**values | {name: value[c] for name, value in lists.items()}) for c in range(channels))


def constants_of(equation: Any, params: Sequence[Any], dt: float, who: str) -> dict[str, tuple[float | int, ...]]:
    """Return the constants of a step by name, each with a number for each of `params`.

    Errors: InputError naming `who` and the constants that are no number.
    """
    each = [equation.constants(one, dt) for one in params]
    named = dict(zip(each[0]._fields, zip(*each, strict=True), strict=True))
    broken = [name for name, values in named.items() if any(math.isnan(value) for value in values)]
    if broken:
        raise InputError(f"{who}: {', '.join(broken)} is not a number (NaN); look at its parameters {params[0]}")
    return named


def to_learned(name: str, values: Sequence[float], who: str) -> Tensor:
    """Return the tensor that is learned in place of a constant: a decay is learned as its logit, to stay in (0, 1).

    Shapes: () for one value, else (channels,).   Errors: InputError for a decay of 0 or 1.
    """
    start = torch.tensor(values[0] if len(values) == 1 else values, dtype=torch.float64)
    if is_decay(name):
        if not bool(((start > 0.0) & (start < 1.0)).all()):
            raise InputError(f"{who}: a {name} of {tuple(values)} cannot be learned from; begin with a finite tau")
        start = torch.logit(start)
    return start.to(torch.get_default_dtype())


def from_learned(name: str, learned: Tensor) -> Tensor:
    """Return the constant that a learned tensor stands for."""
    return torch.sigmoid(learned) if is_decay(name) else learned


def is_decay(name: str) -> bool:
    """Whether a constant is a factor of decay, between 0 and 1."""
    return name.startswith("decay")


def broadcast(values: Mapping[str, Any], x: Tensor, who: str) -> tuple[Any, ...]:
    """Return constants such that they broadcast against a step (B, C, ...) of x (T, B, C, ...).

    Single numbers stay numbers, as do those that are the same in every channel; others become tensors of the type that
    x is computed with (of int32 where they count steps).
    Errors: InputError where x has another number of channels.
    """
    return tuple(_shaped(name, value, x, who) for name, value in values.items())


def _shaped(name: str, value: Any, x: Tensor, who: str) -> Any:
    if isinstance(value, tuple):
        if len(value) == 1:
            return value[0]
        _check_channels(name, len(value), x, who)
        if len(set(value)) == 1:
            return value[0]
        value = torch.tensor(value, device=x.device, dtype=torch.int32 if isinstance(value[0], int) else wide(x.dtype))
    if not isinstance(value, Tensor):
        return value
    value = value if value.dtype == torch.int32 else value.to(wide(x.dtype))
    if value.ndim == 0:
        return value
    _check_channels(name, len(value), x, who)
    return value.reshape(-1, *(1,) * (x.ndim - 3))


def wide(kind: torch.dtype) -> torch.dtype:
    """Return the type that membranes have for an input of `kind`: of half precision, a slow decay would be none."""
    return torch.float32 if kind in (torch.float16, torch.bfloat16) else kind


def _check_channels(name: str, channels: int, x: Tensor, who: str) -> None:
    if x.ndim < 3 or x.shape[2] != channels:
        raise InputError(f"{who}: {name} has values for {channels} channels, the input is {tuple(x.shape)}")
