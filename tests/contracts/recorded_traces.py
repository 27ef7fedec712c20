"""Made-up traces, and everything that is in one."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spikesight.trace.schema import Header, Layer, Projection
from spikesight.trace.snapshots import load_snapshot
from spikesight.trace.store import Store
from spikesight.trace.writer import TraceWriter

LAYERS = (Layer("input", (3,)), Layer("exc", (2, 3)))
PROJECTIONS = (Projection("input_exc", "input", "exc", (3, 6), 6.0),)
TICKS = 50
"""Of a stimulus."""


def header(run: str = "a-run") -> Header:
    return Header(run, 500_000, LAYERS, PROJECTIONS, dataset="digits", version="1", seed=3)


def record(folder: Path, stimuli: int, seed: int, seals: float = 0.3, first: int = 0, run: str = "a-run") -> Path:
    """Write a trace of some stimuli, sealed now and then; some of it may stay in the logs."""
    rng = np.random.default_rng(seed)
    writer = TraceWriter.create(folder, header(run))
    for stim in range(first, first + stimuli):
        start = TICKS * stim
        for layer in LAYERS:
            n = rng.integers(0, 20)
            t = np.sort(rng.integers(start, start + TICKS, n))
            writer.spikes(layer.name, t, rng.integers(0, layer.size, n), stim)
        writer.values("exc", "v", np.arange(start, start + TICKS, 10), rng.integers(0, 6, 5), rng.normal(size=5))
        right = [None, True, False][stim % 3]
        loss = None if stim % 4 else 0.5
        writer.stimulus(stim=stim, t_start=start, t_end=start + TICKS, label=stim % 3, correct=right, loss=loss)
        writer.scalar(start + TICKS - 1, "accuracy", rng.random())
        if stim % 3 == 0:
            writer.mark(start, "note", f"at {stim}")
            writer.weights("input_exc", start, stim, rng.random((3, 6)))
        if rng.random() < seals:
            writer.seal()
    writer.close()
    return folder


def contents(folder: Path, *, weights: bool = True) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, in an order that does not depend on segments; weights as they are, or their files."""
    folder = folder / "trace" if (folder / "trace").is_dir() else folder
    store = Store(folder)
    found = {}
    for table in store.tables():
        columns = store.query(table, "SELECT * FROM rows")
        if "file" in columns and weights:
            loaded = [load_snapshot(folder / table / name) for name in columns.pop("file")]
            columns["w"] = np.array([w.tobytes().hex() for w in loaded], dtype=object)
        cells = [[str(cell) for cell in np.ma.filled(column.astype(object), "?")] for column in columns.values()]
        found[table] = sorted(zip(*cells, strict=True))
    store.close()
    return found
