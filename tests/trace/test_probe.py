import pytest

from spikesight.base.errors import InputError, UnknownName
from spikesight.trace.probe import Probe


def test_owner_and_what():
    probe = Probe("input_exc.w", every=250)
    assert (probe.owner, probe.what, probe.every, probe.units) == ("input_exc", "w", 250, None)


def test_owner_may_hold_dots():
    probe = Probe("blocks.0.v")
    assert (probe.owner, probe.what) == ("blocks.0", "v")


def test_units_become_a_tuple_so_that_a_probe_is_a_value():
    assert Probe("exc.v", units=[0, 1]) == Probe("exc.v", units=(0, 1))
    assert hash(Probe("exc.v", units=[0, 1])) == hash(Probe("exc.v", units=(0, 1)))


@pytest.mark.parametrize("target", ["exc", "exc.", ".v", ""])
def test_a_target_has_two_parts(target):
    with pytest.raises(InputError, match=r"'<population>\.<what>'"):
        Probe(target)


def test_every_is_positive():
    with pytest.raises(InputError, match="every is at least 1, got 0"):
        Probe("exc.v", every=0)


def test_units_are_not_negative():
    with pytest.raises(InputError, match="got -2"):
        Probe("exc.v", units=(3, -2))


def test_check_accepts_what_can_be_seen_and_offers_it_otherwise():
    probeable = ["exc.spikes", "exc.v", "inh.spikes"]
    Probe("exc.v").check(iter(probeable))
    with pytest.raises(UnknownName, match=r"'exc.spike'. Did you mean exc.spikes"):
        Probe("exc.spike").check(iter(probeable))
