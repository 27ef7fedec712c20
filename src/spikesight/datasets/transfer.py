"""One attempt to fetch a file over HTTP into a partial file, going on where an earlier attempt ended."""

from __future__ import annotations

import http.client
import json
import ssl
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import urlsplit

from spikesight.base.errors import SpikesightError
from spikesight.base.progress import SILENT, Progress

PIECE: Final = 1 << 18
REDIRECTIONS: Final = 5
BUSY: Final = (408, 425, 429, 500, 502, 503, 504)
"""Answers of a server that may give the file a little later."""
NO_SUCH_RANGE: Final = 416


class Refused(SpikesightError):
    """This address does not give the file, and would not later either."""


class Interrupted(SpikesightError):
    """The transfer ended too early; what has come is kept, and another attempt goes on with it."""


class _NoSuchRange(Exception):
    """The file has not the bytes that were asked for; `whole` is how many it has, None where that is not told."""

    def __init__(self, told: str) -> None:
        super().__init__("it has another file than the one that was begun")
        length = told.removeprefix("bytes */")
        self.whole = int(length) if length.isascii() and length.isdigit() else None


@dataclass(frozen=True)
class Limits:
    """`stall` seconds without a byte end an attempt, as do fewer than `least_rate` bytes per second over `patience`
    seconds. Each address is tried `tries` times, `pause` seconds apart, each time twice as long. No file has more than
    `largest` bytes.
    """

    stall: float = 30.0
    least_rate: float = 500.0
    patience: float = 60.0
    tries: int = 5
    pause: float = 1.0
    largest: int = 1 << 40


def transfer(
    url: str, part: IO[bytes], size: int | None, checked: bool, limits: Limits, progress: Progress = SILENT
) -> None:
    """Append to `part` what is missing of the file at `url`; `size` is how many bytes it has, where that is known.

    Where the server does not go on at the place asked for, or its file is another one by now, it begins anew. Where a
    server has no way to tell the second, parts are put together only if the file will be `checked` by its checksum.
    `progress` is told bytes, and takes them back where it begins anew.
    Errors: Refused where trying again is of no use, Interrupted where it is, OSError of the disk.
    """
    state = Path(f"{part.name}.json")
    have = part.seek(0, 2)
    if size is not None and have == size:
        return
    mark = _mark(state, url) if have else ""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "identity", "User-Agent": "spikesight"})
    if have and (mark or checked) and (size is None or have < size):
        request.add_header("Range", f"bytes={have}-")
        if mark:
            request.add_header("If-Range", mark)
    try:
        opened = _answer(request, limits)
    except _NoSuchRange as error:  # what has come is longer than the file, or is the whole of it
        if not (checked and error.whole == have):
            part.truncate(0)
            progress.advance(-have)
            raise Interrupted(str(error)) from error
        return
    with opened as answer:
        begin = _begin(answer, have) if answer.status == http.client.PARTIAL_CONTENT else 0
        whole = _whole(answer, begin, size, limits)  # where this refuses, what has come from elsewhere stays
        if begin != have:
            part.truncate(begin)
            progress.advance(begin - have)
        part.seek(begin)
        state.write_text(json.dumps({"url": url, "mark": _told_mark(answer)}))
        _copy(answer, part, begin, whole, limits, progress)


def _mark(state: Path, url: str) -> str:
    """Return what tells the server's file from a changed one; nothing where it came from elsewhere."""
    try:
        told = json.loads(state.read_text())
        return str(told["mark"]) if told["url"] == url else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _told_mark(answer: Any) -> str:
    tag = answer.headers.get("ETag", "")
    # A weak tag is allowed to stay the same where bytes have changed.
    return str(answer.headers.get("Last-Modified", "") if not tag or tag.startswith("W/") else tag)


