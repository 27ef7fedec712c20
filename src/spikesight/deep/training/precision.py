"""In which numbers a network is computed while it trains; its parameters stay as they are."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Protocol

import torch


class Precision(Protocol):
    """The arithmetic of the forward pass."""

    def on(self, device: torch.device) -> AbstractContextManager[Any]:
        """Return a context in which a network on `device` is called."""


@dataclass(frozen=True)
class AsParameters:
    """The type of the parameters throughout."""

    def on(self, device: torch.device) -> AbstractContextManager[Any]:
        """See `Precision`."""
        return nullcontext()


@dataclass(frozen=True)
class BFloat16:
    """Convolutions and linear layers in bfloat16, by torch's autocast. No scaling of losses is needed."""

    def on(self, device: torch.device) -> AbstractContextManager[Any]:
        """See `Precision`."""
        return torch.autocast(device.type, torch.bfloat16)
