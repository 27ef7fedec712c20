"""Named random generators: the same seed and the same name give the same numbers, whatever else was drawn before.

A stream belongs to a purpose ("weights", "poisson") and, where there are many of a kind, to an index. Nothing depends
on the order in which streams are used, so a run that was interrupted and resumed, or spread over threads, draws the
same spikes.
"""

from __future__ import annotations

import zlib

import numpy as np


def generator(seed: int, purpose: str, *index: int) -> np.random.Generator:
    """Return the generator of the stream `purpose`, `index` under `seed`.

    Errors: ValueError where `seed` or an index is negative.   Source: numpy.random.SeedSequence.
    """
    if min(seed, *index, 0) < 0:
        raise ValueError(f"seeds and indices of random streams are whole numbers >= 0, got seed {seed}, index {index}")
    name = zlib.crc32(purpose.encode())
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, name], spawn_key=index)))
