"""What a network that learns from reward stands beside: a classifier on the features that its last layer is given."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spikesight.datasets.images import ImageSet
from spikesight.estimators.reward_stdp import RewardSTDP
from spikesight.recipes.controls import linear_classifier


def linear_on_features(model: RewardSTDP, images: ImageSet) -> float:
    """Return the test accuracy of a linear classifier on what the deciding layer is given: which inputs fire at all.

    It is told whether each input fires, 0 or 1; a network that reads final potentials knows no more.
    """
    classifier = linear_classifier().fit(_fired(model, images.train), images.train_labels)
    return float(classifier.score(_fired(model, images.test), images.test_labels))


def _fired(model: RewardSTDP, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.concatenate([part.flat().fired for part in model.features(images)]).astype(np.float32)
