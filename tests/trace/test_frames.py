import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikesight.base.errors import TraceError
from spikesight.trace.frames import join, pack_columns, pack_row, rows_of, unpack

ROWS = (
    (0, 0, 1000, 3, 3, True, 0.5, None, "train", 0, 17),
    (1, 1000, 2000, -1, -1, None, None, 0.25, "test", 1, -1),
)


def spikes_frame(t, unit, stim):
    columns = (np.array(t, "i8"), np.array(unit, "i4"), np.full(len(t), stim, "i4"))
    return pack_columns(len(t), [column.tobytes() for column in columns])


def test_arrays_come_back():
    data = spikes_frame([1, 2, 2**40], [5, 0, 9], 3) + spikes_frame([7], [1], 4)
    columns, used = unpack("spikes/exc", data)
    assert used == len(data)
    assert columns["t"].tolist() == [1, 2, 2**40, 7]
    assert columns["unit"].tolist() == [5, 0, 9, 1]
    assert columns["stim"].tolist() == [3, 3, 3, 4]
    assert [columns[name].dtype for name in ("t", "unit", "stim")] == [np.int64, np.int32, np.int32]


def test_rows_come_back_with_what_is_not_known():
    columns, _ = unpack("stimuli", b"".join(pack_row(row) for row in ROWS))
    assert columns["correct"].tolist() == [True, None]
    assert columns["loss"].tolist() == [0.5, None]
    assert columns["latency"].tolist() == [None, 0.25]
    assert columns["split"].tolist() == ["train", "test"]
    assert columns["source"].tolist() == [17, -1]


@settings(deadline=None)
@given(
    batches=st.lists(st.lists(st.tuples(st.integers(-(2**62), 2**62), st.integers(0, 99)), min_size=1), max_size=5),
    cut=st.integers(0, 2000),
)
def test_a_torn_end_loses_only_the_torn_batch(batches, cut):
    frames = [spikes_frame([t for t, _ in batch], [unit for _, unit in batch], 0) for batch in batches]
    data = b"".join(frames)[:cut]
    whole = [batch for place, batch in enumerate(batches) if len(b"".join(frames[: place + 1])) <= cut]
    columns, used = unpack("spikes/exc", data)
    assert list(zip(columns["t"].tolist(), columns["unit"].tolist(), strict=True)) == [one for b in whole for one in b]
    assert used == sum(len(frame) for frame in frames[: len(whole)])


@pytest.mark.parametrize("place", range(0, 16 + 16, 3))
def test_a_changed_byte_ends_the_log(place):
    first, second = spikes_frame([1], [2], 3), bytearray(spikes_frame([4], [5], 6))
    second[place] ^= 0x41
    columns, used = unpack("spikes/exc", first + bytes(second))
    assert columns["t"].tolist() == [1]
    assert used == len(first)


def test_zeros_after_a_power_failure_are_no_batches():
    frame = spikes_frame([1], [2], 3)
    columns, used = unpack("spikes/exc", frame + bytes(4096))
    assert (rows_of(columns), used) == (1, len(frame))


@pytest.mark.parametrize("table", ["spikes/exc", "values/exc.v", "stimuli", "scalars", "marks", "weights/a_b"])
def test_joining_nothing_gives_no_rows_of_the_right_columns(table):
    empty = join(table, [])
    assert rows_of(empty) == 0
    assert list(empty) == list(unpack(table, b"")[0])


def test_joining_keeps_order_and_what_is_not_known():
    pieces = [unpack("stimuli", pack_row(row))[0] for row in ROWS]
    joined = join("stimuli", pieces)
    assert joined["stim"].tolist() == [0, 1]
    assert joined["correct"].tolist() == [True, None]
    assert joined["split"].tolist() == ["train", "test"]


@pytest.mark.parametrize(
    ("table", "frame"),
    [
        ("spikes/exc", pack_columns(2, [bytes(31)])),
        ("spikes/exc", pack_columns(2**31, [bytes(16)])),
        ("marks", pack_row([1, [], {}]) + pack_row(["x", "a", "b"])),
        ("marks", pack_row([10**30, "a", "b"])),
        ("marks", pack_row([])),
        ("scalars", pack_row([0, "a", [[1.0]]])),
    ],
)
def test_a_whole_batch_of_nonsense_is_refused(table, frame):
    with pytest.raises(TraceError, match=f"a log of '{table}' holds what are no rows of it"):
        unpack(table, frame)
