"""Mending: what can be read counts again, what cannot is set aside and told, and nothing gets worse."""

import json
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from damaged_traces import DAMAGE, EXC, log, spikes, truncate
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded_traces import contents, header, record

from spikesight.base.errors import TraceError
from spikesight.trace.aggregates import keeper
from spikesight.trace.frames import pack_columns
from spikesight.trace.maintenance import repair as repairing
from spikesight.trace.maintenance.check import check
from spikesight.trace.maintenance.repair import repair, steps
from spikesight.trace.manifest import examine_manifest, read_manifest
from spikesight.trace.reader import Trace
from spikesight.trace.writer import TraceWriter

BEYOND = ("no header", "a torn header", "a stranger", "a snapshot gone", "a snapshot torn")
"""Kinds of damage that repairing does not touch."""

LOSING = (
    "numbers that are not there",
    "a segment gone",
    "a segment torn",
    "a segment empty",
    "another table",
    "times that no run reaches",
)
"""Kinds of damage that cost rows which were sealed."""


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows_missing(after, before):
    """Return the rows of `before` that are not in `after`, and the other way round, by table."""
    missing, new = Counter(), Counter()
    for table in {*before, *after}:
        had, has = Counter(before.get(table, [])), Counter(after.get(table, []))
        missing[table] += (had - has).total()
        new[table] += (has - had).total()
    return +missing, +new


def test_a_sound_trace_stays_as_it_is(whole):
    before = files(whole)
    told = repair(whole)
    assert (told.done, told.lost, told.places_fit) == ([], [], True)
    assert files(whole) == before


@pytest.mark.parametrize("kind", sorted(set(DAMAGE) - set(BEYOND)))
def test_after_a_repair_nothing_is_found_and_what_could_be_read_is_there(whole, kind):
    before = contents(whole)
    rows = next(segment.rows for segment in read_manifest(whole) if segment.file == EXC)
    DAMAGE[kind][0](whole)
    told = repair(whole)
    assert check(whole, deep=True) == []
    missing, new = rows_missing(contents(whole), before)
    assert missing == ({"spikes/exc": rows} if kind in LOSING else {})
    assert new == ({"spikes/exc": 2} if kind == "rows that are not sealed" else {})
    assert bool(told.lost) == (kind in LOSING or kind in ("a log of units that are none", "a log of another layer"))
    assert told.done or kind == "a segment gone"
    assert told.places_fit == (kind not in ("no manifest", "a wrong line", "a line twice"))
    again = repair(whole)
    assert (again.done, again.lost) == ([], [])


@pytest.mark.parametrize("kind", ["a snapshot gone", "a snapshot torn", "a stranger"])
def test_what_cannot_be_mended_stays_a_finding(whole, kind):
    DAMAGE[kind][0](whole)
    before = files(whole)
    repair(whole)
    assert files(whole) == before
    assert len(check(whole)) == 1


@pytest.mark.parametrize("kind", ["no header", "a torn header"])
def test_without_a_header_there_is_no_repair(whole, kind):
    DAMAGE[kind][0](whole)
    before = files(whole)
    with pytest.raises(TraceError):
        repair(whole)
    assert files(whole) == before


def test_a_lost_segment_keeps_its_place_so_that_checkpoints_still_fit(whole):
    listed = read_manifest(whole)
    truncate(whole / EXC)
    told = repair(whole)
    assert [line.file for line in read_manifest(whole)] == [line.file for line in listed]
    assert any(word.startswith(f"{EXC}: ") and "ticks" in word for word in told.lost)
    assert [path.name for path in (whole / "lost" / "spikes" / "exc").iterdir()] == ["1-000000.parquet"]
    position = len(listed) - 2
    with TraceWriter.resume(whole, position) as writer:
        writer.spikes("exc", np.array([10**6]), np.array([2]), 99)
    assert [line.file for line in read_manifest(whole)][:position] == [line.file for line in listed[:position]]
    assert check(whole, deep=True) == []


def test_a_log_that_was_not_deleted_yet_brings_back_a_broken_segment(whole):
    before = contents(whole)
    with Trace.open(whole) as trace:
        first = next(segment for segment in read_manifest(whole) if segment.file == EXC)
        t, unit, stim = trace.spikes("exc", t=(0, (first.t_last + 1) * 0.0005))
    arrays = (np.rint(t / 0.0005).astype(np.int64), unit, stim)
    log(whole, pack_columns(first.rows, [array.tobytes() for array in arrays]), number=0)
    truncate(whole / EXC)
    told = repair(whole)
    assert told.lost == []
    assert contents(whole) == before
    assert check(whole, deep=True) == []


