import duckdb
import numpy as np
import pytest

from spikesight.base.errors import TraceError
from spikesight.trace.exporters import CATALOGUE, contract, send
from spikesight.trace.importers import bring, original_ids
from spikesight.trace.reader import Trace

TABLES = {"spikes.exc", "spikes.inh", "values.exc.v", "stimuli", "scalars", "marks", "weights.exc-inh"}


def read(path):
    found = duckdb.sql(f"SELECT * FROM '{path}'").fetchnumpy()
    return {name: np.ma.getdata(column) for name, column in found.items()}


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_every_table_is_a_file_that_others_read(run, tmp_path, monkeypatch, ending):
    monkeypatch.setattr(contract, "ROWS", 100)
    out = tmp_path / "out"
    assert send(run, out, CATALOGUE[ending]) == []
    assert {path.name for path in out.iterdir()} == {f"{name}.{ending}" for name in TABLES} | {
        "weights.exc-inh.000000.npy"
    }
    with Trace.open(run) as trace:
        for layer in ("exc", "inh"):
            found, expected = read(out / f"spikes.{layer}.{ending}"), trace.spikes(layer)
            for name in ("t", "unit", "stim"):
                assert np.array_equal(found[name], getattr(expected, name)), (layer, name)
        values = read(out / f"values.exc.v.{ending}")
        assert values["value"] == pytest.approx(trace.values("exc", "v").value, rel=1e-6)
        stimuli = read(out / f"stimuli.{ending}")
        assert np.array_equal(stimuli["t_end"], trace.stimuli()["t_end"])
        assert stimuli["label"].tolist() == [0, 1, 2] * 3 + [0]
        assert [str(one).casefold() for one in stimuli["correct"][:2]] == ["false", "true"]
        assert read(out / f"scalars.{ending}")["value"] == pytest.approx([1 / n for n in range(1, 11)])
        assert read(out / f"marks.{ending}")["text"].tolist() == ['a, "b"']
        assert np.array_equal(np.load(out / "weights.exc-inh.000000.npy"), trace.weights("exc-inh", 0))


def test_units_have_their_original_numbers_there_and_back(tmp_path):
    (tmp_path / "exc-5-0.gdf").write_text("700\t0.1\t\n31\t12.5\t\n700\t90.0\t\n")
    run = bring([tmp_path / "exc-5-0.gdf"], tmp_path / "run").folder
    send(run, tmp_path / "out", CATALOGUE["csv"])
    assert (tmp_path / "out" / "spikes.exc-5.csv").read_text().splitlines() == [
        "t,unit,stim", "0.0001,700,0", "0.0125,31,0", "0.09,700,0",
    ]  # fmt: skip
    send(run / "trace", tmp_path / "alone", CATALOGUE["csv"])
    assert (tmp_path / "alone" / "spikes.exc-5.csv").read_bytes() == (
        tmp_path / "out" / "spikes.exc-5.csv"
    ).read_bytes()
    back = bring([tmp_path / "out" / "spikes.exc-5.csv"], tmp_path / "back")
    assert original_ids(back)["exc-5"].tolist() == [31, 700]
    with Trace.open(run) as first, Trace.open(back.folder) as second:
        for name in ("t", "unit", "stim"):
            assert np.array_equal(getattr(first.spikes("exc-5"), name), getattr(second.spikes("exc-5"), name))


def test_a_layer_without_spikes_is_a_table_without_rows(tmp_path):
    (tmp_path / "a.gdf").write_text("")
    run = bring([tmp_path / "a.gdf"], tmp_path / "run").folder
    send(run, tmp_path / "out", CATALOGUE["csv"])
    assert (tmp_path / "out" / "spikes.a.csv").read_text().split() == ["t,unit,stim"]


def test_what_is_there_already_stays(run, tmp_path):
    (tmp_path / "out").mkdir()
    for name in CATALOGUE:
        with pytest.raises(TraceError, match="exists already"):
            send(run, tmp_path / "out", CATALOGUE[name])
    assert not list((tmp_path / "out").iterdir())
