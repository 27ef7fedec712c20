"""What is the same in every step is computed once, and takes the memory of one step."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep import Hold


class Counted(nn.Module):
    """Counts how many images it was given."""

    images = 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.images += len(x)
        return 2.0 * x


def test_layers_see_each_image_once() -> None:
    layer = Counted()
    held = Hold(7, layer)(torch.ones(3, 2))
    assert layer.images == 3
    assert held.shape == (7, 3, 2)
    assert torch.equal(held, torch.full((7, 3, 2), 2.0))


def test_the_result_takes_the_memory_of_one_step() -> None:
    held = Hold(100)(torch.ones(3, 2))
    assert held.stride(0) == 0
    assert held.untyped_storage().nbytes() == 3 * 2 * 4


def test_gradients_of_all_steps_add_up() -> None:
    images = torch.ones(3, 2, requires_grad=True)
    Hold(7)(images).sum().backward()
    assert torch.equal(images.grad, torch.full((3, 2), 7.0))


def test_no_step_is_an_error() -> None:
    with pytest.raises(InputError, match="a step at least, got 0"):
        Hold(0)
