"""One connection of each kind in the catalogue, of a size that tests can look at."""

import numpy as np

from spikesight.circuits.connections import CATALOGUE
from spikesight.circuits.connections.convolution import Convolution
from spikesight.circuits.connections.sparse import Sparse

NAMES = sorted(CATALOGUE)
PLASTIC = [name for name in NAMES if hasattr(CATALOGUE[name], "at_post")]


def example(name, n_pre, n_post, random):
    """Return (connection, n_pre, n_post): sizes change where the kind of wiring cannot have any."""
    if name == "sparse":
        counts = random.integers(0, 2 * n_post, n_pre)  # also rows without synapses, and pairs joined twice
        starts = np.concatenate([[0], np.cumsum(counts)])
        return Sparse(starts, random.integers(0, n_post, counts.sum()), n_post), n_pre, n_post
    if name == "convolution":
        shape = (1 + n_pre % 2, 2 + n_pre % 3, 2 + n_post % 4)
        kernel = (1 + n_post % 2, 1 + n_pre % 2)
        made = Convolution(shape, 1 + n_post % 3, kernel, 1 + n_pre % 2, n_post % 2)
        return made, int(np.prod(shape)), int(np.prod(made.out))
    if name in ("one_to_one", "all_but_self"):
        return CATALOGUE[name](), n_pre, n_pre
    return CATALOGUE[name](), n_pre, n_post
