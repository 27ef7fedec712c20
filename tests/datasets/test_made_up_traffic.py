"""Made-up sessions: the same for the same seed, of 14 classes, as long and as large as they should be."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.datasets.made_up_traffic import ACK, CLASSES, MadeUpTraffic

SMALL = MadeUpTraffic(captures=4, sessions=2)


def test_there_are_fourteen_classes():
    assert len(CLASSES) == 14
    assert "browsing-vpn" not in CLASSES


@pytest.mark.parametrize("name", CLASSES)
def test_a_session_is_packets_by_time(name):
    t, size, forward = SMALL.session(0, name, 1, 0)
    assert (np.diff(t) >= 0).all()
    assert 0.0 <= t[0] < 20.0
    assert 100.0 < t[-1] <= 120.0
    assert size.min() >= 40
    assert size.max() <= 1500
    assert 0 < forward.mean() < 1
    assert len(t) > 40
    again = SMALL.session(0, name, 1, 0)
    np.testing.assert_array_equal(again.t, t)
    for other in (SMALL.session(1, name, 1, 0), SMALL.session(0, name, 2, 0), SMALL.session(0, name, 1, 1)):
        assert len(other.t) != len(t) or (other.t != t).any()


def test_sizes_and_intervals_are_those_of_the_class():
    video, files = (SMALL.session(0, name, 0, 0) for name in ("video-plain", "files-plain"))
    longest = [np.diff(one.t).max() for one in (video, files)]
    assert longest[0] > 1.0, "a video comes in pieces"
    voice = SMALL.session(0, "voice-plain", 0, 0)
    assert voice.size.max() < 300
    assert len(voice.t) > 3000
    tor = SMALL.session(0, "files-tor", 0, 0)
    assert len(np.unique(tor.size)) <= 3, "cells of one size, two together, and acknowledgements"
    assert ACK in tor.size
    vpn = SMALL.session(0, "chat-vpn", 0, 0)
    assert (vpn.size % 16 == 0).all()
    assert vpn.size.min() > ACK


def test_tor_is_rare():
    assert MadeUpTraffic(captures=10).captures_of("chat-tor") == 5
    assert MadeUpTraffic(captures=3).captures_of("chat-tor") == 3
    assert MadeUpTraffic(captures=10).captures_of("chat-vpn") == 10


def test_what_is_refused():
    with pytest.raises(InputError, match="3 captures"):
        MadeUpTraffic(captures=2)
    with pytest.raises(InputError, match="browsing-vpn"):
        SMALL.session(0, "browsing-vpn", 0, 0)
