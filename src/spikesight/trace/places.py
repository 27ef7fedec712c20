"""Where questions of a trace are answered other than in this process: engines behind Ibis, Spark above all.

All of it needs the extra `cluster`, when it is used.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any, Final, Protocol

from spikesight.base.errors import InputError, TraceError
from spikesight.base.optional import require
from spikesight.trace import layout
from spikesight.trace.schema import Column

EXTRA: Final = "cluster"

_MASTERS: Final = ("spark://", "local", "yarn", "k8s://")
_LOOPBACK: Final = "127.0.0.1"

_SPARK_TYPES: Final = {"VARCHAR": "STRING", "BIGINT[]": "ARRAY<BIGINT>"}

# What goes wrong in a question is raised here; the log would say it again, on a hundred lines.
_ALWAYS: Final = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "FATAL"}
_ON_THIS_MACHINE: Final = {
    "spark.driver.host": _LOOPBACK,
    "spark.driver.bindAddress": _LOOPBACK,
    "spark.sql.shuffle.partitions": "4",  # 200 otherwise, for a cluster: here they only cost time
}


class Place(Protocol):
    """Holds views of rows and answers SQL about them. Used from several threads."""

    def view_of_files(self, name: str, files: Sequence[Path], columns: Sequence[Column]) -> str:
        """Call the rows of Parquet `files` `name`, and return what SQL calls them; columns a file lacks are NULL."""

    def view_of_rows(self, name: str, rows: Any) -> str:
        """Call the rows of the `pyarrow.Table` `rows` `name`; return what SQL calls them."""

    def forget(self, name: str) -> None:
        """Drop a view."""

    def run(self, sql: str) -> Any:
        """Return the answer to `sql`, in DuckDB's dialect, as a `pyarrow.Table`."""


def place_of(place: object) -> Place:
    """Return what `place` means: the address of a Spark master, such as "spark://host:7077", or a backend of Ibis.

    "local[2]" and "local-cluster[2,1,1024]" are Spark on this machine, reachable from nowhere else.
    Errors: MissingExtra, InputError for anything else or where another Spark session is open, TraceError where Spark
    does not start.
    """
    ibis = require("ibis", EXTRA)
    backend = ibis.pyspark.connect(_session(place)) if isinstance(place, str) else place
    kind = _KINDS.get(backend.name) if isinstance(backend, ibis.backends.BaseBackend) else None
    if kind is None:
        raise InputError(
            "a place is the address of a Spark master such as 'spark://host:7077' or 'local[2]', or a connected "
            f"backend of Ibis for {' or '.join(_KINDS)}, such as ibis.duckdb.connect(), got {place!r}"
        )
    return kind(backend)


class SparkPlace:
    """Spark behind Ibis. The files must lie at the same place on every machine of a cluster.

    Answers are fetched as Arrow: Ibis would take them through pandas, which knows no missing integers.
    """

    def __init__(self, backend: Any) -> None:
        self._session = backend.raw_sql("SELECT 1").sparkSession
        # Spark's fast reader of Parquet knows the packing of whole numbers here, not that of floating-point numbers
        # (BYTE_STREAM_SPLIT); its slow one knows both. A session has one or the other, and sessions share global views.
        self._thorough = self._session.newSession()
        self._thorough.conf.set("spark.sql.parquet.enableVectorizedReader", "false")

    def view_of_files(self, name: str, files: Sequence[Path], columns: Sequence[Column]) -> str:
        """Call the rows of `files` `name`: see `Place`."""
        session = self._thorough if any(column.dtype in ("f4", "f8") for column in columns) else self._session
        schema = ", ".join(f"{column.name} {_SPARK_TYPES.get(column.sql, column.sql)}" for column in columns)
        session.read.schema(schema).parquet(*map(_literal, files)).createOrReplaceGlobalTempView(name)
        return f"global_temp.{name}"

    def view_of_rows(self, name: str, rows: Any) -> str:
        """Call the rows of `rows` `name`: see `Place`."""
        self._session.createDataFrame(rows).createOrReplaceGlobalTempView(name)
        return f"global_temp.{name}"

    def forget(self, name: str) -> None:
        """Drop a view."""
        self._session.catalog.dropGlobalTempView(name)

    def run(self, sql: str) -> Any:
        """Return the answer to `sql`: see `Place`."""
        (spark,) = require("sqlglot", EXTRA).transpile(sql, read="duckdb", write="spark")
        return self._session.sql(spark).toArrow()


