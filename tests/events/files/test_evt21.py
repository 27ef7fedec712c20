import numpy as np

from spikesight.events import read


def rows(events):
    return [(int(t), int(x), int(y), int(p)) for t, x, y, p in events.rows.tolist()]


VALUES = (0x8000000300000000, 0x1141000A00000005, 0x0182000B80000000)
EXPECTED = [(197, 32, 10, 1), (197, 34, 10, 1), (198, 95, 11, 0)]


def test_bits_of_words_and_of_words_with_their_halves_exchanged():
    head = b"% evt 2.1\n% end\n"
    assert rows(read(head + np.array(VALUES, "<u8").tobytes()).events) == EXPECTED
    exchanged = np.array(VALUES, "<u8").view("<u4").reshape(-1, 2)[:, ::-1].tobytes()
    assert rows(read(head + exchanged).events) == EXPECTED
    told = b"% format EVT21;endianness=legacy;height=720;width=1280\n% end\n"
    assert read(told + exchanged).events.width == 1280
