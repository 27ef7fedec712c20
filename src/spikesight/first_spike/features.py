"""What a classifier is given of the last stage: how far its neurons got, or whether they fired."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.executors.executor import Executor
from spikesight.first_spike.convolution import fire
from spikesight.first_spike.pooling import grid
from spikesight.first_spike.stage import Stage


class Features(Protocol):
    """Makes numbers (B, n) of what a stage does with its input (B, C, H, W)."""

    def __call__(self, stage: Stage, w: NDArray[Any], latencies: Latencies, executor: Executor) -> Any:
        """Return an array or a sparse matrix (CSR)."""


@dataclass(frozen=True)
class FinalPotentials:
    """The largest final potential of each map in each of `fields` x `fields` parts of it, float32.

    For this the threshold is infinite and nobody is kept from anything: with 1 field it is the paper's global pooling.
    Maps come first, then rows and columns of fields.   Source: Kheradpisheh et al. 2018, section 2.5.
    """

    fields: int = 1

    def __post_init__(self) -> None:
        if self.fields < 1:
            raise InputError(f"a map has a field at least, got {self.fields}")

    def __call__(self, stage: Stage, w: NDArray[Any], latencies: Latencies, executor: Executor) -> NDArray[np.float32]:
        """See `Features`.   Errors: InputError for more fields than rows or columns."""
        endless = replace(stage.convolution, threshold=np.inf)
        largest = grid(fire(endless, w, latencies, executor).potentials, self.fields)
        return largest.reshape(len(largest), -1).astype(np.float32)


@dataclass(frozen=True)
class WhetherFired:
    """1 for each pooling neuron of the stage that fires, 0 for the others: a sparse matrix, float32.

    Source: SpykeTorch's KheradpishehDeep.py.
    """

    def __call__(self, stage: Stage, w: NDArray[Any], latencies: Latencies, executor: Executor) -> Any:
        """See `Features`."""
        from scipy.sparse import csr_matrix

        return csr_matrix(stage.pooled(stage.fire(w, latencies, executor).latencies).flat().fired, dtype=np.float32)


def joined(parts: list[Any]) -> Any:
    """Return features of several batches, one below the other."""
    if isinstance(parts[0], np.ndarray):
        return np.concatenate(parts)
    from scipy.sparse import vstack

    return vstack(parts, format="csr")
