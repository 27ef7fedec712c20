import numpy as np
import pytest

from spikesight.base.errors import InputError

HEADER = "# NEST version: 3.6\n# RecordingBackendASCII version: 2\n"


@pytest.fixture
def saved(tmp_path):
    def save(name, text):
        (tmp_path / name).write_text(text)
        return tmp_path / name

    return save


def test_gdf(imported, saved):
    found = imported(saved("exc-12-0.gdf", "7\t0.100\t\n3\t12.5\t\n7\t100.000\t\n"))
    layer = found.layers["exc-12"]
    assert layer.unit.tolist() == [7, 3, 7]
    assert layer.t.tolist() == [1e-4, 0.0125, 0.1]
    assert found.story["tick_ns"] == 100_000
    assert found.trace.header.simulator == "NEST"


def test_files_of_virtual_processes_are_one_layer(imported, saved):
    found = imported(
        saved("exc-12-0.dat", f"{HEADER}sender\ttime_ms\n5\t2.0\n"),
        saved("exc-12-1.dat", f"{HEADER}sender\ttime_ms\n4\t1.0\n"),
        saved("inh-13-0.dat", f"{HEADER}sender\ttime_ms\n"),
    )
    assert set(found.layers) == {"exc-12", "inh-13"}
    assert found.layers["exc-12"].unit.tolist() == [4, 5]
    assert len(found.layers["inh-13"].t) == 0
    assert found.story["version"] == "3.6"
    assert found.story["layers"]["inh-13"]["units"] == 0


def test_steps_need_their_length(imported, saved):
    text = f"{HEADER}sender\ttime_step\ttime_offset\n5\t20\t0.03\n5\t21\t0.0\n"
    with pytest.raises(InputError, match=r"tick=0\.0001"):
        imported(saved("exc-1-0.dat", text))
    # The spike of step 20 came 0.03 ms before its end.
    found = imported(saved("exc-1-0.dat", text), tick=1e-4)
    assert found.layers["exc-1"].t.tolist() == [2e-3, 2.1e-3]
    assert found.story["largest_rounding_seconds"] == pytest.approx(3e-5)


@pytest.mark.parametrize("name", ["a.gdf", "a.dat", "a.txt"])
def test_whole_numbers_may_be_steps_or_milliseconds(imported, saved, name):
    path = saved(name, "5\t20\n5\t21\n")
    with pytest.raises(InputError, match="steps"):
        imported(path)
    assert imported(path, tick=1e-3).layers["a"].t.tolist() == [0.02, 0.021]
    assert imported(path, tick=1e-4).layers["a"].t.tolist() == [0.002, 0.0021]


def test_a_multimeter(imported, saved):
    text = f"{HEADER}sender\ttime_ms\tV_m\tw\n2\t1.0\t-70.0\t3.5\n9\t1.0\t-55.0\t4.5\n"
    found = imported(saved("mm-4-0.dat", text))
    v, w = found.trace.values("mm-4", "V_m"), found.trace.values("mm-4", "w")
    assert v.value.tolist() == [np.float32(-0.07), np.float32(-0.055)]
    assert w.value.tolist() == [3.5, 4.5]
    assert v.t.tolist() == [1e-3, 1e-3]


@pytest.mark.parametrize("name", ["none-3-0.gdf", "none-3-0.dat"])
def test_an_empty_file(imported, saved, name):
    found = imported(saved(name, ""))
    assert len(found.layers["none-3"].t) == 0
    assert any("no units" in note for note in found.story["notes"])


@pytest.mark.parametrize(
    ("text", "told"),
    [("1\t0.1\t-70.0\n", "third column without a name"), ("1\t0.1\n2\t\n", "not a row of numbers")],
)
def test_what_is_not_understood(imported, saved, text, told):
    with pytest.raises(InputError, match=told):
        imported(saved("a.dat", text))


def test_a_reference_solution_is_no_recording(imported, golden):
    with pytest.raises(InputError, match="no importer recognises"):
        imported(golden / "nest" / "aeif_reference_lsodar.dat")