class _Redirections(urllib.request.HTTPRedirectHandler):
    """To http and https alone, never from the second to the first, and not forever."""

    max_redirections = REDIRECTIONS
    max_repeats = 2

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        old, new = urlsplit(req.full_url).scheme, urlsplit(newurl).scheme
        if new not in ("http", "https") or (old, new) == ("https", "http"):
            raise Refused(
                f"it sends from {req.full_url} on to {newurl}: only http and https are followed, in that order"
            )
        if fp is not None:
            fp.close()  # what stands beside a redirection would be read to its end, were it endless
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    """Without the handlers of file:, ftp: and data: that the usual one has; proxies are those of the environment."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        _Redirections(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _answer(request: urllib.request.Request, limits: Limits) -> Any:
    if urlsplit(request.full_url).scheme not in ("http", "https"):
        raise Refused("files are fetched from http and https addresses")
    try:
        return _opener().open(request, timeout=limits.stall)
    except urllib.error.HTTPError as error:
        try:
            if error.code == NO_SUCH_RANGE:
                raise _NoSuchRange(error.headers.get("Content-Range", "")) from error
            kind = Interrupted if error.code in BUSY else Refused
            raise kind(f"it answers {error.code} {error.reason}".split("\n")[0]) from error
        finally:
            error.close()
    except urllib.error.URLError as error:
        if isinstance(error.reason, ssl.SSLCertVerificationError):
            raise Refused(f"its certificate is not to be trusted ({error.reason.verify_message})") from error
        raise Interrupted(f"no answer ({error.reason})") from error
    except (http.client.HTTPException, OSError, ValueError) as error:
        raise Interrupted(f"no answer that can be read ({error or type(error).__name__})") from error


def _begin(answer: Any, have: int) -> int:
    """Return at which byte a partial answer begins.   Errors: Interrupted where it is not the one asked for."""
    told = answer.headers.get("Content-Range", "")
    if not told.startswith(f"bytes {have}-"):
        raise Interrupted(f"it was asked to go on at byte {have}, and answers with the range '{told}'")
    return have


def _whole(answer: Any, begin: int, size: int | None, limits: Limits) -> int | None:
    """Return how many bytes the file has, where anybody tells.   Errors: Refused where it cannot be the right one."""
    coded = answer.headers.get("Content-Encoding", "identity")
    if coded not in ("identity", "gzip", "x-gzip") or (coded != "identity" and not answer.url.endswith("gz")):
        raise Refused(f"it sends the file in the coding '{coded}', which was not asked for")
    length = answer.headers.get("Content-Length")
    whole = begin + int(length) if length and length.isascii() and length.isdigit() else None
    if size is not None and whole not in (None, size):
        raise Refused(f"its file has {whole} bytes, the right one has {size}")
    if whole is not None and whole > limits.largest:
        raise Refused(f"its file has {whole} bytes, more than the {limits.largest} that are taken")
    return size if whole is None else whole


def _copy(answer: Any, part: IO[bytes], done: int, whole: int | None, limits: Limits, progress: Progress) -> None:
    most = limits.largest if whole is None else whole
    since, counted = time.monotonic(), 0
    while True:
        try:
            piece = answer.read1(PIECE)
        except TimeoutError as error:
            raise Interrupted(f"nothing came for {limits.stall:g} s, after {done} bytes") from error
        except (http.client.HTTPException, OSError, ValueError) as error:
            raise Interrupted(f"the connection broke after {done} bytes ({error or type(error).__name__})") from error
        if not piece:
            break
        done += len(piece)
        if done > most:
            part.truncate(0)
            progress.advance(-(done - len(piece)))
            raise Refused(f"it sends more than {most} bytes")
        part.write(piece)
        progress.advance(len(piece))
        counted += len(piece)
        now = time.monotonic()
        if now - since > limits.patience:
            if counted < limits.least_rate * (now - since):
                raise Interrupted(f"too slow: {counted} bytes in {now - since:.0f} s, after {done} bytes")
            since, counted = now, 0
    if whole is not None and done < whole:
        raise Interrupted(f"it ended after {done} of {whole} bytes")
