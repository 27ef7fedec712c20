"""`spikesight data`: what is listed, what is got, what is checked."""

import contextlib
import json
import queue
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType

import pytest

from spikesight.cli.data import _short
from spikesight.datasets.catalogue import DATASETS
from spikesight.datasets.entry import Entry, File


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SPIKESIGHT_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_the_list_tells_all_and_what_is_there(folder, spikesight):
    listed = spikesight("data", "list")
    assert listed.exit_code == 0
    lines = listed.stdout.splitlines()
    assert [line.split()[0] for line in lines[1:-2]] == list(DATASETS)
    assert f"Looked for in {folder}." in listed.stdout
    for told in ("11.6 MB", "spikesight data get mnist", "by hand: https://www.garrickorchard.com", "comes with"):
        assert told in listed.stdout


@pytest.mark.parametrize(
    ("size", "told"), [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (999_499, "999 kB"), (999_700, "1 MB")], ids=str
)
def test_sizes_have_three_digits(size, told):
    assert _short(size) == told


def test_the_list_in_json(folder, spikesight):
    entries = {one["name"]: one for one in json.loads(spikesight("data", "list", "--json").stdout)}
    assert set(entries) == set(DATASETS)
    mnist, gesture, digits = (entries[name] for name in ("mnist", "dvs-gesture", "digits"))
    assert (mnist["bytes"], mnist["there"], mnist["can_be_fetched"], mnist["folder"]) == (
        11_594_722,
        "no",
        True,
        str(folder),
    )
    assert all(len(file["urls"]) == 2 and file["path"] is None for file in mnist["files"])
    assert (gesture["can_be_fetched"], gesture["bytes"]) == (False, None)
    assert "DvsGesture.tar.gz" in gesture["advice"]
    assert (digits["there"], digits["files"]) == ("yes", [])


def test_a_folder_can_be_named(folder, tmp_path, spikesight):
    assert f"Looked for in {tmp_path}." in spikesight("data", "list", "--data", tmp_path).stdout


def test_what_a_person_has_to_fetch_is_an_answer(folder, spikesight):
    answer = spikesight("data", "get", "n-caltech101")
    assert answer.exit_code == 1
    assert answer.stderr.startswith("error: Caltech101.zip of n-caltech101 cannot be fetched by a program: put")
    assert not folder.exists()


def test_an_unknown_sequence_offers_the_nearest(folder, spikesight):
    answer = spikesight("data", "get", "dsec", "--only", "thun_00")
    assert answer.exit_code == 1
    assert "Did you mean thun_00_a" in answer.stderr
    assert "--only thun_00_a" in spikesight("data", "get", "dsec").stderr


def test_what_needs_no_file(folder, spikesight):
    assert "comes with Spikesight" in spikesight("data", "get", "digits").stdout
    assert json.loads(spikesight("data", "get", "digits", "--json").stdout) == {"name": "digits", "files": []}


@pytest.mark.parametrize("command", ["get", "check"])
def test_an_unknown_name_offers_the_nearest(command, folder, spikesight):
    answer = spikesight("data", command, "nmnist")
    assert answer.exit_code == 2
    assert "Did you mean n-mnist" in answer.stderr


@pytest.fixture
def set_of_text(folder, monkeypatch):
    """A data set that a person has put there."""
    path = folder / "DDD17" / "run1" / "rec1.hdf5"
    path.parent.mkdir(parents=True)
    path.write_text("0.0 1 2 1\n")
    module = ModuleType("made_up_entries")
    module.ENTRY = Entry("made-up", "t", "s", "l", "n", "spikesight.datasets.ddd17:ddd17", "x", (File("DDD17"),))
    monkeypatch.setitem(sys.modules, "made_up_entries", module)
    monkeypatch.setattr(DATASETS, "_places", {"made-up": "made_up_entries:ENTRY"})
    return path


def test_a_check_tells_damage_by_its_exit_code(set_of_text, spikesight):
    whole = spikesight("data", "check", "made-up")
    assert (whole.exit_code, whole.stdout.split("\n")[1].split()[:4]) == (0, ["ok", "made-up", "1", "all"])
    set_of_text.write_text("nonsense")
    damaged = spikesight("data", "check", "--json")
    assert damaged.exit_code == 1
    (one,) = json.loads(damaged.stdout)
    assert (one["name"], one["counts"], len(one["wrong"])) == ("made-up", {"all": 1}, 1)
    assert "DAMAGED" in spikesight("data", "check").stdout


SIZE = 26_421_880
"""Bytes of the first file of Fashion-MNIST."""


class HalfProxy(BaseHTTPRequestHandler):
    """Gives a megabyte of whatever is asked for, and then nothing more; its server keeps what was asked."""

    def do_GET(self):
        self.server.asked.put((self.path, self.headers.get("Range")))
        self.send_response(200)
        self.send_header("Content-Length", str(SIZE))
        self.send_header("ETag", '"one"')
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(bytes(1 << 20))
            self.wfile.flush()
            self.server.done.wait(20)

    def log_message(self, *_):
        """Say nothing."""


def test_ctrl_c_keeps_what_has_come_and_the_same_again_goes_on(folder, tmp_path, monkeypatch, start):
    monkeypatch.delenv("no_proxy", raising=False)
    with ThreadingHTTPServer(("127.0.0.1", 0), HalfProxy) as server:
        server.asked, server.done, server.daemon_threads = queue.Queue(), threading.Event(), True
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        part = folder / "FashionMNIST" / "raw" / ".train-images-idx3-ubyte.gz.part"
        try:
            ranges = []
            for _ in range(2):
                with start(tmp_path, "data", "get", "fashion-mnist") as process:
                    url, asked = server.asked.get(timeout=20)
                    ranges.append(asked)
                    until = time.monotonic() + 20
                    while not (part.exists() and part.stat().st_size) and time.monotonic() < until:
                        time.sleep(0.01)
                    process.send_signal(signal.SIGINT)
                    _, told = process.communicate(timeout=20)
                assert (process.returncode, told.splitlines()[-1]) == (
                    1,
                    "error: interrupted. What has come is kept: type the same again to go on",
                )
        finally:
            server.done.set()
            server.shutdown()
            thread.join()
    assert url == "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/train-images-idx3-ubyte.gz"
    begun = int(ranges[1].removeprefix("bytes=").rstrip("-"))
    assert ranges[0] is None
    assert 0 < begun <= 1 << 20


def test_what_is_there_is_not_got_again(set_of_text, spikesight):
    assert "was there" in spikesight("data", "get", "made-up").stdout


def test_a_check_of_what_is_not_there(folder, spikesight):
    answer = spikesight("data", "check", "mnist")
    assert answer.exit_code == 1
    assert "mnist is not in" in answer.stderr
    assert "spikesight data get mnist" in answer.stderr
