from streams_to_clean import busy

from spikesight.events.cleaning import Denoise, EveryNth, Refractory, clean


def test_one_after_the_other():
    events = busy(2000)
    out = clean(events, EveryNth(2), Refractory(100), Denoise(5000))
    assert out.provenance == ("EveryNth(n=2)", "Refractory(microseconds=100)", "Denoise(microseconds=5000)")
    assert out.rows.tolist() == Denoise(5000)(Refractory(100)(EveryNth(2)(events))).rows.tolist()
    assert clean(events) is events
