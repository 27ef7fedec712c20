from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from spikesight.trace.importers.naming import layer_name, stem, variable_name
from spikesight.trace.schema import Layer, values_table


@given(st.text(max_size=200), st.sets(st.sampled_from(["exc", "Exc-2", "_", "a_b"])))
def test_every_name_becomes_one_a_trace_can_hold(name, taken):
    made = layer_name(name, taken)
    assert Layer(made, (1,)).name == made
    assert made.casefold() not in {one.casefold() for one in taken}


@given(st.text(max_size=200))
def test_every_variable_becomes_a_word(name):
    assert values_table("exc", variable_name(name))


def test_good_names_stay():
    assert layer_name("spike_recorder-7718", set()) == "spike_recorder-7718"
    assert layer_name("a/b c", set()) == "a_b_c"
    assert layer_name("EXC", {"exc"}) == "EXC-2"
    assert layer_name("../x", set()) == "_.._x"
    assert variable_name("V_m") == "V_m"
    assert stem(Path("a/b.c.dat")) == "b.c"
