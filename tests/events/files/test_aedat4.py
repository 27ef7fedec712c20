import contextlib
import os
import warnings
from pathlib import Path

import numpy as np
import pytest

from spikesight.base.randomness import generator
from spikesight.events.files.aedat4 import Aedat4
from spikesight.events.files.reading import read
from spikesight.events.files.source import EventFileError, EventFileWarning

GOLDEN = Path(os.environ.get("SPIKESIGHT_DATA", "nowhere")) / "events/aedat4/davis346.aedat4"
here = pytest.mark.skipif(not GOLDEN.is_file(), reason="the golden recordings are not here")


@here
def test_all_streams_are_read():
    recording = read(GOLDEN)
    assert len(recording.events) == 117667
    assert len(recording.frames) == 3
    assert recording.frames[0].pixels.shape == (260, 346)
    assert len(recording.inertial.t) == 130
    assert np.linalg.norm(recording.inertial.acceleration, axis=1).mean() == pytest.approx(9.8, abs=1.5)
    assert len(recording.triggers.t) == 15
    assert recording.notes == ()


@here
def test_a_cut_off_file_gives_the_packets_before():
    whole = read(GOLDEN).events
    with pytest.warns(EventFileWarning, match="a packet of"):
        events = read(GOLDEN.read_bytes()[:600000]).events
    assert 0 < len(events) < len(whole)
    assert np.array_equal(events.rows, whole.rows[: len(events)])


@here
def test_a_stream_that_is_not_there_is_told():
    with pytest.raises(EventFileError, match=r"stream of events 2: there are \[0\]"):
        read(GOLDEN, Aedat4(stream=2))


@here
def test_damaged_bytes_give_events_or_an_answer():
    data = bytearray(GOLDEN.read_bytes()[:200000])
    draw = generator(1, "damage")
    for _ in range(20):
        damaged = data.copy()
        for at in draw.integers(0, len(data), 5):
            damaged[at] = draw.integers(256)
        with warnings.catch_warnings(action="ignore"), contextlib.suppress(EventFileError):
            read(bytes(damaged), Aedat4())


@pytest.mark.parametrize("rest", [b"", b"\x01", b"\xff\xff\xff\xff", bytes(4), b"\x08\0\0\0" + bytes(8)])
def test_a_damaged_head_is_told(rest):
    with pytest.raises(EventFileError, match="at byte 14"):
        read(b"#!AER-DAT4.0\r\n" + rest, Aedat4())


@here
def test_a_description_that_is_no_text_is_told():
    data = GOLDEN.read_bytes()[:60_000]
    place = data.index(b"EVTS")
    with pytest.raises(EventFileError, match="describe its streams in words"):
        read(data[:place] + b"\xe1" + data[place + 1 :])
    with pytest.raises(EventFileError, match="describe its streams in words"):
        read(data[:18] + b"\xff\xff\xff\xff" + data[22:])
