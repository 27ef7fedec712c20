import pytest

from spikesight.base.errors import InputError
from spikesight.studio.query import Query
from spikesight.studio.views import sql


def ask(opened, statement):
    return sql.answer(opened, Query(options={"statement": statement}))


@pytest.mark.parametrize("name", sql.EXAMPLES)
def test_every_example_runs(opened, name):
    told = ask(opened, sql.EXAMPLES[name])
    assert told["columns"]
    assert not told["cut"]
    assert told["rows"] or name == "Stimuli without an answer"


def test_it_counts_what_was_recorded(opened, finished):
    told = ask(opened, sql.EXAMPLES["Spikes per layer"])
    counts = {layer: spikes for layer, spikes, _ in told["rows"]}
    assert counts == {name: len(finished.spikes(name)) for name in finished.truth}


def test_without_a_statement_there_are_the_examples(opened):
    told = ask(opened, "  ")
    assert "rows" not in told
    assert told["examples"] == sql.EXAMPLES


def test_what_is_no_select(opened):
    with pytest.raises(InputError, match="one SELECT"):
        ask(opened, "DROP VIEW spikes")
