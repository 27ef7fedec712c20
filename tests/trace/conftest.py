from pathlib import Path

import pytest

from spikesight.trace.schema import Header, Layer, Projection

N_INPUT, N_EXC = 16, 10


@pytest.fixture
def header() -> Header:
    layers = (Layer("input", (4, 4)), Layer("exc", (N_EXC,)))
    projections = (Projection("input_exc", "input", "exc", (N_INPUT, N_EXC), fan_out=N_EXC),)
    return Header("a-run", 500_000, layers, projections, dataset="digits", version="1.2", seed=7)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "trace"
