"""The estimator: bands that learn one after the other, side by side in features, traces and snapshots."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import clone

from spikesight.base.errors import InputError
from spikesight.estimators.bio_inspired import BioInspired
from spikesight.first_spike.features import WhetherFired
from spikesight.zoo.kheradpisheh_2015 import bands


def drawn(count=60, seed=0):
    """Crosses and rings of several sizes, 32 x 32, flat."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:32, :32]
    images, labels = np.full((count, 32, 32), 90, np.uint8), random.integers(0, 2, count)
    for image, ring in zip(images, labels, strict=True):
        down, across, size = [*random.integers(13, 19, 2), random.integers(6, 10)]
        far = np.hypot(y - down, x - across)
        near_axis = np.minimum(abs(y - down), abs(x - across))
        image[(abs(far - size) < 1.5) if ring else ((near_axis < 1.5) & (far < size))] = 220
    return images.reshape(count, -1), labels


def small(**more):
    return BioInspired(bands(6, (5, 3), 0.3, images=120, scales=(1.0, 0.6)), **{"per_round": 50, **more})


@pytest.fixture(scope="module")
def images():
    return drawn()[0]


def rounds(model, images, first, last):
    for number in range(first, last):
        model.round(images, None, number)
    return model


def test_bands_learn_one_after_the_other(images):
    model = small().begin(images)
    assert model.rounds_ == 6
    told = [model.round(images, None, number) for number in range(6)]
    assert [one["images"] for one in told] == [50, 50, 20, 50, 50, 20]
    assert "convergence of s2_100" in told[2]
    assert "convergence of s2_60" in told[3]
    assert model.round(images, None, 6) == {"images": 0.0}


def test_features_are_the_best_of_each_map_of_each_band(images):
    model = small().fit(images)
    features = model.transform(images)
    assert features.shape == (60, 12)
    parts = [network.transform(images) for network in model.bands_]
    np.testing.assert_array_equal(features, np.hstack(parts))
    np.testing.assert_array_equal(features[7:9], model.transform(images[7:9]))


def test_sparse_features_stay_sparse(images):
    found = small(features=WhetherFired()).fit(images).transform(images)
    assert found.shape[0] == 60
    assert set(np.unique(found.toarray())) <= {0.0, 1.0}


def test_bands_draw_weights_of_their_own(images):
    model = BioInspired(bands(6, (5, 5), scales=(1.0, 1.0))[:1] * 1).begin(images)
    two = BioInspired([bands(6, (5,), scales=(1.0,))[0], bands(6, (5,), scales=(0.9,))[0]]).begin(images)
    assert not np.array_equal(two.bands_[0].weights_[0], two.bands_[1].weights_[0])
    np.testing.assert_array_equal(model.bands_[0].weights_[0], two.bands_[0].weights_[0])


@pytest.mark.parametrize("pause", [2, 4])
def test_an_interruption_changes_nothing(images, pause):
    whole = small().fit(images)
    begun = rounds(small().begin(images), images, 0, pause)
    kept = {name: np.array(values) for name, values in begun.snapshot().items()}
    again = rounds(small().go_on(kept, images), images, pause, 6)
    for name, values in whole.snapshot().items():
        np.testing.assert_array_equal(values, again.snapshot()[name], err_msg=name)


def test_a_snapshot_of_another_network_is_refused(images):
    snapshot = small().begin(images).snapshot()
    with pytest.raises(InputError, match="another network"):
        BioInspired(bands(7, (5, 3), 0.3, scales=(1.0, 0.6))).go_on(snapshot, images)


def test_what_is_watched_fits_the_sketch(images):
    model = small().fit(images)
    seen, sketch = model.watch(images[:3]).layers, model.sketch_
    assert list(seen) == ["c1_100", "s2_100", "c1_60", "s2_60"] == [layer.name for layer in sketch.layers]
    assert sketch.layers[2].channels == ("22.5 degrees", "67.5 degrees", "112.5 degrees", "157.5 degrees")
    for layer in sketch.layers:
        assert seen[layer.name].shape == layer.shape
    assert [(one.pre, one.post) for one in sketch.projections] == [("c1_100", "s2_100"), ("c1_60", "s2_60")]
    assert set(model.weights_now()) == {one.name for one in sketch.projections}


def test_cloned_it_begins_anew(images):
    model = small(seed=3).fit(images)
    np.testing.assert_array_equal(clone(model).fit(images).transform(images[:5]), model.transform(images[:5]))


def test_bands_need_names_of_their_own(images):
    with pytest.raises(InputError, match="names of their own"):
        BioInspired(bands(6, (5, 5), scales=(1.0, 1.0))).fit(images)
    first, second = small().bands
    for twice in (replace(second, edges=first.edges), replace(second, stage=replace(second.stage, name="c1_100"))):
        with pytest.raises(InputError, match="names of their own"):
            BioInspired((first, twice)).fit(images)
    with pytest.raises(InputError, match="bands are one or more"):
        BioInspired(()).fit(images)
