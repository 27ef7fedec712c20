"""Traces one after the other, and one alone packed."""

import tempfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from damaged_traces import EXC, rewrite
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded_traces import LAYERS, TICKS, contents, header, record

from spikesight.base.errors import InputError, TraceError
from spikesight.trace.maintenance import packer
from spikesight.trace.maintenance.cut import cut
from spikesight.trace.maintenance.merge import merge, rows_in
from spikesight.trace.manifest import read_manifest
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Layer
from spikesight.trace.writer import TraceWriter


class Counted:
    def __init__(self):
        self.steps = 0

    def advance(self, steps, **facts):
        self.steps += steps


def test_the_second_begins_where_the_first_ended(tmp_path):
    first = record(tmp_path / "first", 5, seed=1, run="one")
    second = record(tmp_path / "second", 4, seed=2, run="two")
    placed = merge([first, second], tmp_path / "both", "both")
    assert [(part.run, part.ticks, part.stim) for part in placed] == [
        ("one", (0, 5 * TICKS - 1), (0, 4)),
        ("two", (5 * TICKS, 9 * TICKS - 1), (5, 8)),
    ]
    with Trace.open(first) as a, Trace.open(second) as b, Trace.open(tmp_path / "both") as both:
        assert both.header.run == "both"
        for layer in LAYERS:
            at, moved, all_of_it = a.spikes(layer.name), b.spikes(layer.name), both.spikes(layer.name)
            np.testing.assert_allclose(all_of_it.t, [*at.t, *(moved.t + 5 * TICKS * 0.0005)], rtol=1e-12)
            assert all_of_it.stim.tolist() == [*at.stim, *(moved.stim + 5)]
        assert both.stimuli()["stim"].tolist() == list(range(9))
        assert both.stimuli()["t_start"].tolist() == [stim * TICKS / 2000 for stim in range(9)]
        marks = both.marks()
        parts = [mark for mark in zip(marks["t"], marks["name"], marks["text"], strict=True) if mark[1] == "part"]
        assert parts == [(0.0, "part", "1: one"), (5 * TICKS * 0.0005, "part", "2: two")]
        snapshots = [both.weights("input_exc", place) for place in range(4)]
        assert [w.tolist() for w in snapshots] == [
            trace.weights("input_exc", place).tolist() for trace in (a, b) for place in range(2)
        ]


def test_a_number_that_stands_for_no_stimulus_stays(tmp_path):
    for name in ("a", "b"):
        with TraceWriter.create(tmp_path / name, header()) as writer:
            writer.spikes("exc", np.array([3]), np.array([1]), -1)
            writer.spikes("exc", np.array([7]), np.array([2]), 0)
    merge([tmp_path / "a", tmp_path / "b"], tmp_path / "both", "both")
    with Trace.open(tmp_path / "both") as both:
        assert both.spikes("exc").stim.tolist() == [-1, 0, -1, 1]
        np.testing.assert_allclose(both.spikes("exc").t / 0.0005, [3, 7, 8, 12])


@settings(deadline=None, max_examples=6)
@given(st.integers(1, 12), st.integers(0, 100), st.floats(0, 1), st.sampled_from([3, 17, 1000]))
def test_a_trace_alone_is_packed_and_says_the_same(stimuli, seed, seals, rows):
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        patch.setattr(packer, "SEGMENT_ROWS", rows)
        before, after = record(Path(place) / "before", stimuli, seed, seals), Path(place) / "after"
        told = Counted()
        merge([before], after, "a-run", progress=told)
        assert contents(after) == contents(before)
        assert told.steps == rows_in([before]) == rows_in([after])
        sizes = [one.rows for one in read_manifest(after) if one.table == "spikes/exc"]
        assert all(size == rows for size in sizes[:-1])
        assert not any(0 < size > rows for size in sizes[-1:])


@settings(deadline=None, max_examples=6)
@given(st.integers(2, 12), st.integers(0, 100), st.lists(st.integers(1, 12 * TICKS - 1), max_size=3, unique=True))
def test_pieces_that_touch_are_the_whole_again(stimuli, seed, edges):
    with tempfile.TemporaryDirectory() as place:
        whole = record(Path(place) / "whole", stimuli, seed)
        bounds = [0, *(edge for edge in sorted(edges) if edge < stimuli * TICKS), stimuli * TICKS]
        pieces = []
        for number, (start, end) in enumerate(pairwise(bounds)):
            piece = Path(place) / f"piece-{number}"
            try:
                cut(whole, piece, "a-run", t=(start * 0.0005, end * 0.0005))
            except InputError:  # a window without any row
                continue
            pieces.append(piece)
        merge(pieces, Path(place) / "again", "a-run", keep_times=True)
        again = contents(Path(place) / "again")
        again["marks"] = [row for row in again.get("marks", []) if row[1] != "part"]
        assert {table: rows for table, rows in again.items() if rows} == contents(whole)


@pytest.mark.parametrize(
    ("changed", "fact"),
    [
        ({"tick_ns": 1_000_000}, "tick_ns"),
        ({"layers": (LAYERS[0], Layer("exc", (6,)))}, "layers"),
        ({"projections": ()}, "projections"),
        ({"classes": ("b", "a")}, "classes"),
        ({"time": "virtual"}, "time"),
    ],
)
def test_traces_that_do_not_fit_together_are_refused(whole, tmp_path, changed, fact):
    TraceWriter.create(tmp_path / "other", replace(header("another"), **changed)).close()
    with pytest.raises(InputError, match=f"differ in {fact}"):
        merge([whole, tmp_path / "other"], tmp_path / "new", "new")
    assert not (tmp_path / "new").exists()


def test_what_grows_beyond_its_column_is_refused(tmp_path):
    for name, stim in (("a", 2**31 - 2), ("b", 5), ("c", 9)):
        with TraceWriter.create(tmp_path / name, header()) as writer:
            for number in (0, stim):
                writer.spikes("exc", np.array([3]), np.array([1]), number)
    with pytest.raises(InputError, match="'stim' moved by 2147483647 would leave what 32 bits can hold"):
        merge([tmp_path / "a", tmp_path / "b"], tmp_path / "new", "new")


def test_a_snapshot_that_is_gone_is_an_answer(whole, tmp_path):
    next((whole / "weights" / "input_exc").glob("*.safetensors")).unlink()
    with pytest.raises(TraceError, match=r"has no snapshot '\d{6}.safetensors', but lists it"):
        merge([whole], tmp_path / "new", "new")


@pytest.mark.parametrize("shown", ["* REPLACE (NULL::INTEGER AS stim)", "* REPLACE (unit + 100 AS unit)"])
def test_rows_that_cannot_be_are_not_copied(whole, tmp_path, shown):
    rewrite(whole / EXC, shown)
    with pytest.raises(TraceError, match=r"has rows (with NULL in them|of units that its layer has not)"):
        merge([whole], tmp_path / "new", "new")
