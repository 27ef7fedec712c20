import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events.files.choosing import choose
from spikesight.events.files.reading import read
from spikesight.events.files.source import Source

RECORDS = bytes((3, 4, 0x80, 1, 2)) * 40


def chosen(data, name):
    return choose(Source.of(data, name)).name


def test_files_without_a_head_are_known_by_the_ends_of_their_names():
    both = bytes((0, 4, 0x80, 1, 2)) * 40
    assert chosen(RECORDS, "00001.bin") == "bin"
    assert chosen(RECORDS, "") == "bin"
    assert chosen(both, "a.BIN") == "bin"
    assert chosen(both, "a.bs1") == "n-tidigits"
    with pytest.raises(InputError, match=r"of format bin, n-tidigits"):
        chosen(both, "")


@pytest.mark.parametrize("name", ["a.raw", "a.dat", "a.npy"])
def test_a_file_named_otherwise_is_not_taken_for_records_without_a_head(name):
    with pytest.raises(InputError, match="no head that is known"):
        chosen(RECORDS, name)


@pytest.mark.parametrize("name", ["", "a.raw", "a.bin"])
def test_a_heading_of_another_camera_is_not_taken_for_pixels(name):
    with pytest.raises(InputError, match="no known format"):
        chosen(b"% Date 2017-03-06 14:18:06\n" + RECORDS, name)


@pytest.mark.parametrize("line", ["evt 3.0", "evt 3", "format EVT3;height=720"])
def test_versions_of_words_are_told_in_several_ways(line):
    assert chosen(f"% {line}\n% end\n".encode() + RECORDS[:2], "a.raw") == "evt3"


@pytest.mark.parametrize(
    ("version", "words", "kind"),
    [
        ("2.0", (0x80000003, 0x1140A00A), "<u4"),
        ("2.1", (0x8000000300000000, 0x1140A00A00000001), "<u8"),
        ("3.0", (0x8001, 0x6005, 0x000A, 0x2814), "<u2"),
        ("4.0", (0xE0000003, 0xB140A00A), "<u4"),
    ],
)
def test_the_sensor_of_words_without_a_size_is_a_usual_one(version, words, kind):
    recording = read(f"% evt {version}\n% end\n".encode() + np.array(words, kind).tobytes())
    assert (len(recording.events), recording.events.width, recording.events.height) == (1, 640, 480)
