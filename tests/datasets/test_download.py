"""Fetching from a server on this machine that behaves as badly as servers do."""

import hashlib
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from spikesight.base.errors import StorageFull
from spikesight.datasets.download import DownloadError, Wanted, fetch
from spikesight.datasets.recorded import Digest, digest
from spikesight.datasets.transfer import Limits

DATA = bytes(range(256)) * 400
LENGTH = len(DATA)
SHA256 = hashlib.sha256(DATA).hexdigest()
KNOWN = Wanted(len(DATA), SHA256)
QUICK = Limits(stall=0.4, least_rate=50_000, patience=0.3, tries=3, pause=0.01)


class Server(ThreadingHTTPServer):
    """Answers every request by the function `behave`, and remembers the headers of all."""

    daemon_threads = True

    def handle_error(self, request, client_address):
        """Say nothing of clients that went away."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        self.close_connection = True
        self.server.behave(self, len(self.server.asked))

    def log_message(self, *_):
        """Say nothing."""

    def head(self, status=200, length=LENGTH, **headers):
        self.send_response(status)
        for name, value in {"Content-Length": length, **headers}.items():
            if value is not None:
                self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def give(self, tag='"one"', data=DATA):
        """Answer as a good server does, ranges too."""
        begin = 0
        if (asked := self.headers.get("Range")) and self.headers.get("If-Range") in (tag, None):
            begin = int(asked.removeprefix("bytes=").rstrip("-"))
        if begin:
            told = f"bytes {begin}-{len(data) - 1}/{len(data)}"
            self.head(206, len(data) - begin, ETag=tag, Content_Range=told)
        else:
            self.head(200, len(data), ETag=tag)
        self.wfile.write(data[begin:])


@contextmanager
def serving(behave):
    with Server(("127.0.0.1", 0), Handler) as server:
        server.behave, server.asked = behave, []
        server.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


class Told:
    def __init__(self):
        self.bytes = 0

    def advance(self, steps, **_):
        self.bytes += steps


def got(behave, path, wanted=KNOWN, limits=QUICK, mirrors=1):
    """Fetch from a server that behaves so; return it, when it is closed."""
    told = Told()
    with serving(behave) as server:
        found, url = fetch(tuple(f"{server.url}/{k}" for k in range(mirrors)), path, wanted, limits, told)
    assert path.read_bytes() == DATA
    assert (found.size, found.sha256) == (len(DATA), SHA256)
    assert told.bytes == len(DATA)
    assert url.startswith(server.url)
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    return server


def refused(behave, path, says, wanted=KNOWN, limits=QUICK, mirrors=1):
    with serving(behave) as server, pytest.raises(DownloadError, match=says):
        fetch(tuple(f"{server.url}/{k}" for k in range(mirrors)), path, wanted, limits)
    assert not path.exists()
    return server


def part_of(path):
    return path.with_name(f".{path.name}.part")


def test_a_good_server(tmp_path):
    server = got(lambda h, _: h.give(), tmp_path / "data")
    assert len(server.asked) == 1


def test_what_nobody_knows_beforehand_is_fetched_too(tmp_path):
    assert got(lambda h, _: h.give(), tmp_path / "data", Wanted()).asked


def cut(after):
    """End the first answer after so many bytes, although all were announced; then be good."""

    def behave(h, number):
        if number > 1:
            h.give()
        else:
            h.head(ETag='"one"')
            h.wfile.write(DATA[:after])

    return behave


def test_an_answer_that_ends_too_early_is_gone_on_with(tmp_path):
    server = got(cut(70_000), tmp_path / "data", Wanted())
    _, headers = server.asked[1]
    assert (headers["Range"], headers["If-Range"]) == ("bytes=70000-", '"one"')


@pytest.mark.parametrize("known", [KNOWN, Wanted()], ids=["known", "unknown"])
@pytest.mark.parametrize("seed", range(3))
def test_however_often_it_is_cut_the_file_is_right(tmp_path, seed, known):
    """Every answer ends somewhere, some are refusals, some ignore what was asked to begin at."""
    random = np.random.default_rng(seed)

    def behave(h, number):
        if number > 30 or random.random() < 0.05:
            return h.give()
        if random.random() < 0.2:
            return h.head(503, 0)
        begin = int(h.headers.get("Range", "bytes=0-")[6:-1])
        if random.random() < 0.2 or not begin:
            begin = 0
            h.head(200, LENGTH, ETag='"one"')
        else:
            h.head(206, LENGTH - begin, ETag='"one"', Content_Range=f"bytes {begin}-{LENGTH - 1}/{LENGTH}")
        return h.wfile.write(DATA[begin : begin + int(random.integers(0, 20_000))])

    got(behave, tmp_path / "data", known, Limits(stall=5.0, tries=40, pause=0.0))


def test_a_later_call_goes_on_with_what_an_earlier_one_left(tmp_path):
    path = tmp_path / "data"

    def behave(h, number):
        return cut(70_000)(h, 1) if number == 1 else h.head(503, 0)

    with serving(behave) as server:
        with pytest.raises(DownloadError, match=r"503.*70000 bytes are kept: type the same again"):
            fetch((f"{server.url}/0",), path, Wanted(), QUICK)
        assert part_of(path).stat().st_size == 70_000
        server.behave = lambda h, _: h.give()
        fetch((f"{server.url}/0",), path, Wanted(), QUICK)
    assert server.asked[-1][1]["Range"] == "bytes=70000-"
    assert path.read_bytes() == DATA


def test_a_file_that_changed_in_between_is_fetched_anew(tmp_path):
    def behave(h, number):
        return cut(70_000)(h, 1) if number == 1 else h.give('"two"')

    server = got(behave, tmp_path / "data", Wanted())
    assert len(server.asked) == 2


def test_a_server_without_ranges_is_asked_for_all_again(tmp_path):
    def behave(h, number):
        h.head(ETag='"one"')
        h.wfile.write(DATA[:70_000] if number == 1 else DATA)

    got(behave, tmp_path / "data")


def test_without_a_mark_parts_are_put_together_only_if_a_checksum_can_tell(tmp_path):
    def behave(h, number):
        if number == 1:
            h.head()
            h.wfile.write(DATA[:70_000])
        else:
            h.give(None)

    assert "Range" in got(behave, tmp_path / "known").asked[1][1]
    (tmp_path / "known").unlink()
    assert "Range" not in got(behave, tmp_path / "unknown", Wanted()).asked[1][1]


def test_parts_of_two_files_are_found_out_and_fetched_anew(tmp_path):
    def behave(h, number):
        if number == 1:
            h.head(ETag='"one"')
            h.wfile.write(b"x" * 70_000)
        else:
            h.give()

    assert [("Range" in headers) for _, headers in got(behave, tmp_path / "data").asked] == [False, True, False]


def test_a_range_that_was_not_asked_for_is_not_taken(tmp_path):
    def behave(h, number):
        if number == 1:
            return cut(70_000)(h, 1)
        if number == 2:
            h.head(206, 10, ETag='"one"', Content_Range=f"bytes 10-19/{len(DATA)}")
            return h.wfile.write(DATA[10:20])
        return h.give()

    assert len(got(behave, tmp_path / "data").asked) == 3


def test_no_such_range_begins_anew(tmp_path):
    def behave(h, number):
        return cut(70_000)(h, 1) if number == 1 else h.head(416, 0) if "Range" in h.headers else h.give()

    assert len(got(behave, tmp_path / "data", Wanted()).asked) == 3


@pytest.mark.parametrize("told", [f"bytes */{LENGTH}", f"bytes */{LENGTH - 10}", None], ids=["all", "fewer", "untold"])
@pytest.mark.parametrize("kept", [DATA, DATA + b"more"], ids=["whole", "longer"])
def test_more_than_the_file_is_kept_of_an_earlier_call(tmp_path, told, kept):
    """It was killed between the last byte and the new name; or the file has become shorter."""

    def behave(h, _):
        return h.head(416, 0, Content_Range=told) if "Range" in h.headers else h.give()

    part_of(tmp_path / "data").write_bytes(kept)
    server = got(behave, tmp_path / "data", Wanted(sha256=SHA256))
    assert len(server.asked) == (1 if kept == DATA and told == f"bytes */{LENGTH}" else 2)


def test_a_page_of_another_mirror_does_not_cost_what_has_come(tmp_path):
    def behave(h, number):
        if h.path == "/0":
            return cut(70_000)(h, 1) if number == 1 else h.head(503, 0)
        return h.head(200, 20)

    path = tmp_path / "data"
    refused(behave, path, f"its file has 20 bytes, the right one has {LENGTH}.*70000 bytes are kept", mirrors=2)
    assert part_of(path).read_bytes() == DATA[:70_000]


def test_what_stands_beside_a_redirection_is_not_read(tmp_path):
    """It may have no end."""
    sent = []

    def behave(h, _):
        if h.path == "/there":
            return h.give()
        h.head(302, None, Location="/there")
        begun = time.monotonic()
        while time.monotonic() - begun < 2.0 and sum(sent) < 1 << 26:
            sent.append(h.wfile.write(DATA))
        return None

    got(behave, tmp_path / "data")
    assert sum(sent) < 1 << 26


def test_a_stall_is_ended_and_gone_on_with(tmp_path):
    def behave(h, number):
        if number == 1:
            cut(5_000)(h, 1)
            h.wfile.flush()
            time.sleep(0.6)
        else:
            h.give()

    begun = time.monotonic()
    got(behave, tmp_path / "data")
    assert time.monotonic() - begun < 3.0


def test_a_server_that_never_answers(tmp_path):
    refused(lambda h, _: time.sleep(0.6), tmp_path / "data", "no answer", limits=Limits(stall=0.2, tries=1))


def test_a_slow_drip_is_ended_although_no_single_wait_is_long(tmp_path):
    def behave(h, _):
        h.head()
        for k in range(40):
            h.wfile.write(DATA[k : k + 1])
            h.wfile.flush()
            time.sleep(0.03)

    refused(behave, tmp_path / "data", "too slow", limits=Limits(0.4, 50_000, 0.3, 1, 0.01))


@pytest.mark.parametrize("length", [len(DATA) - 1, len(DATA) + 1])
def test_a_length_that_cannot_be_right_is_refused_before_anything_is_fetched(tmp_path, length):
    def behave(h, _):
        h.head(length=length)
        h.wfile.write(DATA)

    server = refused(behave, tmp_path / "data", f"its file has {length} bytes, the right one has {len(DATA)}")
    assert len(server.asked) == 1


def test_a_longer_announced_file_that_nobody_knows_is_never_taken(tmp_path):
    def behave(h, _):
        h.head(length=len(DATA) + 10)
        h.wfile.write(DATA)

    refused(behave, tmp_path / "data", f"ended after {len(DATA)} of {len(DATA) + 10} bytes", Wanted())


def test_a_shorter_announced_file_is_found_out_by_its_checksum(tmp_path):
    def behave(h, _):
        h.head(length=1000)
        h.wfile.write(DATA)

    refused(behave, tmp_path / "data", "its sha256 is .*, the right one's is", Wanted(sha256=SHA256))


@pytest.mark.parametrize("known", [KNOWN, Wanted()], ids=["known size", "any size"])
def test_a_server_that_sends_without_end(tmp_path, known):
    def behave(h, _):
        h.head(length=None)
        for _ in range(40):
            h.wfile.write(DATA)

    refused(behave, tmp_path / "data", r"sends more than \d+ bytes", known, Limits(largest=10 * len(DATA), tries=1))
    assert part_of(tmp_path / "data").stat().st_size == 0


def test_a_length_beyond_the_limit(tmp_path):
    refused(lambda h, _: h.give(), tmp_path / "data", "more than the 1000", Wanted(), Limits(largest=1000))


def test_wrong_content_goes_to_the_next_mirror(tmp_path):
    def behave(h, _):
        h.give(data=DATA if h.path == "/1" else DATA[::-1])

    server = got(behave, tmp_path / "data", mirrors=2)
    assert [path for path, _ in server.asked] == ["/0", "/1"]


def test_md5_is_checked_where_it_is_what_is_published(tmp_path):
    refused(lambda h, _: h.give(), tmp_path / "data", "its md5 is", Wanted(md5="0" * 32))
    got(lambda h, _: h.give(), tmp_path / "other" / "data", Wanted(md5=hashlib.md5(DATA).hexdigest()))


def test_not_found_is_asked_once_and_every_mirror_is_told(tmp_path):
    server = refused(lambda h, _: h.head(404, 0), tmp_path / "data", "/0: it answers 404.*/1: .*by hand", mirrors=2)
    assert len(server.asked) == 2


def test_a_busy_server_is_asked_again(tmp_path):
    assert len(got(lambda h, number: h.head(500, 0) if number < 3 else h.give(), tmp_path / "data").asked) == 3


def test_a_redirection_is_followed(tmp_path):
    def behave(h, _):
        return h.give() if h.path == "/there" else h.head(302, 0, Location="/there")

    assert [path for path, _ in got(behave, tmp_path / "data").asked] == ["/0", "/there"]


def test_redirections_in_a_circle_end(tmp_path):
    server = refused(lambda h, _: h.head(302, 0, Location=h.path), tmp_path / "data", "it answers 302")
    assert len(server.asked) < 8


def test_redirections_without_end_end(tmp_path):
    server = refused(lambda h, n: h.head(302, 0, Location=f"/{n + 5}"), tmp_path / "data", "it answers 302")
    assert len(server.asked) < 8


@pytest.mark.parametrize("where", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:,x", "gopher://127.0.0.1/"])
def test_redirections_elsewhere_are_not_followed(tmp_path, where):
    refused(lambda h, _: h.head(302, 0, Location=where), tmp_path / "data", "302|only http and https")


def test_only_http_is_fetched(tmp_path):
    with pytest.raises(DownloadError, match="from http and https"):
        fetch(("file:///etc/passwd",), tmp_path / "data", limits=QUICK)


def test_a_coding_that_was_not_asked_for(tmp_path):
    refused(lambda h, _: h.head(Content_Encoding="br"), tmp_path / "data", "coding 'br'")


@pytest.mark.parametrize("answer", [b"nonsense\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"])
def test_answers_that_are_none(tmp_path, answer):
    refused(lambda h, _: h.wfile.write(answer), tmp_path / "data", "/0: ", limits=Limits(tries=2, pause=0.01))


def test_chunks_that_end_in_the_middle(tmp_path):
    def behave(h, number):
        if number > 1:
            h.give()
        else:
            h.head(length=None, Transfer_Encoding="chunked", ETag='"one"')
            h.wfile.write(b"100\r\n" + DATA[:256] + b"\r\n100\r\n" + DATA[256:300])

    got(behave, tmp_path / "data", Wanted())


def test_nobody_listens(tmp_path):
    with serving(lambda h, _: None) as server:
        url = server.url
    with pytest.raises(DownloadError, match=r"no answer .*refused"):
        fetch((url,), tmp_path / "data", limits=Limits(tries=1))
    with pytest.raises(DownloadError, match="No address is known"):
        fetch((), tmp_path / "data")


def test_what_is_there_is_checked_and_not_fetched(tmp_path):
    path = tmp_path / "data"
    path.write_bytes(DATA)
    assert fetch(("http://127.0.0.1:9/",), path, KNOWN) == (digest(path), "")
    path.write_bytes(DATA[1:])
    with pytest.raises(DownloadError, match=r"is there, but it has .* remove it"):
        fetch(("http://127.0.0.1:9/",), path, KNOWN)


def test_two_at_once_fetch_it_once(tmp_path):
    def behave(h, _):
        time.sleep(0.1)
        h.give()

    with serving(behave) as server:
        found: list[tuple[Digest, str]] = []
        both = [
            threading.Thread(target=lambda: found.append(fetch((server.url,), tmp_path / "data", KNOWN, QUICK)))
            for _ in range(3)
        ]
        for one in both:
            one.start()
        for one in both:
            one.join()
    assert len(server.asked) == 1
    assert [one.sha256 for one, _ in found] == [SHA256] * 3
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_ctrl_c_keeps_what_has_come(tmp_path):
    class Impatient(Told):
        def advance(self, steps, **_):
            super().advance(steps)
            if self.bytes:
                raise KeyboardInterrupt

    path = tmp_path / "data"
    with serving(lambda h, _: h.give()) as server:
        with pytest.raises(KeyboardInterrupt):
            fetch((f"{server.url}/0",), path, Wanted(), QUICK, Impatient())
        kept = part_of(path).stat().st_size
        assert kept > 0
        fetch((f"{server.url}/0",), path, Wanted(), QUICK)
    assert path.read_bytes() == DATA
    if kept < len(DATA):
        assert server.asked[1][1]["Range"] == f"bytes={kept}-"


def test_no_room(tmp_path, monkeypatch):
    with pytest.raises(StorageFull, match="Free some space"):
        fetch(("http://127.0.0.1:9/",), tmp_path / "data", Wanted(size=1 << 60))
    with serving(lambda h, _: h.give()) as server:
        monkeypatch.setattr("spikesight.datasets.transfer._copy", full)
        with pytest.raises(StorageFull, match="what has come is kept"):
            fetch((f"{server.url}/0",), tmp_path / "data", KNOWN, QUICK)


def full(answer, part, *_):
    part.write(b"x")
    raise OSError(28, "No space left on device")


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DownloadError, match="name another folder"):
        fetch(("http://127.0.0.1:9/",), tmp_path / "file" / "data")


def test_a_proxy_of_the_environment_is_used(tmp_path, monkeypatch):
    monkeypatch.delenv("no_proxy")
    with serving(lambda h, _: h.give()) as server:
        monkeypatch.setenv("http_proxy", server.url)
        fetch(("http://nowhere.invalid/data",), tmp_path / "data", KNOWN, QUICK)
    assert server.asked[0][0] == "http://nowhere.invalid/data"
    assert Path(tmp_path / "data").read_bytes() == DATA
