"""Layers with learned spacings: a dilated convolution where positions are whole, and good neighbours of torch's own."""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional

from spikesight.base.errors import InputError
from spikesight.deep.course import after_step, own_rates
from spikesight.deep.spacings import Bilinear, Dcls1d, Dcls2d, Dcls3d, Gaussian, Largest, Triangle

LAYERS = {1: Dcls1d, 2: Dcls2d, 3: Dcls3d}
PLAIN = {1: functional.conv1d, 2: functional.conv2d, 3: functional.conv3d}


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)


@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize("interpolation", [Bilinear(), Triangle(), Largest()], ids=["bilinear", "triangle", "largest"])
@pytest.mark.parametrize(
    ("axes", "taps", "dilation"), [(1, (3,), (4,)), (2, (3, 3), (2, 3)), (3, (3, 1, 3), (1, 1, 2))]
)
def test_at_whole_positions_it_is_a_dilated_convolution(axes, taps, dilation, interpolation, groups):
    size = [d * (k - 1) + 1 for k, d in zip(taps, dilation, strict=True)]
    elements = torch.tensor(taps).prod().item()
    layer = LAYERS[axes](4, 8, elements, size, padding=1, groups=groups, interpolation=interpolation).double()
    grid = torch.meshgrid(*(d * (torch.arange(k) - k // 2) for k, d in zip(taps, dilation, strict=True)), indexing="ij")
    with torch.no_grad():
        layer.position.copy_(torch.stack(grid).reshape(axes, 1, 1, -1).expand_as(layer.position))
    x = torch.randn(2, 4, *(n + 3 for n in size), dtype=torch.float64)
    dense = layer.weight.reshape(8, 4 // groups, *taps)
    expected = PLAIN[axes](x, dense, layer.bias, padding=1, dilation=dilation, groups=groups)
    torch.testing.assert_close(layer(x), expected, rtol=1e-6, atol=1e-6)


def test_a_depthwise_kernel_of_34_elements_has_three_numbers_for_each():
    layer = Dcls2d(96, 96, 34, 17, padding=8, groups=96)
    assert sum(p.numel() for p in layer.parameters()) == 96 * 34 * 3 + 96
    assert layer(torch.zeros(1, 96, 8, 8)).shape == (1, 96, 8, 8)


def test_positions_begin_near_the_middle_and_stay_on_the_grid():
    layer = Dcls2d(64, 64, 20, (3, 8))
    assert layer.position.std().item() == pytest.approx(0.45, abs=0.1)
    with torch.no_grad():
        layer.position.mul_(100.0)
    outside = layer.kernel()
    after_step(nn.Sequential(layer))
    assert (layer.position[0].min(), layer.position[0].max()) == (-1.0, 1.0)
    assert (layer.position[1].min(), layer.position[1].max()) == (-4.0, 3.0)
    torch.testing.assert_close(layer.kernel(), outside)


def test_positions_and_widths_have_a_rate_of_their_own():
    assert set(own_rates(Dcls2d(2, 2, 3, 5, interpolation=Gaussian())).values()) == {5.0}
    assert len(own_rates(Dcls2d(2, 2, 3, 5))) == 1


def test_a_tap_that_is_far_away_is_found_by_a_narrowing_gaussian_and_not_by_neighbours():
    """One element of a grid of 31 looks for a tap ten cells off."""
    x = torch.randn(32, 1, 80)
    target = functional.conv1d(functional.pad(x, (15, 15)), torch.eye(31)[25][None, None])
    found = {}
    for interpolation in (Gaussian(), Bilinear()):
        layer = Dcls1d(1, 1, 1, 31, padding=15, bias=False, interpolation=interpolation)
        with torch.no_grad():
            layer.position.fill_(0.3)
            layer.weight.fill_(1.0)
        optimiser = torch.optim.Adam([layer.position], 0.1)
        for step in range(300):
            if layer.width is not None:
                layer.width.data.fill_(max(0.23, 10.0 * 0.98**step))
            optimiser.zero_grad()
            (layer(x) - target).square().mean().backward()
            optimiser.step()
            layer.settle()
        found[type(interpolation)] = layer.position.item()
    assert found[Gaussian] == pytest.approx(10.0, abs=0.1)
    assert abs(found[Bilinear] - 10.0) > 1.0


def test_the_widths_of_a_state_dict_and_a_copy():
    layer = Dcls1d(2, 3, 2, 5, interpolation=Gaussian())
    assert sorted(layer.state_dict()) == ["bias", "position", "weight", "width"]
    other = copy.deepcopy(layer)
    x = torch.randn(1, 2, 9)
    torch.testing.assert_close(layer(x), other(x))


def test_in_place_of_a_plain_convolution():
    plain = nn.Conv2d(6, 6, 7, stride=2, padding=3, groups=6)
    layer = Dcls2d.like(plain, 9, (17, 11))
    assert layer.padding == (8, 5)
    x = torch.randn(1, 6, 20, 20)
    assert layer(x).shape == plain(x).shape
    assert Dcls2d.like(nn.Conv2d(1, 2, 3, padding="same", bias=False), 4, 5).bias is None


@pytest.mark.parametrize(
    ("plain", "size", "says"),
    [
        (nn.Conv1d(1, 1, 3), 5, "stands for a Conv2d"),
        (nn.Conv2d(1, 1, 3, dilation=2), 5, "stands for a Conv2d with zeros around"),
        (nn.Conv2d(1, 1, 3), 6, "no whole padding"),
        (nn.Conv2d(1, 1, 5), 3, "no whole padding"),
    ],
    ids=["one axis", "dilated", "even", "smaller"],
)
def test_what_it_cannot_stand_for(plain, size, says):
    with pytest.raises(InputError, match=says):
        Dcls2d.like(plain, 4, size)


@pytest.mark.parametrize(
    ("numbers", "says"),
    [((2, 2, 0, 3), "one element"), ((2, 2, 1, (3, 3, 3)), "has 2 axes"), ((2, 2, 1, (3, 0)), "one cell at least")],
)
def test_numbers_that_do_not_go_together(numbers, says):
    with pytest.raises(InputError, match=says):
        Dcls2d(*numbers)
    with pytest.raises(InputError, match="groups that divide"):
        Dcls2d(3, 2, 1, 3, groups=2)


def test_half_precision_around_it_leaves_positions_whole():
    layer = Dcls2d(2, 2, 3, 5, padding=2)
    with torch.autocast("cpu", torch.bfloat16):
        assert layer.kernel().dtype == torch.float32
        assert layer(torch.randn(1, 2, 8, 8)).dtype == torch.bfloat16


def test_an_even_kernel_of_the_same_size_has_no_grid_in_its_place():
    with pytest.raises(InputError, match="even kernel"):
        Dcls2d.like(nn.Conv2d(1, 2, 4, padding="same"), 3, 6)
