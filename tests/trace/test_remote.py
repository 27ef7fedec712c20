import duckdb
import numpy as np
import pytest
from questions import QUESTIONS, assert_equal, make_trace

from spikesight.base.errors import InputError, TraceError, UnknownName
from spikesight.trace import counts
from spikesight.trace.aggregates.reading import Aggregates
from spikesight.trace.grids import covering_grid
from spikesight.trace.places import place_of
from spikesight.trace.reader import Trace
from spikesight.trace.remote import bound
from spikesight.trace.store import Store
from spikesight.trace.writer import TraceWriter

ibis = pytest.importorskip("ibis", reason="needs the extra 'cluster'")

# PySpark leaves the socket of every answer to the garbage collector.
of_pyspark = pytest.mark.filterwarnings(
    "ignore:unclosed <socket:ResourceWarning",
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning",
)
VIEWS = "SELECT count(*) FROM duckdb_views() WHERE view_name LIKE 'spikesight_%'"


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "trace"
    make_trace(folder)
    with Trace.open(folder) as trace:
        yield trace


@pytest.fixture(scope="module")
def there(here):
    with here.on(ibis.duckdb.connect()) as trace:
        yield trace


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_duckdb_behind_ibis_answers_alike(here, there, question):
    assert_equal(question(there), question(here))


def test_the_trace_has_rows_in_segments_and_in_logs(here):
    assert here.count("exc") == 240
    for table in here.tables:
        files, tail = Store(here.folder).parts(table)
        assert len(files) == 2
        assert tail is not None


@of_pyspark
def test_spark_answers_alike(here, spark):
    with here.on(spark) as there:
        for name in ("spikes of units", "values", "snapshots"):
            assert_equal(QUESTIONS[name](there), QUESTIONS[name](here))


@of_pyspark
def test_spark_says_which_file_it_cannot_read(tmp_path, spark):
    make_trace(tmp_path / "trace")
    with Trace.open(tmp_path / "trace") as trace, trace.on(spark) as there:
        file = tmp_path / "trace" / "spikes" / "exc" / "000000.parquet"
        file.write_bytes(file.read_bytes()[:-20])
        with pytest.raises(TraceError, match=r"spikes/exc/000000\.parquet"):
            there.spikes("exc")


def test_names_and_windows_are_checked_before_anything_is_asked(there):
    with pytest.raises(UnknownName, match="Did you mean exc"):
        there.spikes("exd")
    with pytest.raises(InputError, match="start <= end"):
        there.spikes("exc", t=(2.0, 1.0))


def test_a_lost_file_is_no_answer_with_fewer_rows(tmp_path):
    make_trace(tmp_path / "trace")
    with Trace.open(tmp_path / "trace") as trace, trace.on(ibis.duckdb.connect()) as there:
        assert there.count("exc") == 240
        (tmp_path / "trace" / "spikes" / "exc" / "000001.parquet").unlink()
        with pytest.raises(TraceError, match=r"000001\.parquet is gone"):
            there.count("exc")


def test_what_is_recorded_meanwhile_is_seen_after_refresh(folder, header):
    with TraceWriter.create(folder, header) as writer, Trace.open(folder).on(ibis.duckdb.connect()) as there:
        for n in range(1, 5):
            writer.spikes("exc", np.array([n]), np.array([n]), n)
            assert there.count("exc") == n - 1
            assert there.refresh()
            assert there.spikes("exc").unit.tolist() == list(range(1, n + 1))
            if n == 2:
                writer.seal()
                assert there.refresh()
        assert not there.refresh()


def test_views_go_with_the_trace(here):
    backend = ibis.duckdb.connect()
    with here.on(backend) as there:
        there.spikes("exc")
        there.stimuli()
        assert backend.con.execute(VIEWS).fetchone() == (4,)
    assert backend.con.execute(VIEWS).fetchone() == (0,)


