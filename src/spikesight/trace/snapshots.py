"""Weight snapshots: one file each, and the statistics that go into the table of snapshots."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from spikesight.base.atomic import storage
from spikesight.base.errors import TraceError

BINS: Final = 64

# Between these, float16 keeps 11 bits of every weight that matters; below, SI weights of nanosiemens would vanish.
_HALF_LOW, _HALF_HIGH = 2.0**-10, 65504.0


def save_snapshot(path: Path, w: np.ndarray) -> None:
    """Write `w` (n_pre, n_post) to `path`, as float16 where that holds its range, else as float32.

    The file is not flushed to the disk: it outlives the process, and sealing flushes it.
    Errors: StorageFull, TraceError; then there is no such file.
    """
    data = save({"w": np.ascontiguousarray(w, dtype=_dtype_for(w))})
    with storage(path, TraceError):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def load_snapshot(path: Path) -> np.ndarray:
    """Return the weights in `path`, (n_pre, n_post) float32.   Errors: TraceError where the file is gone or damaged."""
    try:
        w: np.ndarray = load_file(path)["w"].astype(np.float32)
    except (OSError, SafetensorError, KeyError) as error:
        raise TraceError(f"{path} holds no weight snapshot: {error}. Restore it from a copy") from error
    return w


def _dtype_for(w: np.ndarray) -> type[np.floating]:
    finite = _finite(w)
    largest = max(-float(finite.min()), float(finite.max())) if finite.size else 0.0
    return np.float16 if largest == 0.0 or _HALF_LOW <= largest <= _HALF_HIGH else np.float32


def statistics(w: np.ndarray) -> tuple[float, float, float, float, list[int]]:
    """Return mean, std, lowest, highest and a histogram of `BINS` equal bins from lowest to highest.

    Weights that are not finite are left out; without any finite one the numbers are NaN and the histogram is zero.
    """
    finite = _finite(w)
    if not finite.size:
        return np.nan, np.nan, np.nan, np.nan, [0] * BINS
    low, high = float(finite.min()), float(finite.max())
    return float(finite.mean()), float(finite.std()), low, high, _histogram(finite, low, high)


def zeros(w: np.ndarray) -> int:
    """Return how many weights are exactly 0: as many as were pruned, where training keeps others away from 0."""
    return int(w.size - np.count_nonzero(w))


def changed(w: np.ndarray, before: Path | None) -> float | None:
    """Return the sum of absolute changes from the snapshot `before` to `w`, as precisely as snapshots are stored.

    None without a snapshot before. Weights that are not finite are left out.   Errors: as `load_snapshot`.
    """
    if before is None:
        return None
    stored = np.ascontiguousarray(w, dtype=_dtype_for(w)).astype(np.float32)
    return float(np.abs(_finite(stored - load_snapshot(before))).sum(dtype=np.float64))


def _finite(w: np.ndarray) -> np.ndarray:
    known = np.isfinite(w)
    return w.ravel() if known.all() else w[known]


def _histogram(w: np.ndarray, low: float, high: float) -> list[int]:
    # Three times as fast as numpy.histogram, which looks every edge up again; recording must stay cheap.
    scale = BINS / (high - low) if high > low else 0.0
    bins = np.minimum((w - low) * scale, BINS - 1).astype(np.intp)
    return [int(count) for count in np.bincount(bins, minlength=BINS)]
