from pathlib import Path

import pytest

from spikesight.base.errors import InputError
from spikesight.trace.exporters import CATALOGUE, named


def test_names_that_say_what_to_write():
    assert named(Path("a.nwb")) is CATALOGUE["nwb"]
    with pytest.raises(InputError, match="parquet, csv, nwb"):
        named(Path("folder"))


def test_every_exporter_says_what_it_writes():
    assert all(CATALOGUE[name].what for name in CATALOGUE)
