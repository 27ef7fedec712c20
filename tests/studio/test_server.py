import json
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import pytest

from spikesight import studio
from spikesight.base.errors import InputError, RunError
from spikesight.runs.folder import Run
from spikesight.studio.access import TOKEN_HEADER
from spikesight.studio.open_run import OpenRun
from spikesight.studio.server import StudioError


def get(served, path):
    request = urllib.request.Request(f"http://127.0.0.1:{served.port}{path}", headers={TOKEN_HEADER: served.gate.token})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()


def test_importing_the_studio_loads_no_server():
    heavy = ("starlette", "uvicorn", "duckdb", "numpy")
    code = f"import sys, spikesight.studio; print([name for name in {heavy} if name in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_it_listens_on_the_loopback_address_only(finished):
    with studio.start([finished.run.folder]) as served:
        assert served.address.startswith(f"http://127.0.0.1:{served.port}/#token=")
        assert served._socket.getsockname()[0] == "127.0.0.1"


def test_stop_frees_the_port_and_can_be_called_twice(finished):
    served = studio.start([finished.run.folder])
    served.stop()
    served.stop()
    with socket.create_server(("127.0.0.1", served.port)):
        pass
    with pytest.raises(urllib.error.URLError):
        get(served, "/")


def test_a_port_of_choice_and_a_port_that_is_taken(finished):
    with studio.start([finished.run.folder]) as first:
        with pytest.raises(StudioError, match=f"port {first.port} .* cannot be used"):
            studio.start([finished.run.folder], port=first.port)
        port = first.port
    with studio.start([finished.run.folder], port=port) as again:
        assert again.port == port


@pytest.mark.parametrize("port", [-1, 70_000])
def test_ports_that_do_not_exist(finished, port):
    with pytest.raises(StudioError, match="cannot be used"):
        studio.start([finished.run.folder], port=port)


def test_what_is_not_a_run(tmp_path):
    with pytest.raises(RunError, match="not a run"):
        studio.start([tmp_path])
    with pytest.raises(InputError, match="at least one run"):
        studio.start([])


def test_runs_are_let_go_of_where_the_studio_does_not_come_up(finished, tmp_path, monkeypatch):
    closed = []
    monkeypatch.setattr(OpenRun, "close", lambda run: closed.append(run.name))
    with pytest.raises(RunError):
        studio.start([finished.run.folder, tmp_path])
    with pytest.raises(StudioError, match="cannot be used"):
        studio.start([finished.run.folder], 1 << 17)
    assert closed == [finished.run.folder.name] * 2


def test_several_runs_also_of_one_name(finished, tmp_path):
    other = Run.create(tmp_path, "other", seed=1, config={})
    with studio.start([finished.run.folder, other.folder, finished.run.folder]) as served:
        names = [run["name"] for run in json.loads(get(served, "/api/runs.json"))["runs"]]
        assert names == [finished.run.folder.name, other.folder.name, f"{finished.run.folder.name}-2"]
        assert json.loads(get(served, f"/api/{names[2]}/summary.json"))["stimuli"] == 300
        assert json.loads(get(served, f"/api/{names[1]}/raster.json"))["empty"].startswith("Nothing was recorded")


def test_many_questions_at_once(finished):
    with studio.start([finished.run.folder]) as served:
        path = f"/api/{finished.run.folder.name}/raster.json?t0={{}}&t1={{}}"
        answers = {}

        def one(k):
            answers[k] = json.loads(get(served, path.format(k, k + 10)))

        threads = [threading.Thread(target=one, args=(k,)) for k in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        t = finished.spikes("exc")[:, 0]
        for k in range(12):
            expected = int(((t >= k * 2000) & (t < (k + 10) * 2000)).sum())
            assert answers[k]["layers"][1]["spikes"] == expected


def test_serve_says_where_and_stays_until_interrupted(finished):
    code = (
        "import sys; from pathlib import Path; from spikesight import studio;"
        "studio.serve([Path(sys.argv[1])], announce=lambda line: print(line, flush=True))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(finished.run.folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = process.stdout.readline()
        assert "http://127.0.0.1:" in said
        assert "#token=" in said
        process.send_signal(2)
        out, err = process.communicate(timeout=20)
        assert process.returncode == 0
        assert "closed" in out
        assert err == ""
    finally:
        process.kill()
        process.communicate()
