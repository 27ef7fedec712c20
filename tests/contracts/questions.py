"""Questions of a trace that must be answered alike wherever they are asked, and traces to ask."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Layer, Projection
from spikesight.trace.writer import TraceWriter

N_INPUT, N_EXC = 16, 10

QUESTIONS: dict[str, Callable[[Trace], Any]] = {
    "spikes": lambda trace: trace.spikes("exc"),
    "spikes of units": lambda trace: trace.spikes("exc", t=(0.1, 2.0), units=[1, 2], stim=(0, 3)),
    "spikes of no unit": lambda trace: trace.spikes("exc", units=[]),
    "spikes not recorded": lambda trace: trace.spikes("input"),
    "raster": lambda trace: trace.raster("exc", bins=7, rows=3),
    "rate": lambda trace: trace.rate("exc", bins=3),
    "count": lambda trace: trace.count("exc", t=(0.2, 1.0)),
    "unit counts": lambda trace: trace.unit_counts("exc"),
    "raster on a grid": lambda trace: trace.raster_on("exc", trace.grid("exc", bins=9)),
    "spikes per stimulus": lambda trace: trace.spike_counts("exc", stim=(1, 4)),
    "class counts": lambda trace: trace.class_counts("exc"),
    "class counts by block": lambda trace: trace.class_counts_by_block("exc", 3),
    "values": lambda trace: trace.values("exc", "v"),
    "stimuli": lambda trace: trace.stimuli(),
    "last stimuli": lambda trace: trace.stimuli(last=3),
    "scalars": lambda trace: trace.scalars("it's a \\ name"),
    "names of scalars": lambda trace: trace.scalar_names(),
    "marks": lambda trace: trace.marks(),
    "snapshots": lambda trace: trace.snapshots("input_exc"),
    "weights": lambda trace: trace.weights("input_exc", 1),
}


def make_trace(folder: Path, seed: int = 0, stimuli: int = 6) -> None:
    """Write a trace with all kinds of rows, the last of them in the logs: as a killed writer leaves it."""
    layers = (Layer("input", (4, 4)), Layer("exc", (N_EXC,)))
    projections = (Projection("input_exc", "input", "exc", (N_INPUT, N_EXC), fan_out=N_EXC),)
    random = np.random.default_rng(seed)
    whole = folder.parent / f"{folder.name}-whole"
    with TraceWriter.create(whole, Header(f"run-{seed}", 500_000, layers, projections)) as writer:
        for stim in range(stimuli):
            t = np.sort(random.integers(1000 * stim, 1000 * stim + 1000, 40))
            writer.spikes("exc", t, random.integers(0, N_EXC, 40), stim)
            writer.values("exc", "v", t[:3], np.arange(3), np.array([-0.06, np.nan, stim]))
            correct = [None, True, False][stim % 3]
            loss = None if stim % 2 else 0.1 * stim
            shown = {"label": stim % 3, "prediction": stim % 2, "correct": correct, "loss": loss}
            writer.stimulus(stim=stim, t_start=1000 * stim, t_end=1000 * stim + 1000, **shown)
            writer.scalar(1000 * stim, "it's a \\ name", random.random())
            writer.scalar(1000 * stim, "loss", np.nan)
            writer.mark(1000 * stim, "note", '"quoted" \\')
            writer.weights("input_exc", 1000 * stim, stim, random.random((N_INPUT, N_EXC)))
            if stim in (1, 3):
                writer.seal()
        shutil.copytree(whole, folder)
    shutil.rmtree(whole)


def assert_equal(got: Any, expected: Any) -> None:
    """Equal in every number, every type and everything missing."""
    assert type(got) is type(expected)
    if isinstance(expected, dict):
        assert list(got) == list(expected)
        assert_equal(tuple(got.values()), tuple(expected.values()))
    elif isinstance(expected, tuple):
        for one, other in zip(got, expected, strict=True):
            assert_equal(one, other)
    elif isinstance(expected, np.ndarray):
        assert got.dtype == expected.dtype
        np.testing.assert_array_equal(np.ma.getmaskarray(got), np.ma.getmaskarray(expected))
        np.testing.assert_array_equal(got, expected)
    else:
        assert got == expected
