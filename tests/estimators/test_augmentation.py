"""Changed training images: where pixels go, and that those given stay."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.estimators.augmentation import AsTheyAre, Both, Mirrored, Shifted


def images(n=60):
    return generator(0, "images").integers(1, 255, (n, 6, 7)).astype(np.uint8)


def test_shifted_images_are_pieces_of_themselves():
    given = images()
    kept = given.copy()
    found = Shifted(2)(given, generator(1, "shift"))
    np.testing.assert_array_equal(given, kept)
    seen = set()
    for image, moved in zip(given, found, strict=True):
        padded = np.pad(image, 2)
        places = [(d, a) for d in range(5) for a in range(5) if np.array_equal(padded[d : d + 6, a : a + 7], moved)]
        assert len(places) == 1
        seen.add(places[0])
    assert len(seen) > 15


def test_mirrored_images_are_the_other_way_round_or_not():
    given = images()
    found = Mirrored()(given, generator(1, "mirror"))
    turned = (found == given[:, :, ::-1]).all(axis=(1, 2))
    assert ((found == given).all(axis=(1, 2)) | turned).all()
    assert 15 < turned.sum() < 45


def test_nothing_and_both():
    given = images()
    assert AsTheyAre()(given, generator(1, "none")) is given
    found = Both(Mirrored(1.0), Shifted(0))(given, generator(1, "both"))
    np.testing.assert_array_equal(found, given[:, :, ::-1])


def test_what_cannot_be_is_refused():
    with pytest.raises(InputError, match="0 pixels or more"):
        Shifted(-1)
    with pytest.raises(InputError, match="0 to 1"):
        Mirrored(1.5)


def test_all_planes_of_an_image_are_changed_alike():
    planes = np.random.default_rng(0).integers(0, 9, (6, 1, 5, 7)).repeat(3, axis=1)
    for change in (Shifted(2), Mirrored(0.5)):
        changed = change(planes, np.random.default_rng(1))
        assert changed.shape == planes.shape
        assert not np.array_equal(changed, planes)
        np.testing.assert_array_equal(changed, changed[:, :1].repeat(3, axis=1))
        np.testing.assert_array_equal(changed[:, 0], change(planes[:, 0], np.random.default_rng(1)))
