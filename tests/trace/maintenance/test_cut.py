"""A part of a trace as a trace of its own."""

import math

import pytest
from recorded_traces import TICKS, contents

from spikesight.base.errors import InputError, UnknownName
from spikesight.trace.maintenance.cut import cut
from spikesight.trace.reader import Trace

TICK = 0.0005


def of(rows, first, stop, place=0):
    return [row for row in rows if first <= int(row[place]) < stop]


def test_a_window_of_time_holds_its_start_and_not_its_end(whole, tmp_path):
    cut(whole, tmp_path / "part", "part", t=(3.5 * TICKS * TICK, 7 * TICKS * TICK))
    before, after = contents(whole), contents(tmp_path / "part")
    first, stop = int(3.5 * TICKS), 7 * TICKS
    for table in ("spikes/exc", "spikes/input", "values/exc.v", "scalars", "marks", "weights/input_exc"):
        assert after[table] == of(before[table], first, stop)
    assert [int(row[0]) for row in after["stimuli"]] == [4, 5, 6]  # those that begin in it, whole


def test_stimuli_bring_what_was_recorded_while_they_were_shown(whole, tmp_path):
    cut(whole, tmp_path / "part", "part", stim=(3, 7))
    before, after = contents(whole), contents(tmp_path / "part")
    for table in ("spikes/exc", "spikes/input"):
        assert after[table] == of(before[table], 3, 7, place=2)
    assert after["stimuli"] == sorted(of(before["stimuli"], 3, 7))
    assert after["weights/input_exc"] == of(before["weights/input_exc"], 3, 7, place=1)
    for table in ("values/exc.v", "scalars", "marks"):
        assert after[table] == of(before[table], 3 * TICKS, 7 * TICKS)


def test_only_layers_that_are_asked_for_and_what_joins_them(whole, tmp_path):
    cut(whole, tmp_path / "exc", "part", layers=["exc"])
    with Trace.open(tmp_path / "exc") as trace:
        assert [layer.name for layer in trace.header.layers] == ["exc"]
        assert trace.header.projections == ()
        assert trace.tables == ["marks", "scalars", "spikes/exc", "stimuli", "values/exc.v"]
    cut(whole, tmp_path / "both", "a-run", t=(-math.inf, math.inf), layers=["exc", "input"])
    assert contents(tmp_path / "both") == contents(whole)


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({"t": (0, 1), "stim": (0, 1)}, InputError, "give one of them"),
        ({"t": (100, 200)}, InputError, "nothing to cut out"),
        ({"t": (2, 1)}, InputError, "start <= end"),
        ({"stim": (4, 4)}, InputError, "first < stop, got 4:4"),
        ({"stim": (400, 500)}, InputError, "has no stimulus from 400 up to 500"),
        ({"layers": ["ecx"]}, UnknownName, "Did you mean exc"),
    ],
)
def test_what_cannot_be_cut_is_an_answer(whole, tmp_path, asked, error, message):
    with pytest.raises(error, match=message):
        cut(whole, tmp_path / "part", "part", **asked)
