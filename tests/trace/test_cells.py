"""Arrays that answers are put into."""

import duckdb
import numpy as np
import pytest

from spikesight.base.errors import NotEnoughMemory, TraceError
from spikesight.trace.cells import add_to_cells, empty_cells
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Layer
from spikesight.trace.segments import connect, write_segment
from spikesight.trace.writer import TraceWriter


def test_numbers_are_added_where_they_belong():
    cells = empty_cells((2, 3), np.uint32)
    add_to_cells(cells, np.array([0, 5, 5]), np.array([2, 3, 4]))
    assert cells.tolist() == [[2, 0, 0], [0, 0, 7]]
    add_to_cells(cells, np.array([], np.int64), np.array([], np.int64))
    assert cells.sum() == 9


@pytest.mark.parametrize(
    "place", [np.array([-1]), np.array([6]), np.array([0, 2**62]), np.ma.MaskedArray([1], mask=[True])]
)
def test_a_place_that_is_none_is_an_answer(place):
    cells = empty_cells((2, 3), np.int64)
    with pytest.raises(TraceError, match="rows name units or times that the layer has not"):
        add_to_cells(
            cells, np.ma.asarray(place) if np.ma.isMaskedArray(place) else np.array(place), np.ones(len(place))
        )
    assert not cells.any()


@pytest.mark.parametrize("shape", [(2**31, 2**31), (2**62, 2**62), (2**31 - 1, 10**9)])
def test_what_no_machine_can_hold_is_an_answer(shape):
    with pytest.raises(NotEnoughMemory, match="ask for fewer rows or bins"):
        empty_cells(shape, np.int64)


def test_units_that_the_layer_has_not_are_an_answer_of_every_question(tmp_path):
    header = Header("r", 1_000_000, (Layer("exc", (3,)), Layer("huge", (2**30,))))
    with TraceWriter.create(tmp_path / "t", header) as writer:
        writer.spikes("exc", np.arange(4), np.array([0, 1, 2, 0]), 0)
        writer.stimulus(stim=0, t_start=0, t_end=4, label=0)
    with connect() as connection:
        rows = {"t": np.arange(4), "unit": np.array([0, 1, 2, 5], np.int32), "stim": np.zeros(4, np.int32)}
        write_segment(connection, tmp_path / "t", "spikes/exc", 0, rows)
    with Trace.open(tmp_path / "t") as trace:
        for question in (trace.unit_counts, trace.rate, trace.raster):
            with pytest.raises(TraceError, match="rows name units"):
                question("exc")
        with pytest.raises(TraceError, match="rows name units"):
            trace.raster_on("exc", trace.grid("exc"))
        with pytest.raises(NotEnoughMemory):
            trace.raster("huge", bins=10**6)


def test_times_that_no_run_reaches_are_an_answer(tmp_path):
    with TraceWriter.create(tmp_path / "t", Header("r", 1_000_000, (Layer("exc", (3,)),))) as writer:
        writer.spikes("exc", np.array([5]), np.array([1]), 0)
        writer.mark(2**63 - 1, "far")
    with Trace.open(tmp_path / "t") as trace:
        assert trace.rate("exc", (0.0, 1.0), 10).sum() > 0
        for question in (trace.rate, trace.raster, trace.grid):
            with pytest.raises(TraceError, match="has times that no run reaches"):
                question("exc")


def test_columns_of_another_type_are_read_as_what_they_should_be_or_refused(tmp_path):
    with TraceWriter.create(tmp_path / "t", Header("r", 1_000_000, (Layer("exc", (3,)),))) as writer:
        writer.scalar(5, "loss", 0.5)
    path = tmp_path / "t" / "scalars" / "000000.parquet"
    for text, seconds in (("5", [0.005]), ("soon", None)):
        duckdb.sql(f"COPY (SELECT '{text}' AS t, 'loss' AS name, 0.5 AS value) TO '{path}' (FORMAT parquet)")
        with Trace.open(tmp_path / "t") as trace:
            if seconds is None:
                with pytest.raises(TraceError, match="table 'scalars' cannot be read"):
                    trace.scalars("loss")
            else:
                assert trace.scalars("loss").t.tolist() == seconds
