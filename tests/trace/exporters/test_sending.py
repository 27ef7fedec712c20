from pathlib import Path

import numpy as np
import pytest

from spikesight.base.errors import InputError, TraceError
from spikesight.trace.exporters import CATALOGUE, named, neo_block, send
from spikesight.trace.schema import Header, Layer, Recorded
from spikesight.trace.writer import TraceWriter


def test_names_that_say_what_to_write():
    assert named(Path("a.nwb")) is CATALOGUE["nwb"]
    with pytest.raises(InputError, match="parquet, csv, nwb"):
        named(Path("folder"))


def counted(folder, layers):
    with TraceWriter.create(folder, Header("r", 1_000_000, layers)) as writer:
        for layer in layers:
            writer.spikes(layer.name, np.arange(10), np.arange(10) % 3, 0)
    return folder


EXC = Layer("exc", (6,), Recorded(rows=False))


@pytest.mark.parametrize("kind", list(CATALOGUE))
def test_layers_of_which_only_counts_were_kept_are_left_out_and_told(tmp_path, kind):
    if kind == "nwb":
        pytest.importorskip("h5py", reason="needs the extra 'simulators'")
    trace = counted(tmp_path / "trace", (Layer("input", (3,)), EXC))
    assert send(trace, tmp_path / "out", CATALOGUE[kind]) == ["counts/exc"]
    if kind != "nwb":
        assert [path.stem for path in (tmp_path / "out").iterdir()] == ["spikes.input"]


def test_layers_of_which_only_counts_were_kept_are_no_trains(tmp_path):
    pytest.importorskip("neo", reason="needs the extra 'simulators'")
    block = neo_block(counted(tmp_path / "trace", (Layer("input", (3,)), EXC)))
    assert [group.name for group in block.groups] == ["input"]


def test_without_single_spikes_there_is_no_table_of_units(tmp_path):
    pytest.importorskip("h5py", reason="needs the extra 'simulators'")
    with pytest.raises(TraceError, match="no layer whose single spikes were kept"):
        send(counted(tmp_path / "trace", (EXC,)), tmp_path / "out.nwb", CATALOGUE["nwb"])
    assert not (tmp_path / "out.nwb").exists()


def test_every_exporter_says_what_it_writes():
    assert all(CATALOGUE[name].what for name in CATALOGUE)
