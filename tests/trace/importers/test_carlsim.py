import struct

import numpy as np
import pytest

from spikesight.base.errors import InputError


def spikes(path, rows, grid=(2, 3, 1), version=0.2):
    path.write_bytes(struct.pack("<if3i", 206661989, version, *grid) + np.array(rows, "<i4").tobytes())
    return path


def weights(path, snapshots, pre=(2, 1, 1), post=(3, 1, 1)):
    head = struct.pack("<ifh4i4iiB2f", 202029319, 0.3, 7, 0, *pre, 1, *post, 5, 1, 0.0, 1.0)
    path.write_bytes(head + b"".join(struct.pack("<q", t) + w.astype("<f4").tobytes() for t, w in snapshots))
    return path


def test_spikes(imported, tmp_path):
    found = imported(spikes(tmp_path / "spk_exc.dat", [(5, 0), (5, 4), (7, 0)]))
    assert found.layers["exc"].shape == (3, 2)  # x runs fastest
    assert found.layers["exc"].unit.tolist() == [0, 4, 0]
    assert found.layers["exc"].t.tolist() == [5e-3, 5e-3, 7e-3]


def test_weights_join_layers_with_spikes(imported, tmp_path):
    w = np.arange(6.0).reshape(2, 3)
    first = np.where(w == 5.0, np.nan, w)
    found = imported(
        spikes(tmp_path / "spk_b.dat", [(1, 2)], grid=(3, 1, 1)),
        weights(tmp_path / "conn_a_b.dat", [(0, first), (1000, w + 1)]),
    )
    assert set(found.layers) == {"a", "b"}
    assert found.trace.weights("a-b", 0).tolist() == [[0, 1, 2], [3, 4, 0]]
    assert found.trace.weights("a-b", 1).tolist() == (w + 1).tolist()
    assert found.trace.snapshots("a-b")["t"].tolist() == [0.0, 1.0]
    assert any("no synapse" in note for note in found.story["notes"])


def test_the_golden_weights(imported, golden):
    found = imported(golden / "carlsim" / "conn_input_output.dat", golden / "carlsim" / "spk_output.dat")
    assert found.trace.snapshots("input-output")["t"].tolist() == [0.0, 500.0]
    w = found.trace.weights("input-output", 1)
    assert w.shape == (100, 1)
    # Weights lie between the bounds of the header.
    (told,) = found.story["facts"].values()
    assert 0.0 <= w.min() < w.max() <= told["largest"]
    assert len(found.layers["output"].t) == 18410


@pytest.mark.parametrize(
    ("rows", "options", "told"),
    [
        ([(5, 6)], {}, "units 0 to 5, but unit 6"),
        ([(-5, 0)], {}, "-5 ms"),
        ([5], {}, "cut off"),
        ([(5, 0)], {"version": 1.0}, "version 1"),
        ([(5, 0)], {"grid": (0, 1, 1)}, "grid"),
    ],
)
def test_what_is_not_understood(imported, tmp_path, rows, options, told):
    with pytest.raises(InputError, match=told):
        imported(spikes(tmp_path / "spk_a.dat", rows, **options))


def test_files_of_its_neuron_monitor_are_refused(imported, tmp_path):
    (tmp_path / "n_a.dat").write_bytes(struct.pack("<if3i", 206661979, 0.1, 1, 1, 1))
    with pytest.raises(InputError, match="206661979, expected"):
        imported(tmp_path / "n_a.dat")
