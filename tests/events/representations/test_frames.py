import numpy as np

from spikesight.events.representations import (
    BinaryFrame,
    Histogram,
    SignedImage,
    binary_frame,
    histogram,
    reference,
    signed_image,
)
from spikesight.events.stream import EventStream


def test_each_event_counts_at_its_place():
    events = EventStream([0, 1, 2, 9], [0, 2, 2, 2], [0, 1, 1, 1], [1, 0, 1, 1], 3, 2)
    assert histogram(events).tolist() == [[[0, 0, 0], [0, 0, 1]], [[1, 0, 0], [0, 0, 2]]]
    assert binary_frame(events).tolist() == [[[0, 0, 0], [0, 0, 1]], [[1, 0, 0], [0, 0, 1]]]
    assert signed_image(events).tolist() == [[1, 0, 0], [0, 0, 1]]


def test_equal_to_the_reference(events):
    counts = histogram(events)
    np.testing.assert_array_equal(counts, reference.histogram(events))
    np.testing.assert_array_equal(signed_image(events), reference.signed_image(events))
    np.testing.assert_array_equal(binary_frame(events), counts > 0)
    assert counts.sum() == len(events)
    assert counts.dtype == np.uint32
    assert binary_frame(events).dtype == np.bool_


def test_a_hot_pixel_does_not_run_over():
    n = 70_000
    events = EventStream(np.arange(n), np.zeros(n, int), np.zeros(n, int), np.ones(n, bool), 1, 1)
    assert histogram(events).ravel().tolist() == [0, n]


def test_order_does_not_matter(backward):
    np.testing.assert_array_equal(histogram(backward), histogram(backward.sorted()))


def test_columns_of_rows_are_read_as_they_are(events):
    strided = EventStream.of_rows(events.rows, events.width, events.height)
    np.testing.assert_array_equal(histogram(strided), histogram(events))


def test_values_are_the_functions(events):
    for made, expected in ((Histogram(), histogram), (BinaryFrame(), binary_frame), (SignedImage(), signed_image)):
        np.testing.assert_array_equal(made(events), expected(events))
