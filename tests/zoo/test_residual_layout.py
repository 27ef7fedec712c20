"""Layouts that are none are refused; stems halve what they say."""

from __future__ import annotations

import pytest
import torch

from spikesight.base.errors import InputError
from spikesight.deep import IF, Network
from spikesight.zoo.residual_layout import LargeStem, Layout, SmallStem, Stem


@pytest.mark.parametrize("blocks", [(), (2, 0)], ids=["none", "an empty stage"])
def test_a_stage_has_a_block(blocks: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="a block or more"):
        Layout(blocks)


@pytest.mark.parametrize(("stem", "side"), [(LargeStem(), 8), (SmallStem(), 32)], ids=["large", "small"])
def test_a_stem_holds_a_still_image(stem: Stem, side: int) -> None:
    net = Network(**stem.layers(3, 4, 5, IF))
    assert net(torch.rand(2, 3, 32, 32)).shape == (5, 2, 4, side, side)
