"""`spikesight trace cut`: a part of a run as a run."""

import json

import pytest
from recorded_traces import TICKS

from spikesight.runs.folder import Run
from spikesight.trace.reader import Trace


@pytest.mark.parametrize(
    "asked",
    [
        ("--from", "75ms", "--until", "0.175s"),
        ("--from", 75e-3, "--until", "0:00.175"),
        ("--stimuli", "3:7"),
    ],
)
def test_a_window_becomes_a_run(run, tmp_path, spikesight, asked):
    answer = spikesight("trace", "cut", run, *asked, "--layers", "exc", "--to", tmp_path / "part", "--json")
    assert answer.exit_code == 0, answer.stderr
    made = Run.open(tmp_path / "part").facts["made"]
    assert (made["by"], made["of"], made["layers"]) == ("cut", [str(run)], "exc")
    with Trace.open(tmp_path / "part") as trace:
        assert json.loads(answer.stdout)["rows"] > len(trace.spikes("exc").t)
        assert trace.stimuli()["stim"].tolist() == [3, 4, 5, 6]
        assert trace.extent == (3 * TICKS, 7 * TICKS - 1)
        assert [layer.name for layer in trace.header.layers] == ["exc"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (("--stimuli", "3:7", "--from", "1s"), "give one of them"),
        (("--from", "2s", "--until", "1s"), "is before"),
        (("--stimuli", "7:3"), "100:200 are those"),
    ],
)
def test_a_wrong_window_is_wrong_usage(run, tmp_path, spikesight, asked, message):
    answer = spikesight("trace", "cut", run, *asked, "--to", tmp_path / "part")
    assert answer.exit_code == 2
    assert message in answer.stderr


def test_nothing_is_left_of_what_cannot_be_cut(run, tmp_path, spikesight):
    answer = spikesight("trace", "cut", run, "--from", "1h", "--to", tmp_path / "part")
    assert answer.exit_code == 1
    assert "nothing to cut out" in answer.stderr
    assert sorted(one.name for one in tmp_path.iterdir()) == [run.name]
