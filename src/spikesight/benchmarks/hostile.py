"""Hostile requests: what another page, another user or a wild client may send to the studio, and what it answers.

Every request must be refused or answered in bounds; none may read a file outside the run, change one, or be answered by
a mistake (a status of 500 or above, no answer at all). Afterwards the studio must still answer an honest question.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

import numpy as np

from spikesight import studio
from spikesight.base.errors import SpikesightError
from spikesight.base.randomness import generator
from spikesight.benchmarks.report import Report
from spikesight.runs.folder import Run
from spikesight.runs.machine import machine
from spikesight.studio.access import TOKEN_HEADER
from spikesight.studio.server import Studio
from spikesight.studio.views import VIEWS
from spikesight.trace.schema import Header, Layer, Projection
from spikesight.trace.writer import TraceWriter

ROUNDS: Final = 4
SECRET: Final = b"the secret beside the run"
SECONDS: Final = 30.0
"""An answer that takes longer counts as none; the longest statement of SQL is stopped before."""

PATHS: Final = (
    "/static/../../../../etc/passwd",
    "/static/..%2f..%2f..%2fetc/passwd",
    "/static/%2e%2e/%2e%2e/secret.txt",
    "//etc/passwd",
    "/static//etc/passwd",
    "/views/..%2f..%2fsecret.js",
    "/views/raster.js",
    "/api/../secret.txt",
    "/api/%00/raster.json",
    "/api/{run}/raster.exe",
    "/api/{run}/..%2f..%2fsecret.json",
    "/api/{run}/rasters.json",
    "/api/no-such-run/raster.json",
    "/api/{run}%2f..%2f..%2fsecret.txt/raster.json",
    "/\u202e",
    "/static/" + "a" * 4000,
)
VALUES: Final = (
    "nan",
    "inf",
    "-inf",
    "1e400",
    "-1",
    "99999999999999999999",
    "0x10",
    "",
    " ",
    "null",
    "%00",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "../../secret.txt",
    "\u0661\u0662",
    "1" * 5000,
    "a" * 9000,
    "[]",
    "1e12",
    "-1e12",
    "4097",
)
STATEMENTS: Final = (
    "SELECT * FROM read_text('{outside}')",
    "SELECT * FROM '{outside}'",
    "COPY (SELECT 1) TO '{inside}/x.csv'",
    "SELECT * FROM glob('/etc/*')",
    "ATTACH '{inside}/x.db'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SELECT 1; DROP VIEW spikes",
    "SET memory_limit='100GB'",
    "PRAGMA database_list",
    "EXPORT DATABASE '{inside}/x'",
    "SELECT * FROM read_csv('{outside}')",
    "SELECT * FROM read_blob('{inside}/../../secret.txt')",
    "CREATE TABLE x AS SELECT 1",
    "SELECT" + " (" * 2000,
    "SELECT * FROM range(1000000000000) a, range(1000000000000) b ORDER BY 1",
    "CALL pragma_version()",
    "SELECT * FROM query('COPY (SELECT 1) TO ''{inside}/y.csv''')",
    "SELECT * FROM duckdb_secrets()",
)
RAW: Final = (
    b"",
    b"\0" * 200,
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"A: " + b"b" * 200_000 + b"\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
    b"PRI * HTTP/2.0\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n",
    b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n",
)


@dataclass
class Found:
    """How requests were answered, by status; and what must not be, each in words."""

    statuses: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """A request: what kind it is of, its path and headers, and whether an answer with status 200 would be a failure."""

    kind: str
    path: str
    headers: dict[str, str]
    method: str = "GET"
    forbidden: bool = False


def measure() -> Report:
    """Send hostile requests and return how they were answered.   Errors: SpikesightError with every failure."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="spikesight-hostile-") as place:
        found = assault(Path(place), ROUNDS)
    if found.failures:
        raise SpikesightError("; ".join(found.failures))
    refused = sum(count for status, count in found.statuses.items() if 400 <= status < 500)
    figures = {
        "requests": float(found.statuses.total()),
        "refused": float(refused),
        "answered_in_bounds": float(found.statuses[200]),
        "connections_closed": float(found.statuses[0]),
        "mistakes": 0.0,
        "seconds": time.perf_counter() - started,
    }
    kinds = {f"of_kind_{name}": float(count) for name, count in sorted(found.kinds.items())}
    return Report("hostile", figures | kinds, {}, machine())


def assault(place: Path, rounds: int, seed: int = 0) -> Found:
    """Serve a small run from `place` and send it every kind of hostile request, `rounds` times with other details."""
    run = _small_run(place / "runs")
    (place / "secret.txt").write_bytes(SECRET)
    before, found = _fingerprint(place), Found()
    with studio.start([run.folder]) as served:
        name = run.folder.name
        for number in range(rounds):
            for asked in _requests(served, name, place, generator(seed, "hostile requests", number)):
                _send(served, asked, found)
            for raw in RAW:
                _send_raw(served, raw, found)
        honest = Asked("honest", f"/api/{name}/summary.json", _own(served))
        status, body = _answer(served, honest)
        if status != 200 or json.loads(body)["stimuli"] != 20:
            found.failures.append(f"after it all, an honest question was answered with {status}")
    if _fingerprint(place) != before:
        found.failures.append("a file was made, changed or deleted")
    return found


