from spikesight.studio.events.views import facts
from spikesight.studio.query import Query


def test_facts_are_those_of_the_file(opened, made, offsets):
    told = facts.answer(opened, Query())
    assert (told["name"], told["format"], told["variant"], told["bytes"]) == ("made-up.events", "made", "made up", 5)
    assert (told["width"], told["height"], told["count"]) == (12, 7, 9000)
    assert told["on"] == int(made.columns.p.sum())
    assert (told["t_first_us"], told["t_last_us"]) == (str(made.columns.t[0]), str(made.columns.t[-1]))
    assert told["duration"] == offsets[-1] + 1
    assert (told["backward_steps"], told["gap_count"], told["notes"], told["reading"]) == (0, 1, [], False)
    ((first, last),) = told["gaps"]
    assert last - first > 300_000
    assert {first, last} <= set(offsets.tolist())
    assert (told["triggers"], told["trigger_count"]) == ([100_000, 700_000], 2)
    assert (told["frames"], told["inertial"]) == (2, 500)


def test_of_many_triggers_the_first(opened, monkeypatch):
    monkeypatch.setattr(facts, "MOST_TRIGGERS", 1)
    told = facts.answer(opened, Query())
    assert (told["triggers"], told["trigger_count"]) == ([100_000], 2)
