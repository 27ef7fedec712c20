"""The recipe: that its quick version learns, and how duplicates are told."""

from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed (the optional extra 'train')")

from spikesight.datasets.images import ImageSet
from spikesight.recipes.contract import Order
from spikesight.recipes.traffic_bytes.recipe import RECIPE, class_by_class, on_unseen
from spikesight.runs.folder import Run


def test_the_quick_version_learns(tmp_path):
    result = RECIPE.reproduce(Order(quick=True, runs=tmp_path, stream=StringIO()))
    assert result.value > 0.9
    assert result.control > 0.9, "digits are not bytes: they are easy for a linear classifier"
    assert Run.open(Path(result.run)).facts["metrics"]["untrained"] < 0.3


def test_sessions_seen_before_do_not_count():
    train, test = np.eye(4, dtype=np.uint8)[:2], np.eye(4, dtype=np.uint8)[1:]
    images = ImageSet("x", (2, 2), train, np.array([0, 1]), test, np.array([1, 0, 0]))
    answers = np.array([1, 0, 1])

    def right(X, y):
        return float(
            np.mean(
                [answers[np.flatnonzero((test == row).all(1))[0]] == label for row, label in zip(X, y, strict=True)]
            )
        )

    model = SimpleNamespace(strict_score=right, predict=lambda X: answers)
    assert on_unseen(model, images) == 0.5
    assert class_by_class(model, images) == 0.75
