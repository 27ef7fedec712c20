"""All questions: exported, frozen, and answered alike at another place."""

from dataclasses import FrozenInstanceError, fields, is_dataclass

import numpy as np
import pytest

from spikesight.analysis import recorded
from spikesight.trace.tabular import Tabular

ASKED = {
    "rates": lambda trace: recorded.rates(trace, "seldom"),
    "intervals": lambda trace: recorded.intervals(trace, "exc"),
    "selectivity": lambda trace: recorded.selectivity(trace, "exc"),
    "selectivity_drift": lambda trace: recorded.selectivity_drift(trace, "exc", blocks=3),
    "receptive_fields": lambda trace: recorded.receptive_fields(trace, "input_exc"),
    "weight_histograms": lambda trace: recorded.weight_histograms(trace, "input_exc"),
    "weight_changes": lambda trace: recorded.weight_changes(trace, "input_exc"),
    "synchrony": lambda trace: recorded.synchrony(trace, "exc", windows=2),
    "confusion": lambda trace: recorded.confusion(trace, blocks=3),
    "synops": lambda trace: recorded.synops(trace, bins=5),
}


def test_every_question_is_asked_here():
    functions = {name for name in recorded.__all__ if not isinstance(getattr(recorded, name), type)}
    assert functions - {"snapshot_at"} == set(ASKED)


@pytest.mark.parametrize("name", ASKED)
def test_duckdb_behind_ibis_answers_alike(recorded_twice, name):
    here, there = (ASKED[name](trace) for trace in recorded_twice)
    assert is_dataclass(here)
    for one in fields(here):
        np.testing.assert_array_equal(getattr(there, one.name), getattr(here, one.name))


@pytest.mark.parametrize("name", ASKED)
def test_answers_are_frozen_tables(trace, name):
    answer = ASKED[name](trace)
    assert isinstance(answer, Tabular)
    assert len({len(column) for column in answer.columns().values()}) == 1
    with pytest.raises(FrozenInstanceError):
        setattr(answer, fields(answer)[0].name, None)


@pytest.mark.parametrize("name", ASKED)
def test_answers_are_data_frames(trace, name):
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    answer = ASKED[name](trace)
    pandas, polars = answer.pandas(), answer.polars()
    assert list(pandas.columns) == polars.columns == list(answer.columns())
    assert len(pandas) == len(polars) > 0


@pytest.fixture(scope="module")
def recorded_twice(recorded):
    ibis = pytest.importorskip("ibis", reason="needs the extra 'cluster'")
    with recorded[0].on(ibis.duckdb.connect()) as there:
        yield recorded[0], there
