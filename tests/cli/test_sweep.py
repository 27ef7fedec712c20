"""`spikesight sweep`: one table, JSON with every result, exit code 1 where something failed."""

import json

import pytest

from spikesight.recipes import side_by_side
from spikesight.recipes.job import outcome_in, work


@pytest.fixture
def in_this_process(monkeypatch):
    """Try the jobs in this process, one after the other: the made-up recipe is known only here."""

    def attempts(self, folders):
        for folder in folders:
            if outcome_in(folder) is not None:
                (folder / "outcome.json").unlink()
            work(folder)
            yield folder

    monkeypatch.setattr(side_by_side.Here, "attempts", attempts)


WORDS = ("sweep", "made-up", "--over", "n=3,4", "--seeds", 2)


def test_the_table(made_up, spikesight, in_this_process):
    answer = spikesight(*WORDS)
    assert answer.exit_code == 0
    header, *rows = answer.stdout.splitlines()
    assert header.split("  ")[0] == "n"
    assert [row.split() for row in rows] == [[n, "2", "87.5%", "87.5%", "87.5%", "-"] for n in "34"]
    assert answer.stderr.startswith("Sweep: runs/sweep-made-up-")
    assert made_up.sizes == [3, 3, 4, 4]
    assert [order.seed for order in made_up.orders] == [0, 1, 0, 1]


def test_json_has_the_table_and_every_result_and_nothing_else(made_up, spikesight, in_this_process):
    told = json.loads(spikesight(*WORDS, "--json", "--set", "n=5", "--quick").stdout or "null")
    assert told is None, "n is swept over already"
    told = json.loads(spikesight(*WORDS, "--json", "--quick").stdout)
    assert [row["settings"] for row in told["table"]] == [{"n": "3"}, {"n": "4"}]
    assert [one["result"]["seed"] for one in told["results"]] == [0, 1, 0, 1]
    assert made_up.orders[0].quick


def test_what_failed_is_in_the_table_and_the_exit_code_is_1(made_up, spikesight, in_this_process, monkeypatch):
    reproduce = type(made_up).reproduce

    def fails(self, order):
        if order.seed == 1 and self.n == 4:
            from spikesight.base.errors import InputError

            raise InputError("too\nmany")
        return reproduce(self, order)

    monkeypatch.setattr(type(made_up), "reproduce", fails)
    answer = spikesight(*WORDS)
    assert answer.exit_code == 1
    header, fine, failed = answer.stdout.splitlines()
    assert header.endswith("failed")
    assert failed.endswith("1: too many")
    assert failed.split()[:2] == ["4", "1"]
    assert fine.split()[:2] == ["3", "2"]
    assert "Traceback" not in answer.stderr


def test_it_goes_on_with_a_sweep(made_up, spikesight, in_this_process, tmp_path):
    folder = json.loads(spikesight(*WORDS, "--json").stdout)["folder"]
    (tmp_path / folder / "job-0002" / "outcome.json").write_text('{"result": null, "error": "once"}')
    answer = spikesight("sweep", "made-up", "--resume", folder, "--json")
    assert answer.exit_code == 0, answer.stderr
    assert json.loads(answer.stdout)["failed"] == 0
    assert len(made_up.orders) == 5


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--over", "n"], "expected NAME=V1,V2"),
        (["--over", "n=1", "--over", "n=2"], "once per name"),
        (["--over", "m=1"], "no setting of this recipe is called 'm'"),
        (["--over", "n=1,x"], "takes a value of type int, got 'x'"),
        (["--seeds", "0"], "Invalid value for '--seeds'"),
        (["--jobs", "2", "--cluster", "tcp://x:1"], "leave out --jobs"),
    ],
)
def test_wrong_usage(made_up, spikesight, words, told):
    answer = spikesight("sweep", "made-up", *words)
    assert answer.exit_code == 2
    assert told in " ".join(answer.stderr.split())


def test_a_sweep_that_goes_on_is_what_it_began_as(made_up, spikesight, in_this_process, tmp_path):
    folder = json.loads(spikesight(*WORDS, "--json").stdout)["folder"]
    for words, told in (
        (["--seeds", 2], "the seeds that it began with"),
        (["--quick"], "the quick that it began with"),
    ):
        answer = spikesight("sweep", "made-up", "--resume", folder, *words)
        assert answer.exit_code == 2
        assert told in answer.stderr
    answer = spikesight("sweep", "diehl-cook-digits", "--resume", folder)
    assert answer.exit_code in (0, 2)
    answer = spikesight("sweep", "made-up", "--resume", "nowhere")
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert "is not the folder of a sweep" in answer.stderr


def test_an_interruption_says_how_to_go_on(made_up, spikesight, monkeypatch):
    def attempts(self, folders):
        yield folders[0]
        raise KeyboardInterrupt

    monkeypatch.setattr(side_by_side.Here, "attempts", attempts)
    answer = spikesight(*WORDS)
    assert answer.exit_code == 1
    assert answer.stderr.splitlines()[-1].startswith(
        "error: interrupted. `spikesight sweep made-up --resume runs/sweep-made-up-"
    )
