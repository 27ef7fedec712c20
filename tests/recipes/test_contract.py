"""A recipe is a claim: it says what is claimed, and can be read without running anything."""

import dataclasses
import subprocess
import sys

import pytest

from spikesight.base.errors import UnknownName
from spikesight.recipes import CATALOGUE
from spikesight.recipes.contract import Order, Result, claim, claims

ROW = ["name", "engine", "paper", "metric", "published", "measured", "control", "seeds", "minutes"]
RESULT = ["name", "metric", "value", "published", "control", "seconds", "images_per_second", "seed", "run"]


def test_every_recipe_has_a_claim_and_every_claim_a_recipe():
    assert [claim.name for claim in claims()] == sorted(CATALOGUE)
    assert {"diehl-cook-digits", "diehl-cook-mnist"} <= set(CATALOGUE)
    for name, recipe in CATALOGUE.items():
        assert recipe.name == name
        assert dataclasses.is_dataclass(recipe)


def test_the_rows_of_the_table():
    for row in (stated.row() for stated in claims()):
        assert list(row) == ROW
        assert isinstance(row["seeds"], list)
        assert row["engine"] in ("circuits", "first_spike", "deep")
        for share in (row["published"], row["measured"], row["control"]):
            assert share is None or "accuracy" not in row["metric"] or 0.0 < share < 1.0


def test_a_measured_claim_is_complete():
    for stated in claims():
        if stated.measured is not None:
            assert stated.control is not None
            assert stated.seeds
            assert stated.minutes > 0
            assert stated.tolerance > 0
            if "accuracy" in stated.metric:
                assert stated.control < stated.measured
                assert stated.tolerance < 0.1


def test_an_unknown_claim_is_answered_with_near_names():
    with pytest.raises(UnknownName, match="Did you mean diehl-cook-"):
        claim("diehl-cook-digit")


def test_claims_are_read_without_the_engines():
    script = (
        "import sys; from spikesight.recipes.contract import claims; assert len(claims()) >= 2; "
        "print([name for name in ('numba', 'sklearn', 'duckdb', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_result_as_json():
    result = Result("r", "accuracy", 0.9, None, 0.5, 12.5, 300.0, 3, "runs/r-1")
    assert list(result.as_json()) == RESULT


def test_an_order_asks_for_nothing_special():
    order = Order()
    assert (order.seed, order.quick, order.data, order.resume) == (0, False, None, None)
    order.started(order.runs)
