"""`spikesight trace check`: exit code 1 where something is wrong."""

import json


def test_nothing_wrong(run, spikesight):
    answer = spikesight("trace", "check", run)
    assert (answer.exit_code, answer.stdout) == (0, f"{run}: nothing wrong (--deep reads every row)\n")
    deep = spikesight("trace", "check", run, "--deep", "--json")
    assert json.loads(deep.stdout) == {"run": str(run), "deep": True, "findings": []}


def test_each_finding_says_where_what_and_what_to_do(run, spikesight):
    (run / "trace" / "spikes" / "exc" / "000000.parquet").unlink()
    answer = spikesight("trace", "check", run)
    assert answer.exit_code == 1
    assert answer.stdout.splitlines()[1].startswith(
        "spikes/exc/000000.parquet  it is not there  restore it from a copy"
    )
    told = spikesight("trace", "check", run, "--json")
    assert told.exit_code == 1
    assert [one["where"] for one in json.loads(told.stdout)["findings"]] == ["spikes/exc/000000.parquet"]


def test_what_is_no_trace_is_a_finding(tmp_path, spikesight):
    answer = spikesight("trace", "check", tmp_path)
    assert answer.exit_code == 1
    assert "is not a trace" in answer.stdout
