"""Kernels from elements at positions: numbers by hand, sums that stay, shifts, limits, slopes."""

import math

import pytest
import torch

from spikesight.base.errors import InputError
from spikesight.deep.spacings import Bilinear, Gaussian, Largest, Triangle, dense_kernel

ALL = [Bilinear(), Triangle(), Largest(), Gaussian()]
NAMES = ["bilinear", "triangle", "largest", "gaussian"]
every = pytest.mark.parametrize("interpolation", ALL, ids=NAMES)


def kernel(position, size, interpolation, weight=1.0, width=None):
    """The kernel of one element between one pair of channels."""
    place = torch.tensor(position, dtype=torch.float64).reshape(len(size), 1, 1, 1)
    first = interpolation.first_width if width is None else width
    wide = None if first is None else torch.full_like(place, first)
    heavy = torch.full((1, 1, 1), weight, dtype=torch.float64)
    return dense_kernel(heavy, place, wide, size, interpolation)[0, 0]


@pytest.mark.parametrize(
    ("interpolation", "expected"),
    [
        (Bilinear(), [0, 0, 0, 1.4, 0.6, 0, 0]),
        (Triangle(), [0, 0, 0, 1.4, 0.6, 0, 0]),
        (Largest(), [0, 0, 0, 1.4, 0.6, 0, 0]),
        (Gaussian(), [0, 0, 0.0546, 1.3388, 0.6016, 0.0050, 0]),
    ],
    ids=NAMES,
)
def test_one_element_by_hand(interpolation, expected):
    found = kernel([0.3], (7,), interpolation, weight=2.0)
    torch.testing.assert_close(found, torch.tensor(expected, dtype=torch.float64), rtol=0, atol=6e-5)
    assert found.sum() == pytest.approx(2.0, abs=1e-6)


@every
@pytest.mark.parametrize("size", [(7,), (5, 3), (3, 4, 5)], ids=str)
def test_an_element_is_shared_out_whole(interpolation, size):
    torch.manual_seed(0)
    for _ in range(20):
        position = [(torch.rand(()).item() - 0.5) * (n - 2) for n in size]
        assert kernel(position, size, interpolation).sum() == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("interpolation", ALL[:3], ids=NAMES[:3])
def test_a_whole_step_shifts_the_kernel_by_a_cell(interpolation):
    one, other = (kernel([-1.3 + step, 0.4], (7, 5), interpolation) for step in (0, 1))
    torch.testing.assert_close(other[1:], one[:-1])


def test_a_gaussian_shifts_as_far_as_it_does_not_feel_the_border():
    one, other = (kernel([-0.3 + step, 0.4], (15, 9), Gaussian()) for step in (0, 1))
    torch.testing.assert_close(other[1:], one[:-1], rtol=1e-6, atol=1e-9)


@every
@pytest.mark.parametrize("size", [(3, 5), (5, 3), (5, 5), (4, 7)], ids=str)
@pytest.mark.parametrize("position", [(1, 0), (0, 1), (-1, 1)], ids=str)
def test_position_d_belongs_to_axis_d_whatever_the_sizes(interpolation, size, position):
    found = kernel(position, size, interpolation)
    peak = divmod(int(found.argmax()), size[1])
    assert peak == (size[0] // 2 + position[0], size[1] // 2 + position[1])
    assert found.sum() == pytest.approx(1.0, abs=1e-6)


@every
def test_the_same_in_three_dimensions(interpolation):
    found = kernel([1, -2, 3], (3, 5, 7), interpolation)
    assert torch.nonzero(found == found.max()).tolist() == [[2, 0, 6]]


def test_a_gaussian_so_wide_that_it_is_flat():
    torch.testing.assert_close(kernel([1.0], (7,), Gaussian(), width=1e4), torch.full((7,), 1 / 7, dtype=torch.float64))


def test_the_neighbours_of_the_narrowest_gaussian():
    found = kernel([0.0], (7,), Gaussian(), width=0.0)
    assert found[4] / found[3] == pytest.approx(math.exp(-0.5 / 0.0729), rel=1e-9)
    assert found[4] / found[3] == pytest.approx(1.05e-3, rel=5e-3)


@every
def test_beyond_the_border_is_at_the_border(interpolation):
    torch.testing.assert_close(kernel([9.0, -9.0], (5, 7), interpolation), kernel([2, -3], (5, 7), interpolation))


@pytest.mark.parametrize("interpolation", ALL[:3], ids=NAMES[:3])
def test_the_slope_is_that_of_two_cells(interpolation):
    place = torch.full((1, 1, 1, 1), 0.3, dtype=torch.float64, requires_grad=True)
    weight, width = torch.full((1, 1, 1), 2.0, dtype=torch.float64), torch.zeros(1, 1, 1, 1, dtype=torch.float64)
    slopes = [
        torch.autograd.grad(dense_kernel(weight, place, width, (7,), interpolation)[0, 0, cell], place)[0].item()
        for cell in range(7)
    ]
    assert slopes == pytest.approx([0, 0, 0, -2, 2, 0, 0], abs=1e-6)


@every
@pytest.mark.parametrize("size", [(5,), (3, 4), (3, 3, 4)], ids=str)
def test_slopes_equal_central_differences(interpolation, size):
    torch.manual_seed(1)
    shape = 2, 3, 2
    spread = torch.tensor([max(n - 1, 1) / 4 for n in size], dtype=torch.float64).reshape(-1, 1, 1, 1)
    place = ((torch.rand(len(size), *shape, dtype=torch.float64) - 0.5) * spread).requires_grad_()
    weight = torch.randn(shape, dtype=torch.float64, requires_grad=True)
    width = (0.1 + torch.rand_like(place)).detach().requires_grad_() if interpolation.first_width is not None else None
    assert torch.autograd.gradcheck(
        lambda w, p, s: dense_kernel(w, p, s, size, interpolation), (weight, place, width), eps=1e-7, atol=1e-5
    )


@pytest.mark.parametrize("interpolation", [Bilinear(), Gaussian()], ids=["bilinear", "gaussian"])
@pytest.mark.parametrize("border", [-2.0, 2.0])
def test_at_the_border_an_element_stops_and_comes_back(interpolation, border):
    inward = 3 if border > 0 else 1
    for wanted, moves in ((inward, True), (4 if border > 0 else 0, False)):
        place = torch.full((1, 1, 1, 1), border, requires_grad=True)
        width = None if interpolation.first_width is None else torch.full((1, 1, 1, 1), 0.23)
        (-dense_kernel(torch.ones(1, 1, 1), place, width, (5,), interpolation)[0, 0, wanted]).backward()
        assert (place.grad.item() * border > 0) if moves else place.grad.item() == 0.0


def test_shapes_that_do_not_belong_together():
    with pytest.raises(InputError, match=r"need positions \(2, 1, 1, 1\), got \(1, 1, 1, 1\)"):
        dense_kernel(torch.ones(1, 1, 1), torch.zeros(1, 1, 1, 1), None, (3, 3), Bilinear())
    with pytest.raises(InputError, match="has widths"):
        dense_kernel(torch.ones(1, 1, 1), torch.zeros(1, 1, 1, 1), None, (3,), Gaussian())
    with pytest.raises(InputError, match="floor is above 0"):
        Gaussian(floor=0.0)
