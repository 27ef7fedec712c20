"""Two photographs that ship inside scikit-learn, in grey: what an image coder can be tried on without a download."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.datasets import load_sample_images


def photographs() -> dict[str, NDArray[np.uint8]]:
    """Return the luma of `china` and `flower`, by name.   Shapes: (427, 640) each.   Units: grey levels, 0 to 255.

    Source: scikit-learn's sample images (Creative Commons BY); luma is that of ITU-R 601, as Pillow computes it.
    """
    found = load_sample_images()
    names = [Path(name).stem for name in found.filenames]
    return {
        name: np.asarray(Image.fromarray(colours).convert("L"))
        for name, colours in zip(names, found.images, strict=True)
    }
