import numpy as np
import pytest

from spikesight.base.errors import UnknownName
from spikesight.runs.folder import Run
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.views import scalars
from spikesight.trace.schema import Header, Layer
from spikesight.trace.writer import TraceWriter


def written(tmp_path, write):
    run = Run.create(tmp_path, "made-up", seed=0, config={})
    header = Header(run.folder.name, 1_000_000, (Layer("exc", (3,)),), (), "none", "none", "0", 0)
    with TraceWriter.create(run.trace_folder, header) as writer:
        write(writer)
    opened = OpenRun(run.folder)
    opened.refresh()
    return opened


def test_the_loss_is_shown_first(opened):
    told = scalars.answer(opened, Query())
    t, value = opened.trace.scalars("loss")
    assert told["known"] == ["loss"]
    np.testing.assert_array_equal(told["lines"][0]["t"], t)
    np.testing.assert_array_equal(told["lines"][0]["value"], value)


def test_those_that_are_asked_for_in_a_window_with_a_point_on_either_side(tmp_path):
    def write(writer):
        for t in range(100):
            writer.scalar(t, "rate", t / 2)
            writer.scalar(t, "beta", -t)

    run = written(tmp_path, write)
    told = scalars.answer(run, Query(t0=0.01, t1=0.02, options={"names": "rate,beta"}))
    assert told["known"] == ["beta", "rate"]
    assert [line["name"] for line in told["lines"]] == ["rate", "beta"]
    np.testing.assert_allclose(told["lines"][0]["t"], np.arange(9, 22) / 1000)
    np.testing.assert_array_equal(told["lines"][1]["value"], -np.arange(9, 22))
    with pytest.raises(UnknownName, match="beta"):
        scalars.answer(run, Query(options={"names": "bets"}))


def test_many_points_are_means_whose_sum_is_kept(tmp_path):
    run = written(tmp_path, lambda writer: [writer.scalar(t, "rate", float(t)) for t in range(1000)])
    (line,) = scalars.answer(run, Query(bins=10))["lines"]
    assert len(line["t"]) == 10
    assert line["value"].mean() == pytest.approx(np.arange(1000).mean())
    assert line["value"][0] == pytest.approx(np.arange(100).mean())
    assert line["t"][-1] == pytest.approx(0.999)


def test_the_loss_of_stimuli(tmp_path):
    def write(writer):
        for k in range(6):
            writer.stimulus(stim=k, t_start=10 * k, t_end=10 * k + 10, loss=None if k == 2 else 1.0 / (k + 1))

    (line,) = scalars.answer(written(tmp_path, write), Query())["lines"]
    assert line["name"] == "loss"
    np.testing.assert_allclose(line["value"], [1, 1 / 2, 1 / 4, 1 / 5, 1 / 6], rtol=1e-6)
    np.testing.assert_allclose(line["t"], [0.01, 0.02, 0.04, 0.05, 0.06])


def test_without_any_it_says_how_to_record_one(tmp_path):
    run = written(tmp_path, lambda writer: writer.scalar(3, "accuracy", 0.5))
    with pytest.raises(Empty, match=r"TraceWriter\.scalar"):
        scalars.answer(run, Query())
