import io
import os
import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
import scipy.io

from spikesight.events.files.reading import read
from spikesight.events.files.source import EventFileError, EventFileWarning, Source
from spikesight.events.files.st_mnist import StMnist

GOLDEN = Path(os.environ.get("SPIKESIGHT_DATA", "nowhere")) / "events" / "mat" / "st-mnist-sample.mat"


def saved(matrix, name="spiketrain", compress=True):
    file = io.BytesIO()
    scipy.io.savemat(file, {name: np.asarray(matrix)}, do_compression=compress)
    return file.getvalue()


def train(instants, kind=np.float64):
    """A matrix of instants (seconds, {taxel: value})."""
    matrix = np.zeros((101, len(instants)), kind)
    for k, (seconds, felt) in enumerate(instants):
        matrix[100, k] = seconds
        for taxel, value in felt.items():
            matrix[taxel, k] = value
    return matrix


@pytest.mark.skipif(not GOLDEN.is_file(), reason="the golden recording is not here")
def test_the_golden_recording_is_what_scipy_reads():
    recording = read(GOLDEN)
    assert recording.format == "st-mnist"
    assert recording.notes == ()
    events, matrix = recording.events, scipy.io.loadmat(GOLDEN)["spiketrain"]
    assert (len(events), events.p.sum(), events.t[0], events.t[-1]) == (2346, 1601, 196626, 895745)
    taxel, instant = np.nonzero(matrix[:100].T)[::-1]
    assert np.array_equal(events.pixel, taxel)
    assert np.array_equal(events.t, np.rint(matrix[100, instant] * 1e6))


@pytest.mark.parametrize("compress", [True, False])
@pytest.mark.parametrize("kind", [np.float64, np.float32, np.int8, np.uint16])
def test_an_instant_may_be_felt_by_none_or_many(compress, kind):
    signed = np.dtype(kind).kind != "u"
    matrix = train([(0, {}), (1, {0: 1, 99: -1 if signed else 1}), (1, {13: 1}), (2, {})], kind)
    events = read(saved(matrix, compress=compress)).events
    rows = [(1_000_000, 0, 0, True), (1_000_000, 9, 9, not signed), (1_000_000, 3, 1, True)]
    assert events.rows.tolist() == rows


def test_pieces_are_the_whole():
    data = saved(train([(k, dict.fromkeys(range(100), 1)) for k in range(7)]))
    reading = StMnist().open(Source.of(data))
    pieces = [len(piece.t) for piece in reading.pieces(33)]
    assert max(pieces) <= 33
    assert sum(pieces) == 700


def test_a_cut_off_file_gives_what_comes_before():
    data = saved(train([(k, {k: 1}) for k in range(9)]), compress=False)
    with pytest.warns(EventFileWarning, match="9 instants are announced, 8 are there"):
        assert read(data[:-1], StMnist()).events.x.tolist() == list(range(8))
    with pytest.warns(EventFileWarning, match="not yet announced"):
        assert len(read(data[:150], StMnist()).events) == 0


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        (train([(1, {0: 2})]), "-1, 0 or"),
        (train([(np.nan, {0: 1})]), "NaN"),
        (train([(1e300, {0: 1})]), "endless"),
        (np.zeros((100, 3)), "101 x n"),
    ],
)
def test_what_is_no_train_of_spikes_is_told(matrix, words):
    with pytest.raises(EventFileError, match=rf"at byte \d+: .*{words}"):
        read(saved(matrix), StMnist())


def test_other_variables_and_files_are_not_recognised():
    assert StMnist().sniff(Source.of(saved(np.zeros((101, 1)), "other"))) == 0
    assert StMnist().sniff(Source.of(b"x" * 200)) == 0
    with pytest.raises(EventFileError, match="no MATLAB 5 file"):
        read(b"x" * 200, StMnist())


def test_a_size_that_lies_takes_no_memory():
    columns = 1 << 30
    numbers = struct.pack("<2I", 9, (101 * 8 * columns) & 0xFFFFFFFF)
    head = b" " * 124 + b"\x00\x01IM" + struct.pack("<2I", 14, 100)
    flags = struct.pack("<4I", 6, 8, 6, 0)
    shape = struct.pack("<2I2i", 5, 8, 101, columns)
    name = struct.pack("<2I", 1, 10) + b"spiketrain".ljust(16, b"\0")
    tracemalloc.start()
    with pytest.raises(EventFileError, match="are announced for 101"):
        read(head + flags + shape + name + numbers)
    bomb = zlib.compress(struct.pack("<2I", 14, 100) + flags + shape[:12] + bytes(1 << 26))
    with pytest.raises(EventFileError):
        read(head[:128] + struct.pack("<2I", 15, len(bomb)) + bomb, StMnist())
    assert tracemalloc.get_traced_memory()[1] < 1 << 28
    tracemalloc.stop()


def test_a_shape_of_half_a_number_is_told():
    data = saved(train([(1, {0: 1})]), compress=False)
    place = data.index(struct.pack("<2I", 5, 8))
    with pytest.raises(EventFileError, match="in shape"):
        read(data[:place] + struct.pack("<2I", 5, 6) + data[place + 8 :], StMnist())
