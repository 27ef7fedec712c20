"""Files of events on the studio's address: who may ask, what is answered, beside runs or alone."""

import json
import urllib.error
import urllib.request
from urllib.parse import urlencode

import numpy as np
import pytest

from spikesight import studio
from spikesight.base.errors import InputError
from spikesight.benchmarks.hostile import VALUES
from spikesight.events.files.bin import Bin
from spikesight.events.files.reading import EventFile, read
from spikesight.studio.access import TOKEN_HEADER
from spikesight.studio.events.open_events import OpenEvents
from spikesight.studio.events.views import EVENT_VIEWS
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import parse
from spikesight.studio.server import Studio, StudioError
from spikesight.studio.wire import to_json

RECORD = np.array([(x, 33 - x, 128 * (x % 2), x, 0) for x in range(34)], np.uint8).tobytes()


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("events") / "line.bin"
    path.write_bytes(RECORD)
    return path


@pytest.fixture(scope="module")
def served(path):
    with studio.play([path, EventFile(RECORD[:50], Bin(), "short.bin")]) as one:
        for thing in one._things.values():
            thing.wait()
        yield one


def get(served, path, token=None):
    headers = {TOKEN_HEADER: served.gate.token if token is None else token}
    request = urllib.request.Request(f"http://127.0.0.1:{served.port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_the_address_is_that_of_the_player(served):
    assert served.address == f"http://127.0.0.1:{served.port}/events#token={served.gate.token}"
    status, page = get(served, "/events", token="")
    assert status == 200
    assert b"events/main.js" in page


def test_files_are_listed(served):
    assert json.loads(get(served, "/api/files.json")[1]) == {"files": [{"name": "line.bin"}, {"name": "short.bin"}]}
    assert json.loads(get(served, "/api/runs.json")[1]) == {"runs": []}


def test_answers_are_those_of_the_views(served, path):
    opened = OpenEvents(path)
    opened.wait()
    questions = {"facts": {}, "dots": {"from": "9"}, "counted": {}, "decayed": {"tau": "99"}, "rate": {"bins": "4"}}
    for name, asked in questions.items():
        view = EVENT_VIEWS[name]
        words = "&".join(f"{key}={value}" for key, value in asked.items())
        wanted = json.loads(to_json(view.answer(opened, parse(asked, view.options))))
        assert json.loads(get(served, f"/api/line.bin/{name}.json?{words}")[1]) == {"revision": 1, **wanted}
    opened.close()
    told = json.loads(get(served, "/api/line.bin/dots.json")[1])
    events = read(path).events
    assert [t + events.t[0] for t in told["t"]] == events.t.tolist()


def test_nobody_asks_without_the_token(served):
    for place in ("/api/files.json", "/api/line.bin/facts.json", "/api/line.bin/dots.bin"):
        assert get(served, place, token="guess")[0] == 401


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ("/api/other.bin/facts.json", 404),
        ("/api/line.bin/raster.json", 404),
        ("/api/line.bin/facts.xml", 404),
        ("/api/line.bin/dots.json?from=5&to=4", 400),
        ("/api/line.bin/dots.json?from=1e400", 400),
        ("/api/line.bin/dots.json?most=99999999", 400),
        ("/api/line.bin/dots.json?speed=1", 400),
        ("/api/line.bin/dots.json?other=short.bin", 404),
        ("/api/line.bin/decayed.json?tau=-1", 400),
        ("/api/line.bin/rate.json?bins=100000", 400),
        ("/api/line.bin/counted.json?to=%00", 400),
        ("/api/..%2Fline.bin/facts.json", 404),
    ],
)
def test_strange_questions_are_refused_with_words(served, place, status):
    got, told = get(served, place)
    assert got == status
    assert json.loads(told).get("error") or json.loads(told) == {"detail": "Not Found"}


@pytest.mark.parametrize("name", EVENT_VIEWS)
def test_no_hostile_question_is_a_mistake(served, name):
    asked = [(option, value) for option in (*EVENT_VIEWS[name].options, "bins", "other", "zzz") for value in VALUES]
    for option, value in asked:
        place = f"/api/line.bin/{name}.json?{urlencode({option: str(value)}, errors='surrogatepass')}"
        status, told = get(served, place)
        assert status in {200, 400, 404}, (option, value, told)
        assert status == 200 or json.loads(told)["error"]
        assert len(told) < 1 << 20


def test_runs_and_files_stand_beside_each_other(finished, path):
    run, file = OpenRun(finished.run.folder), OpenEvents(path)
    file.wait()
    one = Studio([run, file], 0)
    one.start()
    with one:
        assert json.loads(get(one, "/api/files.json")[1])["files"] == [{"name": "line.bin"}]
        assert [named["name"] for named in json.loads(get(one, "/api/runs.json")[1])["runs"]] == [run.name]
        assert get(one, f"/api/{run.name}/facts.json")[0] == 404, "views belong to the kind of thing"
        assert get(one, f"/api/{run.name}/summary.json?other=line.bin")[0] == 404
        assert json.loads(get(one, f"/api/{run.name}/summary.json")[1])["stimuli"] == 300


def test_what_cannot_be_played(tmp_path, path):
    with pytest.raises(InputError, match="at least one"):
        studio.play([])
    with pytest.raises(InputError, match="not there"):
        studio.play([path, tmp_path / "nothing.bin"])
    with studio.play([path]) as first, pytest.raises(StudioError, match="cannot be used"):
        studio.play([path], port=first.port)
