import numpy as np
import pytest

from spikesight.analysis.variation.frequency import band
from spikesight.analysis.variation.kinds import (
    KINDS,
    BandPass,
    Contrast,
    HighPass,
    LowPass,
    Noise,
    Occlusion,
    Position,
    Rotation,
    Scale,
    Scene,
    draws,
    named,
)
from spikesight.analysis.variation.pose import AS_IT_IS, Pose
from spikesight.base.errors import InputError, UnknownName

EVERY = named(KINDS)
DRAW = draws(0, [0])[0]


def image(value=None):
    return np.random.default_rng(0).random((28, 28)) * 255 if value is None else np.full((28, 28), value)


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.name)
def test_nothing_of_a_kind_changes_nothing(kind):
    assert kind.pose(DRAW, 0.0) == AS_IT_IS
    np.testing.assert_allclose(kind.applied(image(), DRAW, 0.0, Scene()), image(), atol=1e-11)


@pytest.mark.parametrize("kind", [Position(), Scale(), Rotation()], ids=lambda kind: kind.name)
def test_levels_are_nested(kind):
    third, whole = kind.pose(DRAW, 1 / 3), kind.pose(DRAW, 1.0)
    np.testing.assert_allclose(third, np.divide(whole, 3.0))
    assert whole != AS_IT_IS


def test_ranges_are_those_that_are_asked_for():
    found = [Position(5.0).pose(draw, 1.0) for draw in draws(0, range(2000))]
    right = np.array([pose.right for pose in found])
    assert -5 <= right.min() < -4.9
    assert 4.9 < right.max() <= 5
    assert abs(np.corrcoef(right, [pose.down for pose in found])[0, 1]) < 0.1


def test_a_draw_belongs_to_its_image_whoever_else_is_asked_for():
    few, many = draws(3, [7]), draws(3, range(20))
    np.testing.assert_array_equal(few[0].u, many[7].u)
    assert few[0].random("noise").random() == many[7].random("noise").random()
    assert (draws(4, [7])[0].u != few[0].u).all()


def test_kinds_use_numbers_of_their_own():
    pose = Pose()
    for kind in (Position(6.0), Scale(1.0), Rotation(60.0)):
        pose = pose + kind.pose(DRAW, 1.0)
    np.testing.assert_allclose(pose, DRAW.u[:4] * [6.0, 6.0, 1.0, 60.0])


def test_contrast_is_towards_the_background():
    found = Contrast().applied(image(), DRAW, 1.0, Scene(background=100.0))
    np.testing.assert_allclose(found - 100.0, 0.1 * (image() - 100.0))


def test_noise_is_the_same_at_every_level_but_for_its_size():
    grey = image(127.0)
    weak, strong = (Noise((0.0, 0.01, 0.02)).applied(grey, DRAW, share, Scene()) - grey for share in (0.5, 1.0))
    np.testing.assert_allclose(strong, 2 * weak, atol=1e-6)
    assert (Noise().applied(grey, DRAW, 1 / 3, Scene()) - grey).std() == pytest.approx(25.5, rel=0.1)
    assert Noise().applied(image(), DRAW, 1.0, Scene()).min() == 0.0  # cut


def test_an_occlusion_hides_the_share_that_it_says():
    for share, hidden in ((1 / 3, 0.1), (2 / 3, 0.25), (1.0, 0.5)):
        found = Occlusion().applied(image(200.0), DRAW, share, Scene(background=3.0))
        assert (found == 3.0).mean() == pytest.approx(hidden, abs=0.02)


def test_values_between_levels_lie_between():
    assert Contrast().amount(0.5) == pytest.approx(0.375)
    assert LowPass().amount(2 / 3) == 4.0
    assert 4.0 < LowPass().amount(0.5) < 8.0
    assert LowPass().amount(0.1) > 8.0
    assert HighPass().amount(1.0) == 8.0


def test_smooth_edges_halve_what_sharp_ones_keep_or_take():
    grating = np.tile(np.cos(2 * np.pi * 8 * np.arange(40) / 40), (40, 1))
    for kind, sharp in ((LowPass, grating), (HighPass, 0 * grating)):
        share = 1 / 3 if kind is LowPass else 1.0  # 8 cycles per image
        kept = kind(restore=False).applied(grating, DRAW, share, Scene())
        half = kind(restore=False, smooth=True).applied(grating, DRAW, share, Scene())
        np.testing.assert_allclose(kept, sharp, atol=1e-12)
        np.testing.assert_allclose(half, grating / 2, atol=1e-12)
    np.testing.assert_allclose(HighPass(smooth=True).applied(image(), DRAW, 0.0, Scene()), image(), atol=1e-9)


def test_the_narrowest_band_is_that_of_the_sheet():
    found = BandPass(restore=False).applied(image(), DRAW, 1.0, Scene())
    np.testing.assert_array_equal(found, band(image(), 4.0, 8.0))


def test_names_are_known_or_nearest_ones_are_offered():
    assert [kind.name for kind in named(["frequency", "noise"])] == ["low-pass", "high-pass", "noise"]
    with pytest.raises(UnknownName, match="Did you mean position"):
        named(["positoin"])


def test_what_is_named_twice_is_asked_for_once():
    assert named(["noise", "scale", "noise"]) == named(["noise", "scale"])


def test_ranges_that_are_none_are_refused():
    with pytest.raises(InputError):
        Position(-1.0)
    for values in ((0.0,), (0.0, np.nan), (0.0, -1.0)):
        with pytest.raises(InputError):
            Noise(values)
