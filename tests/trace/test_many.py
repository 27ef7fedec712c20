import duckdb
import numpy as np
import pytest
from questions import QUESTIONS, assert_equal, make_trace

from spikesight.base.errors import InputError, TraceError, UnknownName
from spikesight.trace.many import Traces
from spikesight.trace.places import DuckDbPlace
from spikesight.trace.tabular import Table
from spikesight.trace.writer import TraceWriter

SEEDS = {"a": 1, "b": 2, "c": 3}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    for name, seed in SEEDS.items():
        make_trace(folder / name / "trace", seed, stimuli=5 + seed)
    return folder


@pytest.fixture(scope="module")
def traces(runs):
    with Traces.open(runs) as traces:
        yield traces


@pytest.fixture(scope="module")
def elsewhere(traces):
    ibis = pytest.importorskip("ibis", reason="needs the extra 'cluster'")
    with traces.on(ibis.duckdb.connect()) as elsewhere:
        yield elsewhere


def test_every_run_answers_by_its_name(traces):
    counts = traces.ask(lambda trace: trace.count("exc"))
    assert counts == {"a": 240, "b": 280, "c": 320}
    assert list(traces) == ["a", "b", "c"]
    assert len(traces) == 3
    assert traces["b"].header.run == "run-2"


def test_all_share_one_database(runs, monkeypatch):
    # One has as many threads as a processor has cores, or more: a thousand traces must not have a thousand.
    opened, connect = [], duckdb.connect
    monkeypatch.setattr(duckdb, "connect", lambda *given, **options: opened.append(1) or connect(*given, **options))
    with Traces.open(runs) as traces:
        assert traces.ask(lambda trace: len(trace.spikes("exc").t)) == {"a": 240, "b": 280, "c": 320}
    assert len(opened) == 1


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_together_at_a_place_they_answer_as_each_does_alone(traces, elsewhere, question):
    together = elsewhere.ask(question)
    assert list(together) == list(SEEDS)
    for name in SEEDS:
        assert_equal(together[name], question(traces[name]))


def test_what_all_ask_is_one_query(elsewhere, monkeypatch):
    asked = []
    run = DuckDbPlace.run
    monkeypatch.setattr(DuckDbPlace, "run", lambda self, sql: asked.append(sql) or run(self, sql))
    elsewhere.ask(lambda trace: trace.raster("exc", bins=10))
    assert len(asked) == 1
    elsewhere.ask(lambda trace: (trace.spikes("exc"), trace.stimuli()))
    assert len(asked) == 3


@pytest.mark.filterwarnings(
    "ignore:unclosed <socket:ResourceWarning",  # PySpark leaves the socket of every answer to the garbage collector
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning",
)
def test_spark_answers_alike(traces, spark):
    asked = ("class counts", "rate", "scalars")
    with traces.on(spark) as there:
        answers = there.ask(lambda trace: {name: QUESTIONS[name](trace) for name in asked})
    for run in SEEDS:
        for name in asked:
            assert_equal(answers[run][name], QUESTIONS[name](traces[run]))


def test_a_table_has_the_run_as_its_first_column(traces):
    table = traces.table(lambda trace: trace.spikes("exc", units=[3]))
    assert isinstance(table, Table)
    assert list(table) == ["run", "t", "unit", "stim"]
    for name in SEEDS:
        alone = traces[name].spikes("exc", units=[3])
        np.testing.assert_array_equal(table["t"][table["run"] == name], alone.t)
    stimuli = traces.table(lambda trace: trace.stimuli())
    assert len(stimuli["run"]) == 6 + 7 + 8
    assert np.ma.getmaskarray(stimuli["correct"]).sum() == 2 + 3 + 3


@pytest.mark.parametrize("where", ["traces", "elsewhere"])
def test_an_error_says_whose_it_is(where, request):
    def question(trace):
        trace.count("exc")
        return trace.count("exc" if trace.header.run != "run-2" else "exd")

    with pytest.raises(UnknownName, match="exd") as caught:
        request.getfixturevalue(where).ask(question)
    assert caught.value.__notes__ == ["This was the answer of run 'b'."]


def test_runs_can_be_listed(runs):
    with Traces.open([runs / "c", runs / "a" / "trace"]) as some:
        assert list(some) == ["c", "a"]
    with Traces.open(runs / "b") as one:
        assert list(one) == ["b"]


def test_runs_of_one_name_are_told_apart(tmp_path):
    for place in ("x/run", "y/run", "x/run/../other"):
        make_trace(tmp_path / place / "trace")
    with Traces.open([tmp_path / "x", tmp_path / "y", tmp_path / "x" / "run"]) as some:
        assert list(some) == ["x/other", "x/run", "y/run"]


def test_a_folder_without_runs(tmp_path):
    with pytest.raises(InputError, match="there is no run in"):
        Traces.open(tmp_path)
    with pytest.raises(InputError, match="an empty list"):
        Traces.open([])
    with pytest.raises(TraceError, match="is no folder"):
        Traces.open([tmp_path / "missing"])


def test_an_unknown_run(traces):
    with pytest.raises(UnknownName, match="no run is called 'd'"):
        traces["d"]


def test_what_is_new_is_seen_by_all(tmp_path, header):
    writers = [TraceWriter.create(tmp_path / name, header) for name in ("a", "b")]
    with writers[0], writers[1], Traces.open(tmp_path) as traces:
        writers[0].spikes("exc", np.array([1]), np.array([1]), 0)
        writers[1].spikes("exc", np.array([1, 2]), np.array([1, 2]), 0)
        assert traces.refresh()
        assert traces.ask(lambda trace: trace.count("exc")) == {"a": 1, "b": 2}
        assert not traces.refresh()
