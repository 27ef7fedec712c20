"""`spikesight cost`: a table and a sentence, or JSON."""

import json

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'spikesight[train]'")

from torch import nn  # noqa: E402

from spikesight.cli.cost import COLUMNS  # noqa: E402
from spikesight.deep import IF, Network, cost  # noqa: E402
from spikesight.recipes import cost as module  # noqa: E402


@pytest.fixture
def asked(monkeypatch):
    """What the command asked for; its answer is of a small network."""
    words = []

    def cost_of_run(folder, **options):
        words.append(options)
        net = Network(fc=nn.Linear(3, 4), if1=IF())
        return cost.cost(net, torch.ones(5, options["images"], 3), options["arithmetic"])

    monkeypatch.setattr(module, "cost_of_run", cost_of_run)
    return words


def test_a_table_and_a_sentence(asked, spikesight, tmp_path):
    answer = spikesight("cost", tmp_path, "--images", 2)
    assert answer.exit_code == 0, answer.output
    lines = answer.stdout.splitlines()
    assert lines[0].split() == " ".join(COLUMNS).split()
    assert [line.split()[0] for line in lines[1:4]] == ["fc", "if1", "total"]
    assert "network" in lines[4]
    assert "45 nm, 32-bit float" in lines[5]
    assert lines[5].endswith("2 test images.")


def test_json_and_other_numbers(asked, spikesight, tmp_path):
    told = json.loads(spikesight("cost", tmp_path, "--numbers", "int8", "--json").stdout)
    assert told["assumed"]["width"] == 1
    assert [line["name"] for line in told["lines"]] == ["fc", "if1"]
    assert told["total"]["ann_macs"] == 60
    assert asked[0]["images"] == 100


def test_columns_are_those_of_the_report():
    assert COLUMNS == cost.COLUMNS
