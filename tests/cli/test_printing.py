"""Tables and figures."""

import sys

import pytest

from spikesight.cli.printing import figure, show_json, show_result, show_table
from spikesight.recipes.contract import Result


def test_plain_tables_align_columns_and_leave_no_trailing_space(capsys):
    show_table(["a", "longer"], [["wide cell", "1"], ["x", ""]])
    assert capsys.readouterr().out == "a          longer\nwide cell  1\nx\n"


def test_a_terminal_gets_lines_around_cells_and_words_in_brackets_stay(capsys, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    show_table(["name"], [["[bold] is a word"]])
    told = capsys.readouterr().out
    assert "[bold] is a word" in told
    assert "│" in told or "|" in told


def test_figures_read_as_percent_where_they_are_accuracies():
    assert figure("accuracy", 0.8749) == "87.5%"
    assert figure("ms per image", 0.51234) == "0.5123"
    assert figure("accuracy", None) == "-"


def test_json_has_no_nan():
    with pytest.raises(ValueError, match="JSON"):
        show_json({"value": float("nan")})


def test_a_claim_without_images_shows_a_dash_for_their_speed(capsys):
    show_result(Result("r", "gap, dB", 0.125, None, None, 1.0, None, 0, "runs/r"))
    header, row = capsys.readouterr().out.splitlines()
    assert row[header.index("images/s")] == "-"
    assert "0.125" in row
