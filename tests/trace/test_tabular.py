import sys

import numpy as np
import pytest

from spikesight.base.errors import MissingExtra
from spikesight.trace.reader import Trace
from spikesight.trace.tabular import Table, cells
from spikesight.trace.writer import TraceWriter

COLUMNS = Table(
    unit=np.array([3, 1], np.int32),
    rate=np.array([0.5, np.nan]),
    right=np.ma.MaskedArray([True, False], mask=[False, True]),
    name=np.array(["a", "b"], dtype=object),
    histogram=np.array([[1, 2, 3], [4, 5, 6]]),
)


def test_a_table_is_a_dictionary():
    assert COLUMNS["unit"].tolist() == [3, 1]
    assert dict(COLUMNS) == COLUMNS.columns()


def test_pandas():
    pytest.importorskip("pandas")
    frame = COLUMNS.pandas()
    assert list(frame.columns) == list(COLUMNS)
    assert frame["unit"].dtype == np.int32
    assert frame["unit"].tolist() == [3, 1]
    assert frame["rate"].isna().tolist() == [False, True]
    assert frame["right"].isna().tolist() == [False, True]
    assert frame["right"].mean() == 1.0
    assert frame["name"].tolist() == ["a", "b"]
    assert [row.tolist() for row in frame["histogram"]] == [[1, 2, 3], [4, 5, 6]]


def test_polars():
    pytest.importorskip("polars")
    frame = COLUMNS.polars()
    assert frame.columns == list(COLUMNS)
    assert frame["unit"].to_list() == [3, 1]
    assert np.isnan(frame["rate"][1])
    assert frame["right"].to_list() == [True, None]
    assert frame["name"].to_list() == ["a", "b"]
    assert frame["histogram"].to_list() == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize("package", ["pandas", "polars"])
def test_a_missing_package_says_what_brings_it(package, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=rf'{package} is not installed. Type: pip install "spikesight\[tables\]"'):
        getattr(COLUMNS, package)()


def test_cells_are_rows_in_the_order_of_the_array():
    axes = {"block": np.array([7, 8]), "class": np.array([0, 1, 2])}
    values = {"spikes": np.arange(6).reshape(2, 3), "t": np.array([0.5, 1.5])}
    table = cells(axes, values)
    assert list(table) == ["block", "class", "spikes", "t"]
    assert table["block"].tolist() == [7, 7, 7, 8, 8, 8]
    assert table["class"].tolist() == [0, 1, 2, 0, 1, 2]
    assert table["spikes"].tolist() == [0, 1, 2, 3, 4, 5]
    assert table["t"].tolist() == [0.5, 0.5, 0.5, 1.5, 1.5, 1.5]


def test_cells_of_an_empty_array_are_no_rows():
    table = cells({"block": np.zeros(0, int), "unit": np.arange(3)}, {"spikes": np.zeros((0, 3))})
    assert [len(column) for column in table.values()] == [0, 0, 0]


def test_what_a_trace_returns_is_a_table(folder, header):
    pytest.importorskip("pandas")
    with TraceWriter.create(folder, header) as writer:
        writer.spikes("exc", np.array([2, 1]), np.array([0, 4]), 3)
        writer.values("exc", "v", np.array([2]), np.array([0]), np.array([-0.06]))
        writer.stimulus(stim=3, t_start=0, t_end=10, label=1)
        writer.stimulus(stim=4, t_start=10, t_end=20, label=0, correct=True)
        writer.scalar(5, "loss", 0.5)
        writer.mark(4, "note", "here")
        writer.weights("input_exc", 4, 3, np.zeros((16, 10)))
    with Trace.open(folder) as trace:
        assert trace.spikes("exc").pandas().to_dict("list") == {"t": [0.0005, 0.001], "unit": [4, 0], "stim": [3, 3]}
        assert trace.values("exc", "v").pandas()["unit"].tolist() == [0]
        assert trace.stimuli().pandas()["correct"].isna().tolist() == [True, False]
        assert trace.scalars("loss").pandas().to_dict("list") == {"t": [0.0025], "value": [0.5]}
        assert trace.marks().pandas()["text"].tolist() == ["here"]
        assert trace.snapshots("input_exc").pandas()["histogram"][0].sum() == 160
