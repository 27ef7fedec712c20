from streams_to_clean import of

from spikesight.events.cleaning.refractory import refractory


def test_a_pixel_rests_from_what_was_kept():
    """Events at 0, 6, 12 and a rest of 10: the one at 6 is lost and does not make the rest begin again."""
    burst = of([(0, 1, 1, True), (6, 1, 1, False), (7, 2, 1, True), (12, 1, 1, True)])
    assert refractory(burst, 10).t.tolist() == [0, 7, 12]
    assert refractory(burst, 12).t.tolist() == [0, 7, 12], "as long as the rest is long enough"
    assert refractory(burst, 13).t.tolist() == [0, 7]
