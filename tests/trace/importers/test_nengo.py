import numpy as np
import pytest

from spikesight.base.errors import InputError

T = np.arange(1, 5) * 1e-3
"""Nengo's `trange` begins with the first step."""

SPIKES = np.array([[0, 0, 0], [1000, 0, 0], [0, 0, 1000], [1000, 1000, 0]], float)


def check(layer):
    assert layer.shape == (3,)
    assert layer.t.tolist() == [2e-3, 3e-3, 4e-3, 4e-3]
    assert layer.unit.tolist() == [0, 2, 0, 1]


def test_a_probe_saved_as_npz(imported, tmp_path):
    np.savez(tmp_path / "ens.npz", t=T, spikes=SPIKES, simulator="nengo")
    check(imported(tmp_path / "ens.npz").layers["ens"])


def test_a_probe_saved_as_csv(imported, tmp_path):
    np.savetxt(tmp_path / "ens.csv", np.column_stack([T, SPIKES]), delimiter=",", header="nengo")
    check(imported(tmp_path / "ens.csv").layers["ens"])


def test_other_probes_are_refused(imported, tmp_path):
    np.savez(tmp_path / "v.npz", t=T, spikes=SPIKES - 1)
    with pytest.raises(InputError, match="is it a probe of spikes"):
        imported(tmp_path / "v.npz")
    np.savez(tmp_path / "v.npz", t=T[:2], spikes=SPIKES)
    with pytest.raises(InputError, match="2 times, but spikes of 4 steps"):
        imported(tmp_path / "v.npz")
