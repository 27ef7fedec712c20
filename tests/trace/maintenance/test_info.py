"""What is told of a trace."""

import json

import numpy as np
from recorded_traces import TICKS, contents, header

from spikesight.trace.maintenance.info import info
from spikesight.trace.writer import TraceWriter


def test_a_trace_that_has_ended(whole):
    told, rows = info(whole), contents(whole)
    assert (told.run, told.seed, told.dataset, told.tick, told.time) == ("a-run", 3, "digits", 0.0005, "simulated")
    assert told.extent == (0.0, 12 * TICKS * 0.0005)
    assert [(one.name, one.shape, one.spikes, one.unsealed) for one in told.layers] == [
        ("input", (3,), len(rows["spikes/input"]), 0),
        ("exc", (2, 3), len(rows["spikes/exc"]), 0),
    ]
    assert [(one.name, one.shape, one.snapshots) for one in told.projections] == [("input_exc", (3, 6), 4)]
    assert told.rows == {table: len(some) for table, some in rows.items()}
    assert (told.unsealed, told.being_written, told.writer) == (0, False, None)
    sizes = {name: sum(path.stat().st_size for path in whole.rglob(f"{name}/**/*.parquet")) for name in ("spikes",)}
    assert told.bytes["spikes"] == sizes["spikes"]
    assert told.bytes_per_spike["rows"] == sizes["spikes"] / told.spikes
    assert sum(told.bytes.values()) == sum(path.stat().st_size for path in whole.rglob("*") if path.is_file())
    json.dumps(told.as_json(), allow_nan=False)


def test_a_trace_that_is_being_written(tmp_path):
    with TraceWriter.create(tmp_path / "live", header()) as writer:
        writer.spikes("exc", np.array([3, 4]), np.array([1, 2]), 0)
        told = info(tmp_path / "live")
        assert told.being_written
        assert (told.unsealed, told.spikes, told.bytes_per_spike) == (2, 2, {})
        assert {one.name: one.unsealed for one in told.layers} == {"input": 0, "exc": 2}


def test_a_trace_without_rows(tmp_path):
    TraceWriter.create(tmp_path / "empty", header()).close()
    told = info(tmp_path / "empty")
    assert (told.extent, told.spikes, told.segments, told.bytes_per_spike) == ((0.0, 0.0), 0, 0, {})
