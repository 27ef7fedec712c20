"""The claim on a photograph of a quarter of the size; the parts of the comparison by hand."""

import io
import json
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from spikesight.encoding.dead_zone import DeadZone
from spikesight.encoding.quantize import LifQuantizer
from spikesight.equations.leaky import Params
from spikesight.recipes.contract import Order, claim
from spikesight.recipes.lif_quantizer.coding import Point, at_rate, by_dead_zone, by_jpeg, by_neurons
from spikesight.recipes.lif_quantizer.fronts import Cosines, Pixels
from spikesight.recipes.lif_quantizer.recipe import RECIPE
from spikesight.runs.folder import Run

IMAGE = np.random.default_rng(0).integers(0, 256, (21, 34)).astype(np.uint8)
FRONTS = pytest.mark.parametrize("front", [Pixels(), Cosines(), Cosines(side=4)], ids=repr)


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    return RECIPE.reproduce(Order(quick=True, runs=tmp_path_factory.mktemp("runs"), stream=io.StringIO()))


def test_the_claim_holds_on_the_quick_version_and_its_control_does_not(tried):
    assert tried.value < 0.3
    assert tried.control > 1.0
    stated = claim("lif-quantizer")
    assert stated.measured + stated.tolerance == pytest.approx(0.3)
    assert abs(tried.value - stated.measured) < stated.tolerance
    assert tried.as_json()["images_per_second"] is None


def test_the_run_keeps_every_point_and_the_pictures(tried):
    run = Run.open(tried.run)
    curve = json.loads((run.folder / "curve.json").read_text())
    assert len(curve) == 2 * len(RECIPE.quantizers())
    assert {one["front"] for one in curve} == {"pixels", "cosines"}
    assert max(one["gap_db"] for one in curve if one["windows"] <= 0.5) == pytest.approx(tried.value)
    with Image.open(run.folder / "decoded-flower.png") as picture:
        assert picture.size == (4 * 320, 214)
    assert run.facts["metrics"]["worst_gap_db"] == tried.value
    assert run.facts["config"]["settings"] == {"tau": "0.02"}


def test_a_longer_window_decodes_better_until_only_the_dead_zone_is_left(tried):
    curve = json.loads((Run.open(tried.run).folder / "curve.json").read_text())
    for front in ("pixels", "cosines"):
        found = [one["lif"]["psnr"] for one in curve if (one["front"], one["threshold"]) == (front, 10.0)]
        assert (np.diff(found) > 0.0).all()


def test_the_curve_is_drawn_where_matplotlib_is(tried):
    pytest.importorskip("matplotlib")
    ElementTree.parse(Run.open(tried.run).folder / "curve.svg")


def test_without_the_extras_numbers_are_left(tmp_path, monkeypatch):
    for module in ("matplotlib.figure", "skimage.metrics"):
        monkeypatch.setitem(sys.modules, module, None)
    said = io.StringIO()
    run = Run.open(RECIPE.train(Order(quick=True, runs=tmp_path, stream=said)))
    assert 'pip install "spikesight[plot]"' in said.getvalue()
    assert not (run.folder / "curve.svg").exists()
    assert {one["lif"]["ssim"] for one in json.loads((run.folder / "curve.json").read_text())} == {None}


@FRONTS
def test_a_front_gives_the_image_back(front):
    bands = front.bands(IMAGE)
    np.testing.assert_allclose(front.image(bands, IMAGE.shape), IMAGE, atol=1e-10)


def test_frequencies_are_bands_and_keep_the_energy():
    flat = np.full((16, 24), 128 + 10, np.uint8)
    bands = Cosines().bands(flat)
    assert bands.shape == (64, 6)
    np.testing.assert_allclose(bands[0], 80.0)
    np.testing.assert_allclose(bands[1:], 0.0, atol=1e-12)
    whole = IMAGE[:16, :32]
    assert (Cosines().bands(whole) ** 2).sum() == pytest.approx(((whole - 128.0) ** 2).sum())


@FRONTS
def test_neurons_watched_shortly_are_the_uniform_quantiser(front):
    short = LifQuantizer(Params(tau=1.0, threshold=1.0), 0.05)
    neurons, _ = by_neurons(IMAGE, front, short)
    uniform = by_dead_zone(IMAGE, front, DeadZone(20.0, float(short.level(np.array([1]))[0])))
    assert neurons.rate == pytest.approx(uniform.rate, abs=0.02)
    assert neurons.psnr == pytest.approx(uniform.psnr, abs=0.02)


def test_jpeg_pays_more_for_more():
    coarse, fine = by_jpeg(IMAGE, 10), by_jpeg(IMAGE, 95)
    assert coarse.rate < fine.rate
    assert coarse.psnr < fine.psnr


def test_a_curve_is_read_between_its_points_and_not_beyond():
    curve = [Point(3.0, 40.0, 0.9), Point(1.0, 30.0, 0.5)]
    assert at_rate(curve, 2.0) == pytest.approx((2.0, 35.0, 0.7))
    assert at_rate(curve, 0.9) is None
    assert at_rate(curve, 3.1) is None
    assert at_rate([Point(1.0, 30.0, None), Point(3.0, 40.0, None)], 2.0) == Point(2.0, 35.0, None)
