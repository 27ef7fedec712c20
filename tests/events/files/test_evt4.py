import numpy as np
import pytest

from spikesight.events import read
from spikesight.events.files.source import EventFileWarning


def rows(events):
    return [(int(t), int(x), int(y), int(p)) for t, x, y, p in events.rows.tolist()]


def test_bits_of_words_and_a_vector_without_its_mask():
    values = (0xE0000003, 0xB140A00A, 0xC1810000, 0x80000001, 0xFFFFFFFF, 0xD0000000)
    with pytest.warns(EventFileWarning, match="the word that belongs to this one is missing"):
        events = read(b"% evt 4.0\n% end\n" + np.array(values, "<u4").tobytes()).events
    assert rows(events) == [(197, 20, 10, 1), (198, 32, 0, 0), (198, 63, 0, 0)]
