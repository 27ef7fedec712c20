import duckdb
import numpy as np
import pytest

from spikesight.trace import packing
from spikesight.trace.packing import packed
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Layer
from spikesight.trace.segments import connect, write_segment
from spikesight.trace.writer import TraceWriter


@pytest.fixture
def spikes():
    random, rows = np.random.default_rng(0), packing.BIG
    t = np.sort(random.integers(0, 60_000, rows))
    unit = random.integers(0, 5000, rows).astype(np.int32)
    return {"t": t, "unit": unit, "stim": (t // 700).astype(np.int32)}


def as_set(columns):
    return sorted(zip(*(columns[name].tolist() for name in ("t", "unit", "stim")), strict=True))


@pytest.mark.parametrize("mixed", [False, True])
def test_no_row_is_lost_and_each_group_is_in_order_of_time(spikes, mixed):
    if mixed:
        order = np.random.default_rng(1).permutation(len(spikes["t"]))
        spikes = {name: column[order] for name, column in spikes.items()}
    found = packed("spikes/exc", spikes)
    assert as_set(found) == as_set(spikes)
    group = found["unit"].astype(int) * packing.GROUPS // (int(found["unit"].max()) + 1)
    assert np.all(np.diff(group) >= 0)
    assert np.all(np.diff(found["t"])[np.diff(group) == 0] >= 0)
    assert len(set(group)) == packing.GROUPS


def test_small_segments_and_other_tables_stay_as_they_are(spikes):
    few = {name: column[:-1] for name, column in spikes.items()}
    assert packed("spikes/exc", few) is few
    assert packed("stimuli", spikes) is spikes


def test_one_units_train_is_in_few_row_groups(tmp_path, spikes):
    with connect(threads=1) as connection:
        write_segment(connection, tmp_path, "spikes/exc", 0, spikes)
    query = f"""SELECT count(*), sum((stats_min_value::INT <= 77 AND stats_max_value::INT >= 77)::INT),
                       any_value(encodings) FROM parquet_metadata('{tmp_path}/spikes/exc/000000.parquet')
                WHERE path_in_schema = 'unit'"""
    with duckdb.connect() as database:
        groups, touched, encodings = database.execute(query).fetchone()
    assert groups == packing.BIG // packing.GROUP_ROWS
    assert touched <= 2
    assert encodings == "DELTA_BINARY_PACKED"


def test_big_segments_are_read_back_in_order(folder, spikes):
    with TraceWriter.create(folder, Header("r", 500_000, (Layer("exc", (5000,)),))) as writer:
        writer.spikes("exc", spikes["t"], spikes["unit"], spikes["stim"])
    order = np.lexsort((spikes["unit"], spikes["t"]))
    with Trace.open(folder) as trace:
        found = trace.spikes("exc")
        np.testing.assert_array_equal(np.rint(found.t * 2000), spikes["t"][order])
        np.testing.assert_array_equal(found.unit, spikes["unit"][order])
        np.testing.assert_array_equal(trace.spikes("exc", units=[77]).stim, spikes["stim"][order][found.unit == 77])
