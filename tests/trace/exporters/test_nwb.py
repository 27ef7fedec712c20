import numpy as np
import pytest

from spikesight.trace.exporters import CATALOGUE, nwb, send
from spikesight.trace.importers import bring
from spikesight.trace.reader import Trace

h5py = pytest.importorskip("h5py")


def test_every_unit_is_a_row(run, tmp_path, monkeypatch):
    monkeypatch.setattr(nwb, "ROWS", 300)  # a few units at a time
    left_out = send(run, tmp_path / "a.nwb", CATALOGUE["nwb"])
    assert set(left_out) == {"values/exc.v", "stimuli", "scalars", "marks", "weights/exc-inh"}
    with Trace.open(run) as trace, h5py.File(tmp_path / "a.nwb") as file:
        units = file["units"]
        ends = units["spike_times_index"][...]
        layer, unit = units["layer"].asstr()[...], units["unit"][...]
        assert layer.tolist() == ["exc"] * 10 + ["inh"] * 3
        for row, (start, stop) in enumerate(zip([0, *ends[:-1]], ends, strict=True)):
            train = trace.spikes(layer[row], units=[unit[row]]).t
            assert len(train) > 100
            assert np.array_equal(units["spike_times"][start:stop], train)
        assert file[units["spike_times_index"].attrs["target"]] == units["spike_times"]


def test_there_and_back(run, tmp_path):
    send(run, tmp_path / "a.nwb", CATALOGUE["nwb"])
    back = bring([tmp_path / "a.nwb"], tmp_path / "back")
    with Trace.open(run) as first, Trace.open(back.folder) as second:
        exc, inh, units = first.spikes("exc"), first.spikes("inh"), second.spikes("units")
        expected = sorted([*zip(exc.t, exc.unit, strict=True), *zip(inh.t, inh.unit + 10, strict=True)])
        assert list(zip(units.t, units.unit, strict=True)) == expected
        assert second.header.tick_ns == 100_000


def test_stretches_of_units_have_about_so_many_spikes():
    counts = np.array([5, 0, 5, 3 * nwb.ROWS, 1, 1])
    assert list(nwb._stretches(counts)) == [(0, 3), (3, 4), (4, 6)]
    assert list(nwb._stretches(np.zeros(3, int))) == [(0, 3)]


def test_pynwb_reads_it(run, tmp_path):
    pynwb = pytest.importorskip("pynwb", reason="PyNWB is not installed: it is no dependency")
    send(run, tmp_path / "a.nwb", CATALOGUE["nwb"])
    assert pynwb.validate(path=str(tmp_path / "a.nwb")) == []
