import resource
import signal

import numpy as np
import pytest

from spikesight.base.errors import InputError, StorageFull
from spikesight.events.files.aedat4 import Aedat4
from spikesight.events.files.csv import Csv
from spikesight.events.files.reading import EventFile, read
from spikesight.events.files.writing import convert, write
from spikesight.events.stream import EventStream

T = np.arange(5000)
EVENTS = EventStream(T, T % 30, T % 20, T % 2 == 1, 30, 20)
ENDINGS = ("csv", "txt", "npz", "parquet", "es", "aedat")


class Told:
    done = 0

    def advance(self, steps, **facts):
        self.done += steps


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_is_converted_by_its_name(tmp_path, ending):
    write(tmp_path / "a.csv", EVENTS)
    told = Told()
    convert(EventFile(tmp_path / "a.csv"), tmp_path / f"b.{ending}", progress=told)
    assert told.done == len(EVENTS)
    assert np.array_equal(read(tmp_path / f"b.{ending}").events.rows, EVENTS.rows)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path, ending):
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, old[1]))
        with pytest.raises(StorageFull, match="cannot write"):
            write(tmp_path / f"b.{ending}", EVENTS)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, ignored)
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_written_is_refused(tmp_path):
    write(tmp_path / "a.csv", EVENTS)
    with pytest.raises(InputError, match="the file that is read"):
        convert(EventFile(tmp_path / "a.csv"), tmp_path / "a.csv")
    with pytest.raises(InputError, match="are not written"):
        write(tmp_path / "b.aedat4", EVENTS, Aedat4())
    with pytest.raises(InputError, match="no format"):
        write(tmp_path / "b.xyz", EVENTS)
    with pytest.raises(InputError, match="cannot write"):
        write(tmp_path / "nowhere" / "b.csv", EVENTS, Csv())
