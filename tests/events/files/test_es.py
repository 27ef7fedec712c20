import os
import warnings
from pathlib import Path

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.events.files.es import Es, colours, messages
from spikesight.events.files.event_stream_bytes import ATIS, COLOUR, DVS, decode_plainly
from spikesight.events.files.reading import EventFile, read
from spikesight.events.files.source import EventFileError, EventFileWarning, Source
from spikesight.events.files.writing import write
from spikesight.events.stream import EventStream

FOLDER = Path(os.environ.get("SPIKESIGHT_DATA", "nowhere")) / "events"


def head(kind, width=640, height=480):
    size = b"" if kind == 0 else width.to_bytes(2, "little") + height.to_bytes(2, "little")
    return b"Event Stream" + bytes((2, 0, 0, kind)) + size


def test_the_published_example():
    events = read(head(DVS) + bytes.fromhex("0B14000A00FF0615000B00")).events
    assert events.rows.tolist() == [(5, 20, 10, True), (135, 21, 11, False)]
    assert (events.width, events.height) == (640, 480)


@pytest.mark.parametrize("kind", [DVS, ATIS, COLOUR])
def test_blocks_are_decoded_as_the_plain_form_does(kind):
    data = generator(3, "bytes", kind).integers(0, 256, 5000, np.uint8)
    data[::2] &= 0x7F  # so that no pixel is at 65535
    data = data.tobytes()
    source = Source.of(head(kind, 65535, 65535) + data)
    for exposure in (0, 1) if kind == ATIS else (0,):
        expected = decode_plainly(data, kind, exposure)
        for size in (1, 7, 100000):
            with warnings.catch_warnings(action="ignore"):
                pieces = list(Es(bool(exposure)).open(source).pieces(size))
            assert [len(piece.t) for piece in pieces[:-1]] == [size] * (len(pieces) - 1)
            assert [row for piece in pieces for row in zip(*(one.tolist() for one in piece), strict=True)] == expected


def test_crossings_of_exposure_are_a_stream_of_their_own():
    data = head(ATIS) + bytes((5 << 2 | 2, 1, 0, 2, 0)) + b"\xfd" + bytes((1 << 2 | 1, 3, 0, 4, 0))
    with pytest.warns(EventFileWarning, match="1 records are threshold crossings"):
        assert read(data).events.rows.tolist() == [(5, 1, 2, True)]
    with pytest.warns(EventFileWarning, match="1 records are changes"):
        assert read(data, Es(exposure=True)).events.rows.tolist() == [(69, 3, 4, False)]


def test_colours_lie_beside_their_events():
    data = head(COLOUR) + b"\xff" + bytes((3, 1, 0, 2, 0, 10, 20, 30))
    assert read(data).events.rows.tolist() == [(257, 1, 2, True)]
    columns, seen = colours(data)
    assert columns.t.tolist() == [257]
    assert seen.tolist() == [[10, 20, 30]]


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the golden recordings are not here")
def test_golden_messages():
    t, payloads = messages(FOLDER / "es/generic.es")
    assert (len(t), t[0], t[-1]) == (70, 0, 1207922)
    assert payloads[:2] == [b"Lorem", b"ipsum"]
    assert t[1] == 616


def test_messages_may_be_long_and_cut_off():
    data = head(0) + bytes((1, 200 % 128 << 1 | 1, 200 // 128 << 1)) + bytes(200) + bytes((1, 8, 1))
    with pytest.warns(EventFileWarning, match="at byte 219.*message"):
        assert [len(one) for one in messages(data)[1]] == [200]


def test_a_cut_off_record_is_left_out():
    with pytest.warns(EventFileWarning, match="at byte 25"):
        assert len(read(head(DVS) + bytes(5) + bytes(4)).events) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (head(DVS)[:13], "version and its kind"),
        (head(DVS)[:12] + b"\x01" + head(DVS)[13:], "version 1"),
        (head(9), "kind 9"),
        (head(DVS)[:18], "size of its sensor"),
        (head(DVS, 0), "a pixel or more"),
        (head(0), "messages"),
        (head(DVS) + bytes((0, 0xFF, 0xFF, 0, 0)), "no x = 65535"),
    ],
)
def test_damage_is_told(data, words):
    with pytest.raises(EventFileError, match=f"at byte.*{words}"):
        read(data, Es())


def test_what_is_written_is_read_again(tmp_path):
    t = np.array([0, 0, 126, 253, 10**8, 10**8 + 127])
    events = EventStream(t, t % 300, t % 7, t % 2 == 1, 301, 200)
    write(tmp_path / "a.es", events)
    again = EventFile(tmp_path / "a.es").read().events
    assert np.array_equal(again.rows, events.rows)
    assert (again.width, again.height) == (301, 200)
    with pytest.raises(InputError, match="step back"):
        write(tmp_path / "b.es", events.of(slice(None, None, -1)))
    with pytest.raises(InputError, match="without an event"):
        write(tmp_path / "b.es", events.later(1 << 50))
    assert [one.name for one in tmp_path.iterdir()] == ["a.es"]
