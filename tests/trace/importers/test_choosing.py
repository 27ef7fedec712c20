import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.trace.importers import CATALOGUE
from spikesight.trace.importers.choosing import choose, name_of


def test_every_importer_says_what_it_reads_and_knows_nothing_of_noise(tmp_path):
    noise = np.random.default_rng(0).bytes(3000)
    (tmp_path / "noise.dat").write_bytes(noise)
    for name in CATALOGUE:
        assert CATALOGUE[name].what
        assert name_of(CATALOGUE[name]) == name
        assert not CATALOGUE[name].sniff(tmp_path / "noise.dat", noise)


def test_who_recognises_the_golden_traces(golden, facts):
    pytest.importorskip("h5py")
    for file in facts:
        assert choose([golden / file])[0] == file.partition("/")[0]
    assert choose([golden / "loihi-fc-traces.zip"])[0] == "loihi"
    assert choose([golden / "lava-pilotnet-lif-conv4.npz"])[0] == "lava"


def test_answers(tmp_path):
    (tmp_path / "a.gdf").write_text("1\t0.1\t\n")
    (tmp_path / "b.csv").write_text("t,i\n0.1,1\n")
    (tmp_path / "c").write_text("hello")
    with pytest.raises(InputError, match="several kinds \\(brian2, nest\\)"):
        choose([tmp_path / "a.gdf", tmp_path / "b.csv"])
    with pytest.raises(InputError, match=r"begins with b'hello'.*Known are pynn"):
        choose([tmp_path / "c"])
    with pytest.raises(InputError, match="no file was given"):
        choose([])
    with pytest.raises(InputError, match="cannot read"):
        choose([tmp_path / "none"])
