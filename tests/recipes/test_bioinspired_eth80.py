"""Features of several sizes: the quick version beside its control, the split by objects, and pieces of images."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spikesight.recipes import CATALOGUE
from spikesight.recipes.bioinspired_eth80.crops import crops_in_place
from spikesight.recipes.contract import Order
from spikesight.runs.folder import Run


def test_quick_beats_its_control(tmp_path):
    """84 % on held-out digits with 60 features, 81 % with random weights."""
    folders = []
    result = CATALOGUE["bioinspired-eth80"].reproduce(Order(quick=True, runs=tmp_path, started=folders.append))
    assert result.value > 0.8
    assert result.control < result.value
    metrics = Run.open(folders[0]).facts["metrics"]
    assert metrics["accuracy"] == result.value
    assert {"random_crops", "linear_on_pixels"} <= set(metrics)


def test_crops_are_pieces_of_what_a_stage_is_given():
    task = CATALOGUE["bioinspired-eth80"].task(Order(quick=True))
    images = task.images.train[:50]
    model = crops_in_place(task.model.begin(images), images)
    again = crops_in_place(task.model.begin(images), images)
    for band, one, other in zip(model.bands, model.bands_, again.bands_, strict=True):
        w = one.weights_[0]
        assert set(np.unique(w)) == {0.0, 1.0}
        assert w.sum(axis=1).max() == 1.0  # of the orientations of a place one fires at most
        np.testing.assert_array_equal(w, other.weights_[0])
        edges = band.edges(images.reshape(-1, *task.images.shape)).fired
        windows = np.lib.stride_tricks.sliding_window_view(edges, w.shape[2:], axis=(2, 3))
        found = windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, w[0].size)
        assert all((found == piece.ravel()).all(axis=1).any() for piece in w)


def test_a_third_of_the_features_for_each_scale():
    folder = Path(os.environ.get("SPIKESIGHT_DATA", "/nowhere")) / "images"
    if not (folder / "eth80-gray64.npz").is_file():
        pytest.skip(f"no eth80-gray64.npz in {folder}: name a folder with SPIKESIGHT_DATA to check it")
    task = replace(CATALOGUE["bioinspired-eth80"], features=39).task(Order())
    assert [band.stage.convolution.maps for band in task.model.bands] == [13, 13, 13]
    assert (len(task.images.train), len(task.images.test)) == (5 * 8 * 41, 3 * 8 * 41)
    other = CATALOGUE["bioinspired-eth80"].task(Order(seed=1))
    assert not np.array_equal(task.images.train, other.images.train)
