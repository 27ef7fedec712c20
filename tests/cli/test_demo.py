"""`spikesight demo` with a recipe that takes no time: what is shown when, and what goes where."""

import json
import webbrowser

import pytest

from spikesight import studio


class NoStudio:
    """Stands for a studio: remembers what it was asked to show, and is left with Ctrl-C at once."""

    address = "http://127.0.0.1:1/#token=x"

    def __init__(self):
        self.shown, self.events = [], []

    def start(self, folders, port):
        self.shown.append((list(folders), port))
        self.events.append("start")
        return self

    def wait(self):
        self.events.append("wait")
        raise KeyboardInterrupt

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.events.append("stop")


@pytest.fixture
def stand_in(monkeypatch) -> NoStudio:
    stand_in = NoStudio()
    monkeypatch.setattr(studio, "start", stand_in.start)
    return stand_in


def test_the_studio_shows_the_run_and_stays_until_ctrl_c(made_up, stand_in, spikesight, tmp_path):
    answer = spikesight("demo", "--port", 4321)
    assert answer.exit_code == 0
    ((folders, port),) = stand_in.shown
    assert [folder.parent.name for folder in folders] == ["runs"]
    assert port == 4321
    assert stand_in.events == ["start", "wait", "stop"]
    lines = answer.stdout.splitlines()
    assert lines[0] == f"Studio: {stand_in.address}"
    assert "87.5%" in lines[2]
    assert lines[-1] == "Studio closed."


def test_headless_serves_nothing_and_ends(made_up, stand_in, spikesight):
    answer = spikesight("demo", "--headless", "--seed", 9)
    assert answer.exit_code == 0
    assert stand_in.events == []
    assert made_up.orders[0].seed == 9


def test_json_alone_is_on_standard_output(made_up, stand_in, spikesight):
    answer = spikesight("demo", "--json")
    assert json.loads(answer.stdout)["value"] == 0.875
    assert f"Studio: {stand_in.address}" in answer.stderr


def test_no_browser_is_opened_unasked(made_up, stand_in, spikesight, monkeypatch):
    opened = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    spikesight("demo")
    assert opened == []
    spikesight("demo", "--open")
    assert opened == [stand_in.address]


def test_a_failure_ends_the_command(made_up, stand_in, spikesight):
    made_up.trouble = KeyboardInterrupt()
    answer = spikesight("demo")
    assert answer.exit_code == 1
    assert stand_in.events == ["start"]
