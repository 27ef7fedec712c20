"""A rule is refused where it could not learn, or would learn something else than it says."""

from dataclasses import dataclass, replace

import pytest

from spikesight.base.errors import InputError, UnknownName
from spikesight.circuits.connections.all_but_self import AllButSelf
from spikesight.circuits.connections.dense import Dense
from spikesight.circuits.delays import Axonal, Interpolated, PerSynapse
from spikesight.circuits.plasticity.contract import Decaying, Lasting, Rule
from spikesight.circuits.plasticity.delay_learning import DelayStdp
from spikesight.circuits.plasticity.fitting import check_fits
from spikesight.circuits.plasticity.pair import PairStdp
from spikesight.circuits.plasticity.polychronous import PolychronousStdp
from spikesight.circuits.projection import Projection

PLAIN = Projection("s", "a", "b", "current", Dense(), PairStdp())


@dataclass(frozen=True)
class Odd(Rule):
    """A rule with variables of its own, as the test wants them."""

    own: tuple = ()
    changed: tuple = ("w",)

    @property
    def changes(self):
        return self.changed

    @property
    def synaptic(self):
        return self.own


def test_a_rule_that_fits_is_left_alone():
    check_fits(PLAIN, 1e-3)
    check_fits(replace(PLAIN, rule=None), 1e-3)
    check_fits(replace(PLAIN, rule=PolychronousStdp(), delay=Axonal(3)), 1e-3)
    check_fits(replace(PLAIN, rule=DelayStdp(), delay=Interpolated(200.0)), 0.1e-3)
    check_fits(replace(PLAIN, rule=Odd((Lasting("kept"),), ("w",))), 1e-3)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"connection": AllButSelf()}, InputError, "all_but_self wiring has no plasticity"),
        ({"rule": PairStdp(low=1.0, high=1.0)}, InputError, "low must be below high, got 1.0 and 1.0"),
        ({"rule": DelayStdp(), "delay": Axonal(2)}, InputError, "learns delays, which needs delay=Interpolated"),
        ({"rule": DelayStdp(dt=1e-3, longest=9e-3), "delay": Interpolated(5.0)}, InputError, "room for 5"),
        ({"rule": DelayStdp(dt=1e-4), "delay": Interpolated(200.0)}, InputError, "made for steps of 0.0001 s"),
        ({"rule": PolychronousStdp(), "delay": PerSynapse(3)}, InputError, "use Axonal or Branched ones"),
        ({"rule": PolychronousStdp(step=5e-4)}, InputError, "the network's are 0.001 s"),
        ({"rule": Odd((Lasting("mask"),))}, InputError, "'mask', which is taken"),
        ({"rule": Odd((Lasting("x"), Lasting("x")))}, InputError, "'x', which is taken"),
        ({"rule": Odd((), ("wait",))}, UnknownName, "no variable that Odd changes is called 'wait'"),
        ({"rule": Odd((Decaying("credit", 1.0),))}, InputError, "must name 'credit' among its changes"),
    ],
)
def test_a_rule_that_does_not_fit_says_why(change, error, message):
    with pytest.raises(error, match=message):
        check_fits(replace(PLAIN, **change), 1e-3)


def test_a_rule_that_needs_both_sides_has_a_trace_on_either():
    @dataclass(frozen=True)
    class Blind(Rule):
        needs_both = True

    with pytest.raises(InputError, match="needs a trace on either"):
        check_fits(replace(PLAIN, rule=Blind()), 1e-3)
