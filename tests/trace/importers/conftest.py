from __future__ import annotations

import csv
from typing import Any, NamedTuple

import numpy as np
import pytest

from spikesight.datasets.folder import data_folder
from spikesight.trace.importers import bring, original_ids, story
from spikesight.trace.reader import Trace


class Layer(NamedTuple):
    """A layer of an imported run: times in seconds, units as the file numbers them, stimuli, shape."""

    t: np.ndarray
    unit: np.ndarray
    stim: np.ndarray
    shape: tuple[int, ...]


class Imported(NamedTuple):
    """An imported run as a reader sees it."""

    run: Any
    story: dict[str, Any]
    layers: dict[str, Layer]
    trace: Trace


def read_back(run) -> Imported:
    trace, ids = Trace.open(run.folder), original_ids(run)
    layers = {}
    for layer in trace.header.layers:
        found = trace.spikes(layer.name)
        layers[layer.name] = Layer(found.t, ids[layer.name][found.unit], found.stim, layer.shape)
    return Imported(run, story(run), layers, trace)


@pytest.fixture
def imported(tmp_path):
    """Import files and read the run back; traces are closed at the end."""
    opened = []

    def act(*paths, **options) -> Imported:
        to = tmp_path / f"run-{len(opened)}"
        opened.append(read_back(bring(list(paths), to, **options)))
        return opened[-1]

    yield act
    for one in opened:
        one.trace.close()


@pytest.fixture
def golden():
    """The folder of golden traces."""
    folder = data_folder() / "traces"
    if not (folder / "facts.csv").is_file():
        pytest.skip("the golden traces are not on this machine: SPIKESIGHT_DATA names no folder with traces/facts.csv")
    return folder


@pytest.fixture
def facts(golden):
    """The rows of facts.csv by file."""
    with open(golden / "facts.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [row for row in rows if row["file"] == name] for name in sorted({row["file"] for row in rows})}
