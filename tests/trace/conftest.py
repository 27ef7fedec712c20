import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from spikesight.trace.places import place_of
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


@pytest.fixture(scope="session")
def spark() -> Iterator[str]:
    """The address of a Spark cluster on this machine: two workers, processes of their own."""
    pytest.importorskip("pyspark", reason="needs the extra 'cluster'")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    master = "local-cluster[2,1,1024]"
    with pytest.MonkeyPatch.context() as patch:
        # Three Java processes start, for a few short questions: code that is compiled well takes longer than it saves.
        patch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        place_of(master)
    yield master
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    assert session is not None
    session.stop()
