"""One artificial network converted in several ways: accuracy after each step, on the same test images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from spikesight.datasets.images import ImageSet
from spikesight.deep.conversion import Balanced, Curve, Largest, Learned, Method, Percentile, convert, curve
from spikesight.recipes.training import Score

CALIBRATION = 500
"""Training images, the first ones, by which scales are found."""

METHODS: Mapping[str, Method] = {
    "learned": Learned(),
    "percentile": Percentile(99.9),
    "balanced": Balanced(50),
    "largest": Largest(),
    "largest_from_rest": Largest(begun=0.0),
}
"""By name. The last one is the first published: no rounding, nothing cut off."""

REPORTED = (1, 2, 4, 8)
"""Steps after which run.json tells the accuracy, beside the last."""


@dataclass
class Compared:
    """Curves of a trained classifier converted by some of `METHODS`, each worked out once."""

    steps: int
    found: dict[str, Curve] = field(default_factory=dict)

    def curve(self, method: str, model: Any, images: ImageSet) -> Curve:
        """Return accuracy on the test images over `steps` steps, strict, and that of the artificial network."""
        if method not in self.found:
            calibration = model.prepare(images.train[:CALIBRATION], model.largest_)
            snn = convert(model.net_, calibration, METHODS[method], steps=self.steps)
            labels = torch.from_numpy(np.searchsorted(model.classes_, images.test_labels))
            self.found[method] = curve(model.net_, snn, model.prepare(images.test, model.largest_), labels)
        return self.found[method]

    def after(self, method: str, steps: int) -> Score:
        """Return what scores a model converted by `method`, after so many steps."""
        return lambda model, images: float(self.curve(method, model, images).accuracy[steps - 1])

    def artificial(self, model: Any, images: ImageSet) -> float:
        """Score the artificial network itself."""
        any_curve = next(iter(self.found.values()), None) or self.curve("percentile", model, images)
        return any_curve.artificial

    def figures(self, methods: tuple[str, ...]) -> dict[str, Score]:
        """Return what run.json is to tell beside the claim, by name."""
        steps = sorted({step for step in REPORTED if step < self.steps} | {self.steps})
        scores = {f"{method}_t{step}": self.after(method, step) for method in methods for step in steps}
        return {"artificial": self.artificial, **scores}
