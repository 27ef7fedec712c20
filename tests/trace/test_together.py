import threading

import duckdb
import numpy as np
import pytest

from spikesight.base.errors import TraceError
from spikesight.trace import together as module
from spikesight.trace.together import Together, joined, parted

sqlglot = pytest.importorskip("sqlglot", reason="needs the extra 'cluster'")


class Counting:
    """A place that answers with DuckDB and counts what it is asked."""

    def __init__(self):
        self.asked = []

    def run(self, sql):
        self.asked.append(sql)
        return duckdb.sql(sql).to_arrow_table()


def numbers(seed, order="ORDER BY x DESC, y", limit=""):
    return f"WITH rows AS (SELECT range AS x, range % {seed} AS y FROM range(5)) SELECT * FROM rows {order} {limit}"


def ask_all(together, questions):
    answers = {}

    def ask(number, statements):
        try:
            answers[number] = [together.ask(number, alike, statement) for alike, statement in statements]
        except Exception as error:
            answers[number] = error
        finally:
            together.leave()

    threads = [threading.Thread(target=ask, args=one) for one in questions.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert not any(thread.is_alive() for thread in threads)
    return answers


def test_a_joined_statement_gives_everyone_its_rows_in_its_order():
    statements = {7: numbers(2), 3: numbers(3), 11: numbers(1, limit="LIMIT 2")}
    rows = duckdb.sql(joined(statements)).fetchnumpy()
    assert rows["asker"].tolist() == [3] * 5 + [7] * 5 + [11] * 2
    for asker, part in parted(rows, list(statements)):
        alone = duckdb.sql(statements[asker]).fetchnumpy()
        assert {name: column.tolist() for name, column in part.items()} == {n: c.tolist() for n, c in alone.items()}


def test_one_without_rows_gets_none():
    rows = duckdb.sql(joined({0: numbers(2, "WHERE x < 0 ORDER BY x"), 1: numbers(2)})).fetchnumpy()
    parts = dict(parted(rows, [0, 1]))
    assert len(parts[0]["x"]) == 0
    assert len(parts[1]["x"]) == 5


def test_statements_that_are_alike_go_out_as_one():
    place = Counting()
    questions = {n: [("first", numbers(n + 1)), ("second", "SELECT 1 AS one")] for n in range(5)}
    answers = ask_all(Together(place, 5), questions)
    assert len(place.asked) == 2
    for n, (first, second) in answers.items():
        assert first["x"].tolist() == [4, 3, 2, 1, 0]
        assert first["y"].tolist() == [x % (n + 1) for x in (4, 3, 2, 1, 0)]
        assert second["one"].tolist() == [1]


def test_those_who_ask_less_do_not_keep_the_others_waiting():
    place = Counting()
    answers = ask_all(Together(place, 3), {n: [("same", numbers(n + 1))] * n for n in range(3)})
    assert [len(answers[n]) for n in range(3)] == [0, 1, 2]
    assert len(place.asked) == 2


def test_different_questions_at_a_time_are_asked_apart():
    place = Counting()
    answers = ask_all(Together(place, 2), {0: [("a", "SELECT 1 AS one")], 1: [("b", "SELECT 2 AS two")]})
    assert [list(answers[n][0]) for n in (0, 1)] == [["one"], ["two"]]
    assert len(place.asked) == 2


def test_an_error_reaches_all_who_asked_so():
    broken = {0: [("broken", "SELECT nothing FROM nowhere")], 1: [("broken", "SELECT nothing FROM nowhere")]}
    answers = ask_all(Together(Counting(), 3), {**broken, 2: [("fine", "SELECT 1 AS one")]})
    assert isinstance(answers[0], TraceError)
    assert isinstance(answers[1], TraceError)
    assert answers[2][0]["one"].tolist() == [1]


def test_many_are_asked_in_groups(monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    place = Counting()
    answers = ask_all(Together(place, 5), {n: [("same", f"SELECT {n} AS n")] for n in range(5)})
    assert len(place.asked) == 3
    assert [answers[n][0]["n"].tolist() for n in range(5)] == [[n] for n in range(5)]
    assert all(isinstance(answers[n][0]["n"], np.ndarray) for n in range(5))


def test_names_that_statements_define_do_not_meet():
    """Also where all definitions are moved to the top, as in the SQL of Spark."""
    statements = {
        n: f"WITH rows AS (SELECT {n} AS x), beside AS (SELECT {n} AS y) "
        "SELECT rows.x, shown FROM rows JOIN (SELECT y AS shown FROM beside) ON x = shown ORDER BY x"
        for n in (2, 5)
    }
    (spark,) = sqlglot.transpile(joined(statements), read="duckdb", write="spark")
    (back,) = sqlglot.transpile(spark, read="spark", write="duckdb")
    for sql in (joined(statements), back):
        assert duckdb.sql(sql).fetchall() == [(2, 2, 2), (5, 5, 5)]
