"""Tables and their owners; layers of which only counts are kept go through everything."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from recorded_traces import header

from spikesight.base.errors import InputError
from spikesight.trace.maintenance.check import check
from spikesight.trace.maintenance.cut import cut
from spikesight.trace.maintenance.info import info
from spikesight.trace.maintenance.merge import merge
from spikesight.trace.maintenance.repair import repair
from spikesight.trace.maintenance.tables import belongs, units_of
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Recorded
from spikesight.trace.writer import TraceWriter


@pytest.mark.parametrize(
    ("table", "units"),
    [("spikes/exc", 6), ("counts/exc", 6), ("values/exc.v", 6), ("weights/input_exc", None), ("marks", None)],
)
def test_tables_of_a_header(table, units):
    assert belongs(table, header())
    assert units_of(table, header()) == units


@pytest.mark.parametrize("table", ["spikes/inh", "counts/inh", "values/inh.v", "values/exc", "weights/exc"])
def test_tables_of_another_header(table):
    assert not belongs(table, header())


@pytest.fixture
def counted(tmp_path):
    """A trace that keeps only counts of `exc`, sealed but for its end; nobody writes it any more."""
    layers = tuple(replace(one, recorded=Recorded(rows=one.name != "exc")) for one in header().layers)
    rng = np.random.default_rng(0)
    with TraceWriter.create(tmp_path / "live", replace(header(), layers=layers)) as writer:
        for stim in range(6):
            t = np.sort(rng.integers(64 * stim, 64 * stim + 64, 300))
            writer.spikes("exc", t, rng.integers(0, 6, 300), stim)
            if stim == 3:
                writer.mark(390, "the end")  # so that what follows would begin at tick 391
                writer.seal()
        return shutil.copytree(tmp_path / "live", tmp_path / "counted")


def counts_of(folder):
    with Trace.open(folder) as trace:
        return trace.count("exc"), trace.unit_counts("exc").tolist(), trace.spike_counts("exc", (0, 6)).tolist()


def test_counts_alone_are_told_checked_repaired_and_packed(counted, tmp_path):
    before = counts_of(counted)
    assert before[0] == 1800
    assert [(one.spikes, one.unsealed) for one in info(counted).layers] == [(0, 0), (1800, 600)]
    assert [finding.where for finding in check(counted, deep=True)] == ["tail/spikes/exc/000001.log"]
    merge([counted], tmp_path / "packed", "packed")
    assert counts_of(tmp_path / "packed") == before
    cut(counted, tmp_path / "part", "part", layers=["exc"])
    assert counts_of(tmp_path / "part") == before
    assert repair(counted).lost == []
    assert counts_of(counted) == before
    for folder in (counted, tmp_path / "packed", tmp_path / "part"):
        assert check(folder, deep=True) == []


def test_counts_that_would_not_nest_are_not_moved_and_not_cut_by_stimuli(counted, tmp_path):
    with pytest.raises(InputError, match="which cannot be moved by"):
        merge([counted, counted], tmp_path / "both", "both")
    with pytest.raises(InputError, match="are not cut by stimuli"):
        cut(counted, tmp_path / "part", "part", stim=(0, 2))
