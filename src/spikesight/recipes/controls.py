"""What a trained network stands beside: itself untrained or changed, and a linear classifier on the raw pixels."""

from __future__ import annotations

from typing import Any

from sklearn.base import clone

from spikesight.datasets.images import ImageSet

ITERATIONS = 1000


def linear_classifier() -> Any:
    """Return multinomial logistic regression on values of about 0 to 1, untrained: the linear classifier of controls.

    Source: scikit-learn, `LogisticRegression` with L-BFGS and its default L2 penalty.
    """
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=ITERATIONS, tol=1e-3)


def linear_on_pixels(model: Any, images: ImageSet) -> float:
    """Return the test accuracy of a linear classifier trained on the pixels; `model`, who stands beside, is not used.

    Pixels are divided by the largest one of the training set.
    """
    scale = float(images.train.max()) or 1.0  # all black: nothing to learn, and no error
    classifier = linear_classifier().fit(images.train.astype("f4") / scale, images.train_labels)
    return float(classifier.score(images.test.astype("f4") / scale, images.test_labels))


def untrained(model: Any, images: ImageSet) -> float:
    """Return the strict test accuracy of the same model before it has learned anything."""
    fresh = clone(model).begin(images.train, images.train_labels)
    return float(fresh.strict_score(images.test, images.test_labels))


def retrained(model: Any, images: ImageSet, **changes: Any) -> float:
    """Return the strict test accuracy of the same model with other parameters, trained on the same images."""
    other = clone(model).set_params(**changes).fit(images.train, images.train_labels)
    return float(other.strict_score(images.test, images.test_labels))
