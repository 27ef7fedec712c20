from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.trace.activity import Graded, Trains
from spikesight.trace.reader import Trace
from spikesight.trace.recording import SEVERAL, Recorder, header
from spikesight.trace.schema import Layer
from spikesight.trace.watched import Sketch, Watched, unanswered
from spikesight.trace.writer import TraceWriter

STEPS = 5
SKETCH = Sketch((Layer("input", (1, 2, 2)), Layer("out", (3,))), (), STEPS)


def recorded(folder: Path, sketch: Sketch, *shown: Watched, classifies: bool = True) -> Trace:
    with TraceWriter.create(folder, header(sketch, "r", "made up", 0, "", "abc")) as writer:
        recorder = Recorder(writer, sketch, classifies=classifies)
        for watched in shown:
            items = len(watched.answer)
            recorder.show(watched, np.arange(items), np.arange(items) + 7, 3, "test")
            recorder.curves({"convergence": 0.1})
    return Trace.open(folder)


def two_items() -> Watched:
    image = Latencies(np.array([[[[0, 5], [2, 5]]], [[[5, 5], [5, 4]]]]), STEPS)
    out = Latencies(np.array([[3, 5, 5], [5, 5, 5]]), STEPS)
    return Watched({"input": image, "out": out}, np.array([0, -1]), np.array([3.0, np.nan]))


def test_items_lie_one_after_the_other(tmp_path: Path) -> None:
    with recorded(tmp_path / "t", SKETCH, two_items(), two_items()) as trace:
        stimuli = trace.stimuli()
        assert stimuli["t_start"].tolist() == pytest.approx([0.0, 0.005, 0.010, 0.015])
        assert stimuli["label"].tolist() == [0, 1, 0, 1]
        assert stimuli["prediction"].tolist() == [0, -1, 0, -1]
        assert stimuli["source"].tolist() == [7, 8, 7, 8]
        assert stimuli["latency"][0] == pytest.approx(3e-3)
        inputs = trace.spikes("input")
        ticks = np.rint(np.asarray(inputs.t) / 1e-3).astype(int)
        assert sorted(zip(ticks, inputs.unit, strict=True)) == [(0, 0), (2, 2), (9, 3), (10, 0), (12, 2), (19, 3)]
        assert trace.scalars("convergence")[0].tolist() == pytest.approx([0.010, 0.020])


def test_a_network_without_answers_is_neither_right_nor_wrong(tmp_path: Path) -> None:
    silent = two_items()._replace(**unanswered(2))
    with recorded(tmp_path / "t", SKETCH, silent, classifies=False) as trace:
        assert all(known is None or np.ma.is_masked(known) for known in trace.stimuli()["correct"].tolist())


def test_a_classifier_that_is_silent_is_wrong(tmp_path: Path) -> None:
    silent = two_items()._replace(**unanswered(2))
    with recorded(tmp_path / "t", SKETCH, silent) as trace:
        assert trace.stimuli()["correct"].tolist() == [False, False]


def test_seconds_become_ticks(tmp_path: Path) -> None:
    sketch = Sketch((Layer("out", (2,)),), (), 1000, 1e-6)
    watched = Watched({"out": Latencies(np.array([[0.5e-3, np.inf]], np.float32))}, np.array([0]), np.array([0.5e-3]))
    with recorded(tmp_path / "t", sketch, watched) as trace:
        assert trace.spikes("out").t.tolist() == pytest.approx([0.5e-3])
        assert trace.stimuli()["latency"].tolist() == pytest.approx([0.5e-3])


def test_a_spike_after_the_end_is_refused(tmp_path: Path) -> None:
    late = Watched({"out": Latencies(np.array([[6, 9, 9]]), 9)}, np.array([0]), np.array([6.0]))
    with pytest.raises(InputError, match="give more steps"):
        recorded(tmp_path / "t", SKETCH, late)


def test_trains_and_numbers_are_recorded_and_several_spikes_told(tmp_path: Path) -> None:
    counts = np.zeros((STEPS, 2, 3), int)
    counts[1, 0, 2] = 2
    counts[4, 1, 0] = 1
    numbers = np.arange(8, dtype=np.float32).reshape(1, 2, 1, 2, 2)
    shown = Watched({"input": Graded(numbers), "out": Trains(counts)}, np.array([0, 1]), np.array([2.0, np.nan]))
    with recorded(tmp_path / "t", SKETCH, shown, shown) as trace:
        spikes = trace.spikes("out")
        ticks = np.rint(np.asarray(spikes.t) / 1e-3).astype(int)
        assert list(zip(ticks, spikes.unit, strict=True)) == [(1, 2), (1, 2), (9, 0), (11, 2), (11, 2), (19, 0)]
        assert trace.marks()["name"].tolist() == [SEVERAL]
        assert trace.marks()["text"].tolist() == ["out: up to 2, each a row of the same tick"]
        assert np.asarray(trace.values("input", "intensity").value).tolist() == [*range(8), *range(8)]
        assert trace.stimuli()["latency"][0] == pytest.approx(2e-3)