def _requests(served: Studio, name: str, place: Path, random: np.random.Generator) -> Iterator[Asked]:
    own, summary = _own(served), f"/api/{name}/summary.json"
    yield from _strangers(served, summary)
    for path in PATHS:
        yield Asked("path", quote(path.format(run=name), safe="/%?&=:.[]{}"), own)
    for view in sorted(VIEWS):
        for _ in range(3):
            parameter = str(
                random.choice(["t0", "t1", "at", "bins", "rows", "unit", "layer", "projection", "other", "zzz"])
            )
            value = quote(str(random.choice(np.array(VALUES, dtype=object))))
            yield Asked("parameter", f"/api/{name}/{view}.json?{parameter}={value}", own)
        for option in VIEWS[view].options:
            value = quote(str(random.choice(np.array(VALUES, dtype=object))))
            yield Asked("option", f"/api/{name}/{view}.json?{option}={value}", own)
    names = {"outside": str(place / "secret.txt"), "inside": str(place / "runs" / name / "trace")}
    for statement in STATEMENTS:
        yield Asked("sql", f"/api/{name}/sql.json?statement={quote(statement.format(**names))}", own)
    for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "CONNECT"):
        yield Asked("method", summary, own, method, forbidden=True)


def _strangers(served: Studio, summary: str) -> Iterator[Asked]:
    """Whoever lacks the token, names another host, or comes from another page."""
    token = served.gate.token
    for given in ("", "x", token[:-1], token + "x", token.swapcase(), "\u00e9" * 10):
        yield Asked("token", summary, {TOKEN_HEADER: given}, forbidden=True)
    yield Asked("token", f"{summary}?token={token}", {}, forbidden=True)
    for host in ("evil.example", "127.0.0.1", "127.0.0.1:1", f"evil.example:{served.port}", f"[::1]:{served.port}", ""):
        yield Asked("host", summary, {TOKEN_HEADER: token, "host": host}, forbidden=True)
    for origin in ("http://evil.example", "null", f"https://127.0.0.1:{served.port}", "http://127.0.0.1", "file://"):
        yield Asked("origin", summary, {TOKEN_HEADER: token, "origin": origin}, forbidden=True)


def _own(served: Studio) -> dict[str, str]:
    return {TOKEN_HEADER: served.gate.token}


def _send(served: Studio, asked: Asked, found: Found) -> None:
    found.kinds[asked.kind] += 1
    try:
        status, body = _answer(served, asked)
    except (http.client.HTTPException, OSError, ValueError):
        found.statuses[0] += 1
        return
    found.statuses[status] += 1
    told = f"{asked.kind}: {asked.method} {asked.path[:120]} {asked.headers}"
    if status >= 500:
        found.failures.append(f"{told} was answered by a mistake: {status} {body[:200]!r}")
    if status < 400 and asked.forbidden:
        found.failures.append(f"{told} was let in")
    if SECRET in body or b"root:x:" in body:
        found.failures.append(f"{told} gave away a file outside the run")


def _answer(served: Studio, asked: Asked) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=SECONDS)
    try:
        headers = {name: value.encode("utf-8", "replace").decode("latin-1") for name, value in asked.headers.items()}
        connection.request(asked.method, asked.path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _send_raw(served: Studio, raw: bytes, found: Found) -> None:
    found.kinds["raw"] += 1
    status = 0
    with socket.create_connection(("127.0.0.1", served.port), timeout=SECONDS) as connection:
        try:
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            head = connection.recv(64)
            status = int(head.split()[1]) if head.startswith(b"HTTP/") else 0
        except (OSError, ValueError, IndexError):
            status = 0
    found.statuses[status] += 1
    if status >= 500:
        found.failures.append(f"raw bytes {raw[:60]!r} were answered by a mistake: {status}")


def _small_run(root: Path) -> Run:
    random = generator(0, "a small run")
    run = Run.create(root, "made-up", seed=0, config={})
    layers = (Layer("in", (4, 4)), Layer("exc", (10,)))
    header = Header(run.folder.name, 1_000_000, layers, (Projection("in_exc", "in", "exc", (16, 10), 10),))
    with TraceWriter.create(run.trace_folder, header) as writer:
        for stim in range(20):
            for layer in layers:
                t = np.sort(random.integers(0, 100, 30)) + 100 * stim
                writer.spikes(layer.name, t, random.integers(0, layer.size, 30), stim)
            label, prediction = (int(number) for number in random.integers(0, 3, 2))
            writer.stimulus(
                stim=stim,
                t_start=100 * stim,
                t_end=100 * stim + 100,
                label=label,
                prediction=prediction,
                correct=label == prediction,
            )
            writer.weights("in_exc", 100 * stim, stim, random.random((16, 10)))
    run.update(status="finished")
    return run


def _fingerprint(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
