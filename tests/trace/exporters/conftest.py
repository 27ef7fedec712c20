from pathlib import Path

import numpy as np
import pytest

from spikesight.runs.folder import Run
from spikesight.trace.schema import Header, Layer, Projection
from spikesight.trace.writer import TraceWriter

TICKS, RATE, STIMULI = 1000, 0.02, 10


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of two layers with everything in it, in ticks of 0.1 ms; times begin at 0.5 s."""
    rng = np.random.default_rng(3)
    layers = (Layer("exc", (2, 5)), Layer("inh", (3,)))
    projections = (Projection("exc-inh", "exc", "inh", (10, 3), 3.0),)
    run = Run.create(tmp_path, "made-up", seed=1, config={})
    with TraceWriter.create(run.trace_folder, Header(run.folder.name, 100_000, layers, projections)) as writer:
        for stim in range(STIMULI):
            start = 5000 + stim * TICKS
            for layer in layers:
                step, unit = np.nonzero(rng.random((TICKS, layer.size)) < RATE)
                writer.spikes(layer.name, step + start, unit.astype(np.int32), stim)
            writer.values("exc", "v", np.array([start, start]), np.array([1, 4]), rng.normal(size=2))
            writer.stimulus(
                stim=stim, t_start=start, t_end=start + TICKS, label=stim % 3, prediction=1, correct=stim % 3 == 1
            )
            writer.scalar(start, "loss", 1.0 / (stim + 1))
        writer.mark(5000, "note", 'a, "b"')
        writer.weights("exc-inh", 5000, 0, np.arange(30.0).reshape(10, 3))
    run.update(status="finished")
    return run.folder
