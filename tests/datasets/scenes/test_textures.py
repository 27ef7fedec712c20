"""A texture is known as its mean over a pixel: against many rays, and in closed form."""

from math import inf

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.datasets.scenes.camera import Camera
from spikesight.datasets.scenes.path import Steady
from spikesight.datasets.scenes.solids import Sheet
from spikesight.datasets.scenes.textures import Checks, Noise, Patches, Plain, Rough, Stripes
from spikesight.datasets.scenes.world import Light, Part, Scene, Thing

FLAT = Light(ambient=1.0, diffuse=0.0)


def picture(texture, camera, turn=(0.0, 0.0, 0.0), depth=4.0):
    sheet = Thing((Part(Sheet(), texture),), path=Steady((0.0, 0.0, depth), turn=turn))
    return Scene((sheet,), camera, light=FLAT).frame(0)


@pytest.mark.parametrize(
    "texture",
    [Plain(0.3), Stripes(0.5), Checks(0.4), Patches((0.7, 0.5, inf), (0.4, 0.6, 1.0)), Noise(2.0), Rough(Checks(0.4))],
    ids=lambda texture: type(texture).__name__,
)
def test_a_pixel_is_the_mean_of_many_rays(texture):
    coarse, fine = Camera(40, 30, 40.0), Camera(40 * 8, 30 * 8, 40.0 * 8)
    many = picture(texture, fine, (0.0, 0.3, 0.0)).reshape(30, 8, 40, 8).mean(axis=(1, 3))
    wrong = np.abs(picture(texture, coarse, (0.0, 0.3, 0.0)) - many)
    assert wrong.mean() < 0.02
    assert wrong.max() < 0.15


def test_stripes_lie_where_they_should():
    row = picture(Stripes(0.4, 0.2, 0.8), Camera(81, 1, 40.0))[0]  # a pixel sees 0.1 m
    expected = np.array([0.8, 0.5, 0.2, 0.5])  # a stripe's edge lies in the middle of every other pixel
    np.testing.assert_allclose(row, expected[np.abs(np.arange(81) - 40) % 4], atol=1e-9)


def test_what_is_too_fine_fades_to_its_mean():
    for texture, mean in ((Stripes(1e-3), 0.5), (Noise(1e-3), 0.5), (Checks(1e-3), 0.5)):
        np.testing.assert_allclose(picture(texture, Camera(20, 20, 20.0)), mean, atol=0.01)


def test_noise_uses_its_range_and_does_not_leave_it():
    seen = picture(Noise(1.0, 0.2, 0.8), Camera(160, 120, 40.0))
    assert 0.2 <= seen.min() < 0.3
    assert 0.7 < seen.max() <= 0.8
    assert seen.mean() == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(
    "texture", [Plain(1.2), Noise(-1.0), Noise(1.0, -0.2), Rough(Plain(0.95), 0.2), Stripes(0.0)], ids=str
)
def test_brightness_stays_between_0_and_1(texture):
    with pytest.raises(InputError, match="brightness"):
        _ = texture.row
