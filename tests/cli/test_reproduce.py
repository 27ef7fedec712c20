"""`spikesight reproduce`: JSON for programs, a table for people."""

import json
from pathlib import Path

KEYS = {"name", "metric", "value", "published", "control", "seconds", "images_per_second", "seed", "run"}


def test_json_is_the_result_and_nothing_else(made_up, spikesight):
    answer = spikesight("reproduce", "made-up", "--json", "--seed", 5, "--quick", "--data", "sets")
    told = json.loads(answer.stdout)
    assert set(told) >= KEYS
    assert (told["value"], told["control"], told["seed"]) == (0.875, None, 5)
    assert made_up.orders[0].quick
    assert made_up.orders[0].data == Path("sets")


def test_the_table_shows_percent_and_a_dash_for_what_is_not_known(made_up, spikesight):
    header, row = spikesight("reproduce", "made-up").stdout.splitlines()
    cells = dict(zip(header.split("  "), row.split("  "), strict=False))
    assert {"87.5%", "90.0%", "-", "12.3"} <= set(row.split())
    assert header.index("control") == row.index(" - ") + 1
    assert cells["recipe"] == "made-up"