class DuckDbPlace:
    """DuckDB behind Ibis: one connection, so one question at a time.

    The connection itself is asked: Ibis 12 cannot fetch the answers of DuckDB 2.
    """

    def __init__(self, backend: Any) -> None:
        self._connection, self._one = backend.con, Lock()

    def view_of_files(self, name: str, files: Sequence[Path], columns: Sequence[Column]) -> str:
        """Call the rows of `files` `name`: see `Place`."""
        with self._one:
            stored = self._connection.read_parquet([layout.literal(file) for file in files], union_by_name=True)
            there = {column.name for column in columns} & set(stored.columns)
            stored.select(", ".join(_or_null(column, there) for column in columns)).create_view(name)
        return name

    def view_of_rows(self, name: str, rows: Any) -> str:
        """Call the rows of `rows` `name`: see `Place`."""
        with self._one:
            self._connection.register(name, rows)
        return name

    def forget(self, name: str) -> None:
        """Drop a view."""
        with self._one:
            self._connection.execute(f"DROP VIEW {name}")

    def run(self, sql: str) -> Any:
        """Return the answer to `sql`: see `Place`."""
        with self._one:
            return self._connection.sql(sql).to_arrow_table()


_KINDS: Final[Mapping[str, type[SparkPlace | DuckDbPlace]]] = {"pyspark": SparkPlace, "duckdb": DuckDbPlace}


def _or_null(column: Column, there: Container[str]) -> str:
    # Segments of older format versions have fewer columns: what they lack is not known.
    return column.name if column.name in there else f"CAST(NULL AS {column.sql}) AS {column.name}"


def _literal(file: Path) -> str:
    """Return `file` as Spark takes it: what would be a pattern there stands for itself."""
    return re.sub(r"[\\*?\[\]{}]", lambda found: f"\\{found[0]}", str(file.absolute()))


def _session(master: str) -> Any:
    """Return the Spark session at `master`; one that is open there already is shared."""
    if not master.startswith(_MASTERS):
        raise InputError(f"a Spark master is 'spark://host:7077', 'local[2]', 'yarn' or the like, got {master!r}")
    sql = require("pyspark.sql", EXTRA)
    running = sql.SparkSession.getActiveSession()
    if running is not None:
        if running.sparkContext.master != master:
            raise InputError(
                f"this process has a Spark session at {running.sparkContext.master} already, and can have one: "
                f"stop it (SparkSession.getActiveSession().stop()) before asking at {master}"
            )
        return running
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise TraceError("Spark needs Java 17 or newer: no `java` was found, and JAVA_HOME is not set")
    here = master.startswith("local")
    builder = sql.SparkSession.builder.appName("spikesight").master(master)
    for name, value in {**_ALWAYS, **(_ON_THIS_MACHINE if here else {})}.items():
        builder = builder.config(name, value)
    with _only_loopback() if here else nullcontext():
        return builder.getOrCreate()


@contextmanager
def _only_loopback() -> Iterator[None]:
    """Start Spark so that its master and workers listen to this machine alone: they run whatever reaches them."""
    before = os.environ.get("SPARK_LOCAL_IP")
    os.environ["SPARK_LOCAL_IP"] = _LOOPBACK
    try:
        yield
    finally:
        if before is None:
            del os.environ["SPARK_LOCAL_IP"]
        else:
            os.environ["SPARK_LOCAL_IP"] = before
