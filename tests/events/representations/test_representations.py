"""What holds for every representation of the catalogue."""

import numpy as np
import pytest

from spikesight.events import representations
from spikesight.events.representations import REPRESENTATIONS


@pytest.mark.parametrize("name", sorted(REPRESENTATIONS))
def test_as_it_usually_is(name, events):
    represent = REPRESENTATIONS[name]()
    before = events.rows
    found = represent(events)
    assert found.ndim >= 2
    assert np.isfinite(found).all()
    if name != "averaged-surface":
        assert found.shape[-2:] == (events.height, events.width)
    np.testing.assert_array_equal(represent(events), found)
    np.testing.assert_array_equal(events.rows, before)
    later = represent(events.later(10**15))
    np.testing.assert_allclose(later, found, rtol=1e-6, atol=1e-6)
    assert repr(represent).startswith(type(represent).__name__)
    assert REPRESENTATIONS[name]() == represent


def test_names_are_the_things_behind_them():
    assert all(getattr(representations, name) is not None for name in representations.__all__)
    with pytest.raises(AttributeError, match="no attribute 'voxels'"):
        representations.voxels  # noqa: B018
