"""Elements that crowd are told so; layers may have their positions in common."""

import pytest
import torch
from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep.spacings import Dcls1d, Dcls2d, Gaussian, repulsion, share_positions


def test_only_pairs_that_are_closer_than_a_cell_count():
    layer = Dcls1d(1, 1, 3, 9)
    with torch.no_grad():
        layer.position.copy_(torch.tensor([[[[0.0, 0.25, 3.0]]]]))
    assert repulsion(layer).item() == pytest.approx(2 * 0.75 / 3)
    repulsion(layer).backward()
    assert layer.position.grad.flatten().tolist() == pytest.approx([2 / 3, -2 / 3, 0.0])


def test_elements_at_one_place_give_no_gradient_that_is_no_number():
    layer = Dcls2d(1, 1, 2, 3)
    layer.position.data.zero_()
    repulsion(layer).backward()
    assert torch.isfinite(layer.position.grad).all()


def test_layers_with_the_same_positions_have_one_parameter():
    layers = [Dcls2d(4, 4, 3, 7, groups=4, interpolation=Gaussian()) for _ in range(3)]
    net = nn.Sequential(*layers)
    before = repulsion(net)
    share_positions(layers)
    assert sum(p is layers[0].position for p in net.parameters()) == 1
    assert layers[2].width is layers[0].width
    torch.testing.assert_close(repulsion(net), repulsion(layers[0]))
    assert repulsion(net) != before


def test_what_cannot_share():
    with pytest.raises(InputError, match="cannot be those of a layer that needs"):
        share_positions([Dcls2d(4, 4, 3, 7), Dcls2d(4, 4, 3, 7, groups=4)])
    with pytest.raises(InputError, match="no layer with learned spacings"):
        repulsion(nn.Linear(2, 2))
