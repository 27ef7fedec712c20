"""A run made of others."""

import numpy as np
import pytest

from spikesight.base.errors import RunError
from spikesight.recipes.going_on import check_same
from spikesight.runs.derived import UNITS, derived_run
from spikesight.runs.folder import Run


@pytest.fixture
def sources(tmp_path):
    first = Run.create(tmp_path / "first", "made-up", seed=4, config={"n": 5})
    second = Run.create(tmp_path / "second", "other", seed=5, config={})
    second.save_weights({"w": np.arange(3.0)}, reached="[7]")
    return [first.folder, second.folder]


def test_it_has_the_recipe_of_the_first_and_the_weights_of_the_last(sources, tmp_path):
    with derived_run(tmp_path / "new", sources, {"by": "test"}) as trace:
        trace.mkdir()
        assert not (tmp_path / "new").exists()
    run = Run.open(tmp_path / "new")
    facts = run.facts
    assert (facts["name"], facts["recipe"], facts["seed"], facts["config"]) == ("new", "made-up", 4, {"n": 5})
    assert run.status() == "finished"
    assert facts["made"] == {"of": [str(one) for one in sources], "by": "test"}
    arrays, metadata = run.load_weights()
    assert arrays["w"].tolist() == [0, 1, 2]
    assert metadata == {}
    assert run.trace_folder.is_dir()


def test_it_cannot_be_resumed(sources, tmp_path):
    with derived_run(tmp_path / "new", sources, {}):
        pass
    with pytest.raises(RunError, match="cannot be resumed: it was made of what other runs recorded"):
        check_same(Run.open(tmp_path / "new"), "made-up", {"n": 5})


def test_folders_of_traces_alone_will_do(tmp_path):
    with derived_run(tmp_path / "new", [tmp_path / "no-run"], {}):
        pass
    run = Run.open(tmp_path / "new")
    assert run.facts["recipe"] == "unknown"
    with pytest.raises(RunError, match="ended before its first checkpoint"):
        run.load_weights()


def test_an_error_leaves_nothing(sources, tmp_path):
    def fail():
        with derived_run(tmp_path / "new", sources, {}) as trace:
            trace.mkdir()
            raise RunError("trouble")

    with pytest.raises(RunError, match="trouble"):
        fail()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["first", "second"]


def test_units_keep_their_numbers_where_all_sources_have_the_same(sources, tmp_path):
    for number, source in enumerate(sources):
        (source / UNITS).write_bytes(b"numbers")
        with derived_run(tmp_path / f"same-{number}", sources[: number + 1], {}) as trace:
            trace.mkdir()
        assert (tmp_path / f"same-{number}" / UNITS).read_bytes() == b"numbers"
    (sources[0] / UNITS).write_bytes(b"other numbers")
    with derived_run(tmp_path / "other", sources, {}) as trace:
        trace.mkdir()
    assert not (tmp_path / "other" / UNITS).exists()
