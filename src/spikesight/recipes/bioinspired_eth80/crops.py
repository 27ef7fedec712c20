"""Features that nobody learned: pieces of training images, cut out at random."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.randomness import generator
from spikesight.encoding.latencies import Latencies
from spikesight.estimators.bio_inspired import BioInspired
from spikesight.first_spike.learning.first_winner import random_patches


def crops_in_place(model: BioInspired, images: NDArray[Any]) -> BioInspired:
    """Put pieces of what each stage is given in the place of its weights, and return the model: 1 where an edge fired,
    0 elsewhere. As many pieces as maps, each of another image as far as there are enough.
    """
    shape = model.image_shape or model.bands_[0].shape_
    for number, (band, network) in enumerate(zip(model.bands, model.bands_, strict=True)):
        random, layer = generator(model.seed, "crops", number), band.stage.convolution
        places = random.choice(len(images), layer.maps, replace=layer.maps > len(images))
        pieces = random_patches(band.edges(images[places].reshape(-1, *shape)), layer.kernel, random)
        network.weights_[0] = _as_weights(pieces, network.weights_[0].shape)
    return model


def _as_weights(pieces: Latencies, shape: tuple[int, ...]) -> NDArray[np.float32]:
    return pieces.fired.reshape(shape).astype(np.float32)