def test_a_file_that_was_dropped_on_purpose_does_not_come_back_among_other_rows(whole):
    before = contents(whole)
    shutil.copy(whole / EXC, whole / "spikes/exc/000099.parquet")
    told = repair(whole)
    assert contents(whole) == before
    assert told.done == [
        "spikes/exc/000099.parquet: moved to lost/spikes/exc/1-000099.parquet: the manifest did not list it, and other "
        "rows are in its place"
    ]


def test_another_process_that_writes_is_not_disturbed(tmp_path):
    with TraceWriter.create(tmp_path / "live", header()) as writer:
        writer.spikes("exc", np.array([1]), np.array([1]), 0)
        before = files(tmp_path / "live")
        with pytest.raises(TraceError, match="still being written"):
            repair(tmp_path / "live")
        assert files(tmp_path / "live") == before


def test_what_a_link_leads_to_is_left_alone(whole, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / ".a.tmp").touch()
    (whole / "spikes" / "mine").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(TraceError, match="is a link"):
        repair(whole)
    assert (tmp_path / "elsewhere" / ".a.tmp").exists()


def test_counts_that_are_damaged_are_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(keeper, "RUN_ROWS", 40)
    monkeypatch.setattr(keeper, "LEAST_ROWS", 1)
    folder = record(tmp_path / "counted", 12, seed=1)
    counts = sorted((folder / "aggregates").rglob("*.parquet"))
    before = [path.name for path in counts]
    counts[0].write_bytes(b"nothing")
    counts[1].unlink()
    repair(folder)
    assert [path.name for path in sorted((folder / "aggregates").rglob("*.parquet"))] == before
    assert check(folder, deep=True) == []


def test_an_older_format_becomes_the_present_one(whole):
    before = contents(whole)
    path = whole / "trace.json"
    facts = json.loads(path.read_text())
    present = {name: facts.pop(name) for name in ("classes", "time")}
    facts["format_version"] = 1
    facts["layers"] = [{name: one[name] for name in ("name", "shape", "size")} for one in facts["layers"]]
    path.write_text(json.dumps(facts))
    assert repair(whole).done == ["trace.json: format version 1 became 3"]
    assert {name: json.loads(path.read_text())[name] for name in present} == present
    assert contents(whole) == before


def test_a_repair_that_is_cut_short_can_be_done_again(whole, monkeypatch):
    before = contents(whole)
    truncate(whole / "spikes/input/000000.parquet")
    log(whole, spikes([9000], [3]))

    def stop(*arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(repairing, "write_manifest", stop)
        with pytest.raises(KeyboardInterrupt):
            repair(whole)
    repair(whole)
    assert check(whole, deep=True) == []
    missing, new = rows_missing(contents(whole), before)
    assert new == {"spikes/exc": 1}
    assert set(missing) == {"spikes/input"}


def test_progress_is_told_of_every_segment_and_log(whole):
    log(whole, spikes([1], [3]))
    done = []

    class Told:
        def advance(self, steps, **facts):
            done.append(steps)

    expected = steps(whole)
    repair(whole, progress=Told())
    assert sum(done) == expected


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 1000), st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(["gone", "torn", "empty"]))))
def test_whatever_files_suffer_no_row_is_made_up_and_others_stay(seed, strokes):
    with tempfile.TemporaryDirectory() as place:
        folder = record(Path(place) / "trace", 8, seed)
        before = contents(folder, weights=False)
        hit = set()
        for number, stroke in strokes:
            found = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "trace.json")
            path = found[number % len(found)]
            hit.add(path.parent.relative_to(folder).as_posix())
            {"gone": Path.unlink, "torn": truncate, "empty": lambda one: one.write_bytes(b"")}[stroke](path)
        told = repair(folder)
        missing, new = rows_missing(contents(folder, weights=False), before)
        assert not new
        assert set(missing) <= hit  # the tables whose files were hit; the manifest lies in none
        # Of a segment that is gone together with its line in the manifest, nothing is known any more.
        line_gone = not told.places_fit or any("dropped a torn last line" in done for done in told.done)
        assert bool(missing) <= bool(told.lost or line_gone)
        assert examine_manifest(folder)[1] == []
        assert all("safetensors" in finding.where for finding in check(folder, deep=True))
