"""`spikesight recipes`: the claims, all of them."""

import json

from spikesight.recipes.contract import claims

KEYS = {"name", "engine", "paper", "metric", "published", "measured", "control", "seeds", "minutes"}


def test_json_has_a_row_per_claim(spikesight):
    rows = json.loads(spikesight("recipes", "--json").stdout)
    assert [row["name"] for row in rows] == [claim.name for claim in claims()]
    assert {"diehl-cook-digits", "diehl-cook-mnist"} <= {row["name"] for row in rows}
    for row in rows:
        assert set(row) == KEYS
        shares = [row[name] for name in ("published", "measured", "control")]
        assert "accuracy" not in row["metric"] or all(share is None or 0 <= share <= 1 for share in shares)


def test_the_table_names_every_recipe_in_aligned_columns(spikesight):
    header, *rows = spikesight("recipes").stdout.splitlines()
    place = header.index("published")
    assert [row.split()[0] for row in rows] == [claim.name for claim in claims()]
    assert all(row[place - 1] == " " and row[place] != " " for row in rows)
