"""`spikesight robustness`: a table, JSON, a picture, and what it says to bad words."""

import json
from io import StringIO

import pytest
from PIL import Image

from spikesight.recipes.contract import Order
from spikesight.recipes.mostafa_mnist.recipe import RECIPE


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return RECIPE.train(Order(quick=True, runs=tmp_path_factory.mktemp("runs"), stream=StringIO()))


def test_the_table_and_the_files(run, spikesight, tmp_path):
    picture, answers = tmp_path / "curves.png", tmp_path / "answers.csv"
    words = ("--over", "position,contrast", "--images", 60, "--plot", picture, "--table", answers)
    answer = spikesight("robustness", run, *words)
    assert answer.exit_code == 0, answer.output
    assert "position" in answer.stdout
    assert "half-way" in answer.stdout
    with Image.open(picture) as drawn:
        assert drawn.size == (1200, 750)
    assert len(answers.read_text().splitlines()) == 1 + 2 * 4 * 60


def test_json_is_the_summary_and_nothing_else(run, spikesight):
    words = ("--over", "frequency", "--images", 30, "--levels", 2, "--design", "one", "--design", "all", "--json")
    told = json.loads(spikesight("robustness", run, *words).stdout)
    assert told["images"] == 30
    assert told["kinds"]["low-pass"]["amounts"][0] is None
    assert len(told["lines"]) == 3 * 3
    first = told["lines"][0]
    assert first["level"] == 0
    assert first["low"] <= first["accuracy"] <= first["high"]
    assert first["latency"] > 0
    assert {half["variation"] for half in told["halves"]} == {"low-pass", "high-pass", "all"}


def test_words_that_are_unknown_get_the_nearest_ones(run, spikesight):
    answer = spikesight("robustness", run, "--over", "rotatoin")
    assert answer.exit_code == 2
    assert "Did you mean rotation?" in answer.stderr
    alone = spikesight("robustness", run, "--over", "scale", "--design", "all-but-one")
    assert alone.exit_code == 2
    assert "two kinds" in alone.stderr


def test_what_is_asked_for_twice_is_told_once(run, spikesight):
    twice = ("--over", "scale,scale", "--design", "one", "--design", "one")
    told = json.loads(spikesight("robustness", run, *twice, "--images", 20, "--levels", 1, "--json").stdout)
    assert [line["answers"] for line in told["lines"]] == [20, 20]


def test_a_table_that_has_no_place_is_refused_before_the_work(run, spikesight, tmp_path):
    answer = spikesight("robustness", run, "--table", tmp_path / "nowhere" / "answers.csv")
    assert answer.exit_code == 1
    assert "no folder" in answer.stderr
    assert "robustness:" not in answer.stderr, "nothing was asked yet"


def test_what_is_no_run_is_one_line(spikesight, tmp_path):
    answer = spikesight("robustness", tmp_path)
    assert answer.exit_code == 1
    assert answer.stderr.startswith("error: ")
