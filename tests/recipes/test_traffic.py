"""The recipe: what is split from what, what its settings do, and that its quick version learns."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed (the optional extra 'train')")

from spikesight.base.errors import InputError
from spikesight.datasets.made_up_traffic import MadeUpTraffic
from spikesight.recipes.contract import Order
from spikesight.recipes.traffic import recipe
from spikesight.recipes.traffic.pictures import MOST, Counted, balanced, by_capture, pictures_of, split
from spikesight.runs.folder import Run


@pytest.fixture(scope="module")
def whole() -> Any:
    return pictures_of(MadeUpTraffic(captures=3, sessions=1, seconds=60.0), 0)


def test_no_capture_is_on_both_sides(whole: Any) -> None:
    test = by_capture(whole.label, whole.capture, np.random.default_rng(0))
    for label in range(14):
        sides = [set(whole.capture[(whole.label == label) & side].tolist()) for side in (test, ~test)]
        assert all(sides)
        assert not set.intersection(*sides)


def test_classes_are_balanced_for_learning_and_left_as_they_are_for_test(whole: Any) -> None:
    rare = (whole.label == 3) & (whole.capture > 0)
    few = whole._replace(pictures=whole.pictures[~rare], label=whole.label[~rare], capture=whole.capture[~rare])
    test = np.zeros(len(few.label), np.bool_)
    images = split(few, test, np.random.default_rng(0))
    assert len(set(np.bincount(images.train_labels).tolist())) == 1
    assert len(images.test) == 0
    assert np.bincount(np.array([0, 0, 0, 1])[balanced(np.array([0, 0, 0, 1]), np.random.default_rng(0))]).tolist() == [
        3,
        3,
    ]


def test_counts_fit_into_a_byte(whole: Any) -> None:
    assert 20 < whole.pictures.max() < MOST


def test_counts_are_shown_as_they_are() -> None:
    shown = Counted(2, (3,))(np.arange(12, dtype=np.uint8).reshape(2, 6), 11.0)
    assert shown.shape == (2, 2, 3)
    assert shown[1, 0].tolist() == [3.0, 4.0, 5.0]
    fewer = Counted(2, (3,), logarithm=True)(np.array([[0, 1, 3, 7, 0, 0]], np.uint8), 7.0)
    np.testing.assert_allclose(fewer[:, 0], np.log([[1, 2, 4], [8, 1, 1]]), rtol=1e-6)
    with pytest.raises(InputError, match="2 steps"):
        Counted(2, (3,))(np.zeros((1, 5)), 1.0)


def test_settings_change_the_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipe, "QUICK", MadeUpTraffic(captures=3, sessions=1, seconds=60.0))
    plain, shuffled, undirected, mixed = (
        replace(recipe.RECIPE, **changes).images(True)
        for changes in ({}, {"shuffled": 1}, {"undirected": 1}, {"mixed": 1})
    )
    assert (plain.train != shuffled.train).any()
    sums = [one.train.reshape(-1, 300, 300).sum(1) for one in (plain, shuffled)]
    np.testing.assert_array_equal(*sums)
    assert not undirected.train.reshape(-1, 300, 300)[..., 150:].any()
    assert len(mixed.test) != len(plain.test) or (mixed.test != plain.test).any()


def test_the_quick_version_learns(tmp_path: Any) -> None:
    result = recipe.RECIPE.reproduce(Order(quick=True, runs=tmp_path, stream=StringIO()))
    told = Run.open(Path(result.run)).facts["metrics"]
    assert result.value > 3 * told["untrained"]
    assert result.value > 0.3
    assert result.control > 0.3
