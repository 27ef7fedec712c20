"""Still images over time: what is the same in every step is computed once."""

from __future__ import annotations

from torch import Tensor, nn

from spikesight.base.errors import InputError


class Hold(nn.Sequential):
    """Layers applied once to still images (B, ...), whose result is held for so many steps: (steps, B, ...).

    The result takes the memory of one step.   Errors: InputError for fewer than one step.
    """

    def __init__(self, steps: int, *layers: nn.Module) -> None:
        super().__init__(*layers)
        if steps < 1:
            raise InputError(f"an image is held for a step at least, got {steps}")
        self.steps = steps

    def forward(self, images: Tensor) -> Tensor:
        """Return what the layers make of the images (B, ...), held: (steps, B, ...)."""
        still: Tensor = super().forward(images)  # type: ignore[no-untyped-call]
        return still.expand(self.steps, *still.shape)

    def extra_repr(self) -> str:
        """Return the steps."""
        return f"steps={self.steps}"
