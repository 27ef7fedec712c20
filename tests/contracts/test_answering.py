"""Every learner of every recipe that trains in rounds can be asked about varied images, as strictly as it scores."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.base import clone

from spikesight.datasets.images import ImageSet
from spikesight.estimators.answering import answering
from spikesight.recipes import CATALOGUE
from spikesight.recipes.contract import Order
from spikesight.recipes.linear_readout import LinearReadout
from spikesight.recipes.robustness import scene

ASKED = 60


@pytest.fixture(scope="module", params=[name for name in CATALOGUE if hasattr(CATALOGUE[name], "task")])
def taught(request: pytest.FixtureRequest) -> tuple[Any, ImageSet]:
    """A model after a round of few images, and the images."""
    task = CATALOGUE[request.param].task(Order(quick=True))
    _, places = np.unique(task.images.train_labels, return_index=True)  # of all classes, however many there are
    more = np.setdiff1d(np.arange(len(task.images.train)), places)[:150]
    some = np.concatenate([places, more])
    images = task.images
    few = images._replace(train=images.train[some], train_labels=images.train_labels[some])
    model = clone(task.model).begin(few.train, few.train_labels)
    model.round(few.train, few.train_labels, 0)
    return model, few


def test_it_answers_as_strictly_as_it_scores(taught: tuple[Any, ImageSet]) -> None:
    model, images = taught
    asked, labels = images.test[:ASKED], images.test_labels[:ASKED]
    if hasattr(model, "classes_"):
        said = answering(model)(asked)
        right = (said.prediction >= 0) & (model.classes_[said.prediction] == labels)
        assert right.mean() == pytest.approx(model.strict_score(asked, labels), abs=1e-9)
        seen = model.watch(asked)
        np.testing.assert_array_equal(np.isnan(said.latency), np.isnan(seen.answered))
    else:
        readout = LinearReadout().classifier().fit(model.transform(images.train), images.train_labels)
        said = answering(model, readout)(asked)
        assert set(said.prediction) <= set(range(len(readout.classes_)))
    assert len(said.prediction) == len(said.latency) == len(said.spikes) == len(asked)
    assert (said.spikes >= 0).all()


def test_the_background_is_one_of_the_images(taught: tuple[Any, ImageSet]) -> None:
    known = scene(taught[1])
    assert 0.0 <= known.background < known.white <= 255.0
