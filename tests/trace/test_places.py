import sys

import pytest

from spikesight.base.errors import InputError, MissingExtra, TraceError
from spikesight.trace import places
from spikesight.trace.places import place_of

ibis = pytest.importorskip("ibis", reason="needs the extra 'cluster'")


@pytest.mark.parametrize("place", [3, None, "duckdb", "http://host", ibis.duckdb])
def test_what_is_no_place(place):
    with pytest.raises(InputError, match="spark://host:7077"):
        place_of(place)


def test_a_backend_that_was_never_tried_is_refused():
    polars = pytest.importorskip("polars")
    assert polars
    with pytest.raises(InputError, match="a connected backend of Ibis for pyspark or duckdb"):
        place_of(ibis.polars.connect())


def test_without_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "ibis", None)
    with pytest.raises(MissingExtra, match=r"spikesight\[cluster\]"):
        place_of("local[2]")


def test_without_java(monkeypatch):
    pytest.importorskip("pyspark")
    monkeypatch.setattr(places.shutil, "which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    sql = pytest.importorskip("pyspark.sql")
    monkeypatch.setattr(sql.SparkSession, "getActiveSession", classmethod(lambda cls: None))
    with pytest.raises(TraceError, match="Spark needs Java"):
        place_of("local[2]")


def test_a_process_has_one_spark(spark):
    with pytest.raises(InputError, match="stop it"):
        place_of("local[7]")
    assert place_of(spark) is not None


def test_spark_on_this_machine_listens_to_this_machine(spark):
    from pyspark.sql import SparkSession

    conf = SparkSession.getActiveSession().sparkContext.getConf()
    assert conf.get("spark.driver.host") == conf.get("spark.driver.bindAddress") == "127.0.0.1"
    assert conf.get("spark.ui.enabled") == "false"
