"""The quick version learns; the published network has its shape."""

import io

import numpy as np
import pytest
import torch

from spikesight.datasets.audio import made_up_digits
from spikesight.deep.spacings import Dcls2d, Gaussian
from spikesight.recipes.contract import Order
from spikesight.recipes.dcls_audio.recipe import RECIPE, TINY, pictures_of
from spikesight.recipes.learned_places import grid_of
from spikesight.runs.folder import Run


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    return RECIPE.reproduce(Order(quick=True, runs=tmp_path_factory.mktemp("runs"), stream=io.StringIO()))


def test_it_learns_and_every_figure_is_kept(tried):
    metrics = Run.open(tried.run).facts["metrics"]
    assert tried.value > 0.5  # chance is 0.1
    assert {"accuracy", "control", "fixed_places", "linear_on_pixels"} <= set(metrics)


def test_pictures_are_frames_by_bands_in_bytes():
    images = pictures_of(made_up_digits(each=6), 32)
    assert images.shape == (64, 32)
    assert images.train.dtype == np.uint8
    assert images.train.max() == 255


def test_the_full_kernel_beside_it_has_as_many_numbers():
    places = RECIPE.task(Order(quick=True)).model.architecture.depthwise
    assert places.interpolation == Gaussian()
    assert grid_of(places).size ** 2 == 49
    assert 5**2 < 5 * places.elements <= 49  # weights, two places and two widths of each


def test_the_published_net_takes_pictures_of_audioset_and_learns_a_step():
    torch.manual_seed(0)
    net = TINY.build((1, 1001, 128), 527)
    spaced = [layer for layer in net.modules() if isinstance(layer, Dcls2d)]
    assert len(spaced) == 18
    assert {(layer.size, layer.weight.shape[-1]) for layer in spaced} == {((23, 23), 26)}
    own = sum(p.numel() for layer in spaced for p in (layer.weight, layer.position, layer.width))
    assert own == 5 * 26 * sum(layer.out_channels for layer in spaced)
    assert sum(p.numel() for p in net.parameters()) == 28_758_863  # full kernels of 7 x 7: 28,222,319
    y = net(torch.zeros(1, 1, 101, 128))
    assert y.shape == (1, 1, 527)
    y.sum().backward()
    assert spaced[0].position.grad is not None
