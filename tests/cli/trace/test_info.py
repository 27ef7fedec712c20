"""`spikesight trace info`: for people and for programs."""

import json

from spikesight.trace.maintenance.info import info


def test_people_get_tables(run, spikesight):
    answer = spikesight("trace", "info", run)
    assert answer.exit_code == 0
    told = info(run)
    lines = [line.split() for line in answer.stdout.splitlines()]
    assert ["from", "0:00:00.000"] in lines
    assert ["to", "0:00:00.300"] in lines
    assert ["being", "written", "no"] in lines
    assert ["exc", "2", "x", "3", f"{told.layers[1].spikes:,}", "0"] in lines
    assert ["input_exc", "3", "x", "6", "4"] in lines


def test_programs_get_json(run, spikesight):
    assert json.loads(spikesight("trace", "info", run, "--json").stdout) == json.loads(json.dumps(info(run).as_json()))


def test_what_is_no_trace_is_an_answer(tmp_path, spikesight):
    answer = spikesight("trace", "info", tmp_path)
    assert answer.exit_code == 1
    assert "is not a trace" in answer.stderr
