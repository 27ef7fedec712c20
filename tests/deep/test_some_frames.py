"""Some of the frames while learning, all of them when answering."""

from __future__ import annotations

import pytest
import torch

from spikesight.base.errors import InputError
from spikesight.deep import Network
from spikesight.deep.some_frames import SomeFrames


def test_frames_are_in_their_order_and_each_there_once() -> None:
    torch.manual_seed(0)
    x, drawn = torch.arange(16.0)[:, None].expand(16, 3), set()
    for _ in range(20):
        kept = SomeFrames(12)(x)
        assert kept.shape == (12, 3)
        assert (kept.diff(dim=0) > 0).all()
        drawn.add(tuple(kept[:, 0].tolist()))
    assert len(drawn) > 15


def test_answers_use_all_of_them() -> None:
    x = torch.rand(5, 2)
    assert torch.equal(Network(SomeFrames(2)).eval()(x), x)
    assert torch.equal(SomeFrames(9)(x), x)
    with pytest.raises(InputError, match="got 0"):
        SomeFrames(0)
