"""A description is checked where it is written, its parameters where they are handed in."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from spikesight.base.errors import InputError, UnknownName
from spikesight.circuits.competition import Winners
from spikesight.circuits.connections.all_but_self import AllButSelf
from spikesight.circuits.connections.dense import Dense
from spikesight.circuits.connections.one_to_one import OneToOne
from spikesight.circuits.delays import Axonal, Branched, Interpolated, PerSynapse
from spikesight.circuits.engine import resting
from spikesight.circuits.network import Network
from spikesight.circuits.plasticity.delay_learning import DelayStdp
from spikesight.circuits.plasticity.pair import PairStdp
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.equations import adaptive_conductance, conductance, izhikevich, leaky, morris_lecar, spike_response

INPUT, EXC = Source("input", (2, 3)), Population("exc", (4,), leaky.EQUATION, leaky.Params())
FEED = Projection("feed", "input", "exc", "current", Dense())


def network(*projections, nodes=(INPUT, EXC), dtype=np.float32):
    return Network(0.5e-3, nodes, projections, dtype)


@pytest.mark.parametrize(
    "nodes",
    [
        (INPUT, EXC, replace(EXC, name="input")),
        (INPUT, EXC, Source("feed", (1,))),
        (INPUT, EXC, Source("two words", (1,))),
        (INPUT, EXC, Source("1st", (1,))),
        (INPUT, EXC, Source("a__b", (1,))),
    ],
    ids=["twice", "as a projection", "space", "digit", "separator"],
)
def test_names_are_unique_identifiers(nodes):
    with pytest.raises(InputError, match="unique Python identifiers"):
        network(FEED, nodes=nodes)


@pytest.mark.parametrize(("change", "near"), [({"pre": "inputs"}, "input"), ({"post": "exk"}, "exc")])
def test_a_projection_that_leads_nowhere_is_answered_with_near_names(change, near):
    with pytest.raises(UnknownName, match=f"Did you mean {near}"):
        network(replace(FEED, **change))


def test_a_projection_into_what_the_neuron_does_not_have():
    with pytest.raises(UnknownName, match="current"):
        network(replace(FEED, into="curent"))


@pytest.mark.parametrize(
    ("equation", "into"),
    [(spike_response.EQUATION, "v"), (izhikevich.EQUATION, "u"), (morris_lecar.EQUATION, "v")],
)
def test_a_state_variable_that_a_model_keeps_to_itself_is_not_fed(equation, into):
    exc = Population("exc", (4,), equation, equation.params())
    with pytest.raises(UnknownName, match="current"):
        network(replace(FEED, into=into), nodes=(INPUT, exc))


def test_a_projection_may_feed_a_state_variable_or_an_input():
    exc = Population("exc", (4,), conductance.EQUATION, conductance.Params())
    assert network(replace(FEED, into="g_e"), nodes=(INPUT, exc)).fed_inputs(exc) == ()
    assert network(FEED).fed_inputs(EXC) == ("current",)
    assert network().fed_inputs(EXC) == ()


def test_a_source_takes_no_input():
    with pytest.raises(InputError, match="'feed' ends in 'input', a source"):
        network(replace(FEED, post="input"))


@pytest.mark.parametrize("connection", [OneToOne(), AllButSelf()])
def test_wirings_that_need_equal_sizes_say_so(connection):
    with pytest.raises(InputError, match="equally many neurons on both sides, got 6 and 4"):
        network(replace(FEED, connection=connection))


def test_wiring_without_plasticity_says_so():
    with pytest.raises(InputError, match="all_but_self wiring has no plasticity"):
        network(Projection("within", "exc", "exc", "current", AllButSelf(), PairStdp()))


def test_a_population_takes_the_parameters_of_its_equation():
    with pytest.raises(InputError, match=r"leaky takes spikesight\.equations\.leaky\.Params, got .*conductance"):
        Population("exc", (4,), leaky.EQUATION, conductance.Params())
    with pytest.raises(InputError, match="at least one neuron"):
        Population("exc", (4, 0), leaky.EQUATION, leaky.Params())


def test_sizes_and_nodes():
    described = network(FEED)
    assert described.node("input").size == 6
    assert described.sources == (INPUT,)
    assert described.populations == (EXC,)
    with pytest.raises(UnknownName, match="no population is called 'inh'"):
        described.node("inh")


def test_what_can_be_looked_at():
    assert network(FEED).probeable == ("input.spikes", "exc.spikes", "exc.v", "exc.ready", "feed.w")


def test_a_description_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        network(FEED).dt = 1e-3


def test_frozen_has_no_rules_and_holds_thresholds():
    exc = Population("exc", (4,), adaptive_conductance.EQUATION, adaptive_conductance.Params(jump=1e-4))
    learning = network(replace(FEED, into="g_e", rule=PairStdp()), nodes=(INPUT, exc))
    held = learning.frozen()
    assert [p.rule for p in held.projections] == [None]
    state = adaptive_conductance.initial(exc.params)._replace(theta=0.02)
    frozen_params = held.node("exc").params
    assert adaptive_conductance.drift(state, frozen_params, 1e6).theta == 0.02
    assert adaptive_conductance.constants(frozen_params, 0.5e-3).jump == 0.0
    assert learning.node("exc").params == exc.params
    assert learning.projections[0].rule == PairStdp()


WEIGHTS = np.full((6, 4), 0.5)


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({}, "no weights 'feed.w' among the parameters"),
        ({"feed.w": WEIGHTS.T}, r"'feed.w' has shape \(4, 6\), the network needs \(6, 4\)"),
        ({"feed.w": np.where(np.eye(6, 4) > 0, np.nan, 0.5)}, "'feed.w' holds 4 NaN or infinite values"),
        ({"feed.w": np.full((6, 4), np.inf)}, "'feed.w' holds 24 NaN"),
    ],
    ids=["missing", "shape", "NaN", "infinite"],
)
def test_parameters_are_checked(parameters, says):
    with pytest.raises(InputError, match=says):
        network(FEED).at_rest(parameters)


def test_a_learned_variable_is_a_parameter_too():
    exc = Population("exc", (4,), adaptive_conductance.EQUATION, adaptive_conductance.Params(theta=0.02))
    described = network(replace(FEED, into="g_e"), nodes=(INPUT, exc))
    theta = np.array([0.01, 0.02, 0.03, 0.04])
    np.testing.assert_array_equal(described.at_rest({"feed.w": WEIGHTS})["exc.theta"], np.full(4, 0.02, np.float32))
    arrays = described.at_rest({"feed.w": WEIGHTS, "exc.theta": theta})
    np.testing.assert_array_equal(arrays["exc.theta"], theta.astype(np.float32))
    with pytest.raises(InputError, match=r"'exc.theta' has shape \(3,\)"):
        described.at_rest({"feed.w": WEIGHTS, "exc.theta": theta[:3]})


@pytest.mark.parametrize(
    "delay",
    [
        None,
        np.zeros((4, 6), np.int64),
        np.full((6, 4), 4),
        np.full((6, 4), -1),
        np.full((6, 4), np.nan),
        np.full((6, 4), 1.5),
    ],
    ids=["missing", "shape", "too long", "negative", "NaN", "half a step"],
)
def test_delays_are_whole_steps_within_their_range(delay):
    late = network(replace(FEED, delay=PerSynapse(3)))
    given = {"feed.w": WEIGHTS} if delay is None else {"feed.w": WEIGHTS, "feed.delay": delay}
    with pytest.raises(InputError, match=r"feed\.delay"):
        late.at_rest(given)


def test_delays_are_kept_as_small_whole_numbers_with_room_for_what_is_under_way():
    late = network(replace(FEED, delay=PerSynapse(3)))
    arrays = late.at_rest({"feed.w": WEIGHTS, "feed.delay": np.arange(24).reshape(6, 4) % 4})
    assert arrays["feed.delay"].dtype == np.uint8
    np.testing.assert_array_equal(arrays["feed.delay"].ravel()[:5], [0, 1, 2, 3, 0])
    assert arrays["feed.ring"].shape == (4, 4)
    assert not arrays["feed.ring"].any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_at_rest_gives_every_array_in_the_stated_order_and_type(dtype):
    plastic = network(replace(FEED, rule=PairStdp()), dtype=dtype)
    arrays = plastic.at_rest({"feed.w": WEIGHTS})
    assert tuple(arrays) == plastic.array_names
    steps = {"exc.ready", "feed.pre_at", "feed.post_at"}
    assert {name for name, values in arrays.items() if values.dtype == np.int32} == steps
    assert all(values.dtype == dtype for name, values in arrays.items() if name not in steps)


def test_at_rest_copies():
    given = {"feed.w": WEIGHTS.astype(np.float32)}
    arrays = network(FEED).at_rest(given)
    arrays["feed.w"][:] = 9.0
    assert (given["feed.w"] == 0.5).all()


def test_learned_and_resting_share_everything_between_them():
    plastic = network(replace(FEED, rule=PairStdp(), delay=PerSynapse(2)))
    given = {"feed.w": WEIGHTS, "feed.delay": np.ones((6, 4), np.int64)}
    arrays = plastic.at_rest(given)
    learned, passing = plastic.learned(arrays), resting(plastic, given)
    assert set(learned) == {"feed.w", "feed.delay"}
    assert set(learned) | set(passing) == set(arrays)
    assert not set(learned) & set(passing)


def test_delays_that_learn_have_room_to_grow():
    rule = DelayStdp(dt=0.5e-3, longest=10e-3)
    network(replace(FEED, rule=rule, delay=Interpolated(20.0)))
    with pytest.raises(InputError, match=r"Interpolated\(20\)"):
        network(replace(FEED, rule=rule, delay=Interpolated(19.0)))


@pytest.mark.parametrize("part", [PerSynapse, Axonal, Branched, Winners])
def test_what_is_counted_is_a_whole_number(part):
    with pytest.raises(InputError, match=r"2\.5"):
        part(2.5)
    assert part(np.int64(2)) == part(2)


def test_an_array_that_the_network_does_not_have_is_refused_with_the_nearest():
    described = network(FEED)
    parameters = {"feed.w": np.ones((6, 4))}
    with pytest.raises(UnknownName, match=r"Did you mean .*exc\.v"):
        described.at_rest({**parameters, "exc.vv": np.zeros(4)})


def test_a_membrane_to_begin_with_may_be_given():
    begun = network(FEED).at_rest({"feed.w": np.ones((6, 4)), "exc.v": np.full(4, 0.25)})
    np.testing.assert_array_equal(begun["exc.v"], np.full(4, 0.25, np.float32))


def test_what_does_not_fit_the_type_is_refused():
    with pytest.raises(InputError, match=r"'feed\.w' holds 24 NaN or infinite values"):
        network(FEED).at_rest({"feed.w": np.full((6, 4), 1e300)})


@pytest.mark.parametrize(("change", "message"), [({"dt": -1.0}, "dt is -1.0"), ({"dtype": "float32"}, "dtype is")])
def test_a_step_is_positive_and_a_type_is_a_type(change, message):
    with pytest.raises(InputError, match=message):
        replace(network(FEED), **change)
