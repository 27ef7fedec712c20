"""The recipe: features pooled over the whole image keep more of their accuracy than pixels when digits move."""

import csv
from io import StringIO
from pathlib import Path

from spikesight.recipes.contract import Order
from spikesight.recipes.controlled_variation.recipe import RECIPE
from spikesight.runs.folder import Run


def test_the_quick_version_keeps_more_than_pixels(tmp_path):
    result = RECIPE.reproduce(Order(quick=True, runs=tmp_path, stream=StringIO()))
    assert result.value > result.control
    folder = Path(result.run)
    rows = list(csv.DictReader((folder / "answers.csv").read_text().splitlines()))
    assert {row["model"] for row in rows} == {"pixels", "untrained", "trained"}
    assert {row["variation"] for row in rows} == {"position", "scale", "rotation", "all"}
    metrics = Run.open(folder).facts["metrics"]
    assert metrics["kept"]["trained"] == result.value
    lines = {(line["model"], line["variation"], line["level"]): line for line in metrics["variation"]["lines"]}
    assert lines["trained", "position", 0]["accuracy"] > 0.7
    assert lines["trained", "position", 2]["ink"] > 0.999