def test_a_folder_may_be_called_like_a_pattern(tmp_path):
    for name in ("a[1]", "b*", "c?x", "d{1,2}", "e'q", "f\\g", "n=100"):
        make_trace(tmp_path / name / "trace")
        with Trace.open(tmp_path / name) as trace, trace.on(ibis.duckdb.connect()) as there:
            assert there.count("exc") == 240


@of_pyspark
def test_a_folder_may_be_called_like_a_pattern_of_spark(tmp_path, spark):
    name = "a[1] b* c? {1,2} 'q \\ n=100 %20"
    make_trace(tmp_path / name / "trace")
    with Trace.open(tmp_path / name) as trace, trace.on(spark) as there:
        assert there.count("exc") == 240


@pytest.mark.parametrize("value", ["it's", "\\", "a\nb", '"', "'; DROP TABLE x; --", "$x", "\N{SNOWMAN}"])
def test_a_string_is_a_value_and_nothing_else(value):
    assert duckdb.sql(bound("SELECT $x AS x", {"x": value})).fetchall() == [(value,)]


@of_pyspark
def test_a_string_is_a_value_in_spark_too(spark):
    hostile = ["it's", "\\", "a\nb", '"', "'; DROP TABLE x; --", "$x", "\\'", "\N{SNOWMAN}"]
    values = {f"x{place}": value for place, value in enumerate(hostile)}
    columns = ", ".join(f"${name} AS {name}" for name in values)
    assert place_of(spark).run(bound(f"SELECT {columns}", values)).to_pylist() == [values]


def test_numbers_and_lists_are_bound():
    query = "SELECT $low AS low, list_contains($some, 3) AS some, list_contains($none, 3) AS none"
    bounded = bound(query, {"low": -(1 << 62), "some": [1, 3], "none": []})
    assert duckdb.sql(bounded).fetchall() == [(-(1 << 62), True, False)]


@pytest.fixture
def older(tmp_path):
    """A trace whose first segment of snapshots has the columns of format version 1."""
    make_trace(tmp_path / "trace")
    file = tmp_path / "trace" / "weights" / "input_exc" / "000000.parquet"
    duckdb.sql(f"SELECT * EXCLUDE (zeros, changed) FROM read_parquet('{file}')").write_parquet(f"{file}.older")
    file.with_name("000000.parquet.older").rename(file)
    with Trace.open(tmp_path / "trace") as trace:
        yield trace


def test_columns_that_older_segments_lack_are_not_known(older):
    with older.on(ibis.duckdb.connect()) as there:
        assert_equal(there.snapshots("input_exc"), older.snapshots("input_exc"))
        assert there.snapshots("input_exc")["zeros"].tolist() == [-1, -1, 0, 0, 0, 0]


@of_pyspark
def test_spark_knows_of_older_segments_too(older, spark):
    with older.on(spark) as there:
        assert_equal(there.snapshots("input_exc"), older.snapshots("input_exc"))


def test_a_grid_is_the_same_wherever_counts_are_asked(tmp_path, header, monkeypatch):
    monkeypatch.setattr(counts, "MANY", 1000)
    monkeypatch.setattr(Aggregates, "finest", lambda self, table, window: 16_384)  # as where files hold coarse bins
    random = np.random.default_rng(0)
    with TraceWriter.create(tmp_path / "trace", header) as writer:
        writer.spikes("exc", np.sort(random.integers(0, 1 << 20, 2000)), random.integers(0, 10, 2000), 0)
    with Trace.open(tmp_path / "trace") as trace, trace.on(ibis.duckdb.connect()) as there:
        grids = [trace.grid("exc", bins=bins) for bins in (10, 100, 1000, 10_000)]
        assert grids != [covering_grid(0, 1 << 20, bins) for bins in (10, 100, 1000, 10_000)]
        assert [there.grid("exc", bins=bins) for bins in (10, 100, 1000, 10_000)] == grids
        for grid in grids:
            np.testing.assert_array_equal(there.raster_on("exc", grid), trace.raster_on("exc", grid))
