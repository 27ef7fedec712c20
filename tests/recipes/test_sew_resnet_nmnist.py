"""The recipe: its films, what it teaches, and that its quick version beats its control."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from spikesight.base.errors import UnknownName
from spikesight.datasets.folder import data_folder
from spikesight.datasets.n_mnist import NAMES
from spikesight.deep.residual import IAnd
from spikesight.events.representations.cuts import EqualShares
from spikesight.recipes.contract import Order
from spikesight.recipes.sew_resnet_nmnist.films import moved_digits, recordings
from spikesight.recipes.sew_resnet_nmnist.recipe import RECIPE


def test_the_quick_version_beats_a_linear_classifier_on_counts(tmp_path: Path) -> None:
    result = RECIPE.reproduce(Order(quick=True, runs=tmp_path, stream=StringIO()))
    assert result.published is None
    assert result.control is not None
    assert result.value > result.control > 0.5


def test_moved_digits_get_darker_where_they_leave_and_brighter_where_they_come() -> None:
    films = moved_digits()
    train = films.train.reshape(-1, 4, 2, 12, 12).astype(int)
    assert train.shape == (1347, 4, 2, 12, 12)
    assert not (train[:, :, 0] * train[:, :, 1]).any()
    assert not (train[:, :, 1] - train[:, :, 0]).sum((1, 2, 3)).any()  # it ends where it began


def test_settings_reach_the_model() -> None:
    model = replace(RECIPE, join="iand", channels=4, rate=1e-2).task(Order(quick=True)).model
    assert model.architecture.join == IAnd()
    assert model.architecture.channels == (2, 4)
    assert model.optimiser.rate == 1e-2
    with pytest.raises(UnknownName, match="iand"):
        replace(RECIPE, join="iandd").task(Order(quick=True))


def test_recordings_become_films() -> None:
    if not (data_folder() / NAMES[0]).is_file():
        pytest.skip("N-MNIST is not on this machine")
    films = recordings(None, EqualShares(6))
    assert films.train.shape == (750, 6 * 2 * 34 * 34)
    assert films.test.shape == (60, 6 * 2 * 34 * 34)
    counts = films.train.reshape(750, 6, -1).sum(2, dtype=np.int64)
    assert (np.ptp(counts, axis=1) <= 1).all()
