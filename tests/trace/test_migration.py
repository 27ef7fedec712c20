import json

import duckdb
import numpy as np
import pytest

from spikesight.base.errors import TraceError
from spikesight.trace.frames import pack_row
from spikesight.trace.migration import FORMAT_VERSION, migrated
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Recorded
from spikesight.trace.writer import TraceWriter

VERSION_1 = {
    "format_version": 1,
    "run": "old",
    "tick_ns": 500_000,
    "layers": [{"name": "input", "shape": [4, 4], "size": 16}, {"name": "exc", "shape": [10], "size": 10}],
    "projections": [{"name": "input_exc", "pre": "input", "post": "exc", "shape": [16, 10], "fan_out": 10.0}],
    "dataset": "digits",
    "simulator": "spikesight",
    "version": "0.1.0",
    "seed": 3,
}


def as_version_1(folder):
    """Turn the trace in `folder` into what format version 1 would have left."""
    (folder / "trace.json").write_text(json.dumps(VERSION_1))
    for path in (folder / "weights" / "input_exc").glob("*.parquet"):
        with duckdb.connect() as database:
            database.execute(f"CREATE TABLE old AS SELECT * EXCLUDE (zeros, changed) FROM '{path}'")
            database.execute(f"COPY old TO '{path}' (FORMAT parquet)")


def test_version_1_is_read_with_everything_recorded():
    header = Header.from_json(VERSION_1)
    assert (header.classes, header.time) == ((), "simulated")
    assert [layer.recorded for layer in header.layers] == [Recorded()] * 2
    assert header.as_json()["format_version"] == FORMAT_VERSION == 3
    assert VERSION_1["layers"][0] == {"name": "input", "shape": [4, 4], "size": 16}


def test_version_2_is_read_without_kernels():
    facts = {**migrated(VERSION_1), "format_version": 2}
    facts["projections"] = [{name: one[name] for name in one if name != "kernel"} for one in facts["projections"]]
    header = Header.from_json(facts)
    assert header == Header.from_json(VERSION_1)
    assert header.projections[0].kernel is None


def test_a_trace_of_version_1_opens_and_goes_on(folder, header):
    with TraceWriter.create(folder, header) as writer:
        writer.spikes("exc", np.array([3, 5]), np.array([1, 9]), stim=4)
        writer.weights("input_exc", 1000, 4, np.full((16, 10), 0.5))
        position = writer.seal()
    as_version_1(folder)
    with TraceWriter.resume(folder, position) as writer:
        writer.weights("input_exc", 2000, 5, np.full((16, 10), 0.75))
        with Trace.open(folder) as trace:
            assert trace.spikes("exc").unit.tolist() == [1, 9]
            for _ in ("in the log", "sealed"):
                known = trace.snapshots("input_exc")
                assert known["mean"].tolist() == [0.5, 0.75]
                assert known["zeros"].tolist() == [-1, 0]
                np.testing.assert_array_equal(known["changed"], [np.nan, 40.0])
                writer.seal()
                trace.refresh()


def test_rows_of_version_1_that_were_not_sealed(folder, header):
    writer = TraceWriter.create(folder, header)
    try:
        row = [1000, 4, "000000.safetensors", 0.5, 0.0, 0.5, 0.5, [160] + [0] * 63]
        writer._append("weights/input_exc", 1, pack_row(row))
        with Trace.open(folder) as trace:
            known = trace.snapshots("input_exc")
            assert (known["mean"].tolist(), known["zeros"].tolist()) == ([0.5], [-1])
            assert np.isnan(known["changed"]).all()
    finally:
        writer._sealer.close()
        writer._open = False


@pytest.mark.parametrize("version", [0, 4, None, "2", [2]])
def test_other_versions_are_refused(version):
    with pytest.raises(TraceError, match="this Spikesight reads 1 to 3"):
        migrated({**VERSION_1, "format_version": version})


@pytest.mark.parametrize("layers", [None, [1], {"a": 1}])
def test_version_1_that_describes_nothing(layers):
    with pytest.raises(TraceError, match="does not describe a trace"):
        migrated({**VERSION_1, "layers": layers})
