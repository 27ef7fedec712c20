import os
from pathlib import Path

import pytest

from spikesight.base.errors import InputError
from spikesight.events.files.n_tidigits import NTidigits
from spikesight.events.files.reading import read
from spikesight.events.files.source import EventFileError, EventFileWarning, Source
from spikesight.events.files.writing import write
from spikesight.events.stream import EventStream

GOLDEN = Path(os.environ.get("SPIKESIGHT_DATA", "nowhere")) / "audio" / "n-tidigits-sample.bs1"


def spikes(t, x, on=True, width=64, height=1):
    return EventStream(t, x, [0] * len(t), [on] * len(t), width, height)


@pytest.mark.skipif(not GOLDEN.is_file(), reason="the golden recording is not here")
def test_the_golden_recording_and_back(tmp_path):
    recording = read(GOLDEN)
    assert recording.format == "n-tidigits"
    assert len(recording.events) == 898
    assert (recording.events.t[0], recording.events.t[-1]) == (0, 1079040)
    write(tmp_path / "a.bs1", recording.events)
    assert (tmp_path / "a.bs1").read_bytes() == GOLDEN.read_bytes()


def test_bits_of_a_record():
    events = read(bytes.fromhex("003f 80 0001 0000 ff ffff"), NTidigits()).events
    assert events.rows.tolist() == [(1, 63, 0, True), (2**23 - 1, 0, 0, True)]
    assert (events.width, events.height) == (64, 1)


def test_what_is_no_record_is_told_with_its_byte():
    for wrong in ("0040 80 0001", "0001 00 0001", "0101 80 0001"):
        with pytest.raises(EventFileError, match=r"at byte 5: .*channel below 64"):
            read(bytes.fromhex("0001 80 0001" + wrong), NTidigits())
        assert NTidigits().sniff(Source.of(bytes.fromhex(wrong))) == 0
    with pytest.warns(EventFileWarning, match="at byte 5.*3 are left"):
        assert len(read(bytes.fromhex("0001 80 0001 0001 80"), NTidigits()).events) == 1


@pytest.mark.parametrize(
    ("events", "words"),
    [
        (spikes([1], [0], on=False), "no polarity"),
        (spikes([1 << 23], [0]), "room for times"),
        (spikes([-1], [0]), "room for times"),
        (spikes([1], [0], height=2), "64 x 2"),
        (spikes([1], [0], width=65), "65 x 1"),
    ],
)
def test_what_it_has_no_room_for_is_refused(events, words, tmp_path):
    with pytest.raises(InputError, match=words):
        write(tmp_path / "a.bs1", events, NTidigits())
    assert not list(tmp_path.iterdir())
