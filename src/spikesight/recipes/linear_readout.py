"""What features without labels are worth: a linear classifier learns from them, and is tried on the test images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from spikesight.datasets.images import ImageSet
from spikesight.recipes.controls import ITERATIONS


@dataclass(frozen=True)
class LinearReadout:
    """Multinomial logistic regression on standardised features; `C` is how little its weights are held back, `tol` how
    far it is optimised.

    Two classes of equal probability do not occur with floating-point features, so there are no ties.
    Source: scikit-learn, `StandardScaler` and `LogisticRegression` with L-BFGS and an L2 penalty.
    """

    C: float = 0.01
    tol: float = 1e-3

    def __call__(self, model: Any, images: ImageSet) -> float:
        """Return the test accuracy on what `model.transform` gives of the images."""
        classifier = self.classifier().fit(model.transform(images.train), images.train_labels)
        return float(classifier.score(model.transform(images.test), images.test_labels))

    def classifier(self) -> Any:
        """Return the classifier, untrained."""
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        return make_pipeline(StandardScaler(), LogisticRegression(C=self.C, max_iter=ITERATIONS, tol=self.tol))
