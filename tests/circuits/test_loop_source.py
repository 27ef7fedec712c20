"""The text of the compiled loop."""

from spikesight.circuits import loop_source


def test_the_loop_is_plain_text_in_the_stated_order(competition):
    network, _ = competition(delay=2)
    text = loop_source.source(network)
    marks = [
        "arrive(exc__g_e",
        "advance_exc(",
        "advance_inh(",
        "input_exc_each(input_exc__structure, input__spikes",
        "exc_inh_each(exc_inh__structure, exc__spikes",
        "inh_exc_deliver(",
    ]
    marks += [
        "input_exc_at_pre_loop(input_exc__structure, input__spikes",
        "input_exc_at_post_loop(input_exc__structure, exc__spikes",
    ]
    loop = text.rindex("def advance(")
    places = [text.index(mark, loop) for mark in marks]
    assert places == sorted(places)
