import pytest

from spikesight.base.errors import InputError
from spikesight.events.files.n_mnist import read


def record(t, x, y, on):
    return bytes((x, y)) + (on << 23 | t).to_bytes(3, "big")


def test_a_golden_recording(read_golden):
    assert read_golden("bin/n-mnist-sample.bin", read)


def test_bits_of_a_record():
    events = read(record(5, 33, 0, 1) + record(2**23 - 1, 0, 33, 0))
    assert events.t.tolist() == [5, 2**23 - 1]
    assert events.x.tolist() == [33, 0]
    assert events.y.tolist() == [0, 33]
    assert events.p.tolist() == [True, False]
    assert len(read(b"")) == 0


def test_the_clock_goes_over():
    events = read(record(8000, 1, 1, 1) + record(8191, 0, 240, 0) + record(10, 2, 2, 1))
    assert events.t.tolist() == [8000, 8202]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (record(5, 1, 1, 1)[:-1], "4 bytes.*cut off"),
        (record(5, 34, 1, 1), "N-MNIST format.*x = 34"),
        (record(5, 1, 1, 1) + record(4, 1, 1, 1), "order of time"),
    ],
)
def test_what_is_not_one_is_refused(data, words):
    with pytest.raises(InputError, match=words):
        read(data, "a.bin")
