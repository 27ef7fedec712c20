"""Parts of a file that are decoded side by side are the file decoded word by word."""

import numpy as np
import pytest

from spikesight.base.cores import LIMIT
from spikesight.events.files import records
from spikesight.events.files.reading import EventFile, read
from spikesight.events.files.source import EventFileError
from spikesight.events.stream import joined

HEADING = b"% evt 3.0\n% geometry 640x480\n% end\n"


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(records, "LEAST_PART", 64)
    monkeypatch.setattr(records, "AROUND", 48)
    monkeypatch.setattr(records, "BLOCK", 128)


def words_of(seed, count=4000):
    """EVT3 words of every kind, at random, after which the clock goes round a few times."""
    random = np.random.default_rng(seed)
    kinds = random.choice([0x0, 0x2, 0x3, 0x4, 0x5, 0x6, 0x8, 0xA, 0xE], count)
    payload = random.integers(0, 1 << 12, count)
    payload[kinds == 0x0] %= 480
    payload[np.isin(kinds, (0x2, 0x3))] = random.integers(0, 600, np.isin(kinds, (0x2, 0x3)).sum())
    # After a base, vectors reach 24 pixels further at most.
    for k in range(2, count):
        if kinds[k] in (0x4, 0x5) and kinds[k - 1] not in (0x3,) and kinds[k - 2] not in (0x3,):
            kinds[k], payload[k] = 0x6, random.integers(0, 1 << 12)
    first = np.array([0x8000, 0x6000, 0x0000, 0x3000])
    return np.concatenate([first, kinds << 12 | payload]).astype("<u2")


@pytest.mark.parametrize("seed", range(8))
def test_two_parts_are_the_whole(seed, small_parts, monkeypatch):
    data = HEADING + words_of(seed).tobytes()
    found = {}
    for cores in (1, 2):
        monkeypatch.setenv(LIMIT, str(cores))
        reading = EventFile(data)
        assert len(reading.format.open(reading.source)._parts()) == cores
        found[cores] = reading.read()
    one, two = found[1], found[2]
    assert one.events.t[-1] > 1 << 24
    assert two.events.rows.tolist() == one.events.rows.tolist()
    assert [column.tolist() for column in two.triggers] == [column.tolist() for column in one.triggers]
    assert two.notes == one.notes


def test_pieces_are_what_two_parts_find(small_parts, monkeypatch):
    monkeypatch.setenv(LIMIT, "2")
    file = EventFile(HEADING + words_of(99).tobytes())
    assert joined(*file.pieces(100)).rows.tolist() == file.read().events.rows.tolist()


def test_of_two_mistakes_the_first_is_told(small_parts, monkeypatch):
    words = words_of(0)
    words[10], words[-10] = 0x2000 | 700, 0x2000 | 701
    monkeypatch.setenv(LIMIT, "2")
    with pytest.raises(EventFileError, match=rf"at byte {len(HEADING) + 20}.*\(700, "):
        read(HEADING + words.tobytes())
    words[10] = 0x2000
    with pytest.raises(EventFileError, match=rf"at byte {len(HEADING) + 2 * (len(words) - 10)}.*\(701, "):
        read(HEADING + words.tobytes())


def test_vectors_that_go_on_behind_the_place_of_entry(small_parts, monkeypatch):
    words = np.full(400, 0x2005, "<u2")
    words[:3] = 0x8000, 0x6000, 0x0000
    words[195:198] = 0x8000, 0x6000, 0x0000
    words[198:202] = 0x3000 | 100, 0x4001, 0x6009, 0x4001
    monkeypatch.setenv(LIMIT, "2")
    file = EventFile(HEADING + words.tobytes())
    assert [part.first for part in file.format.open(file.source)._parts()] == [0, 200]
    assert [x for x in file.read().events.x.tolist() if x != 5] == [100, 112]
