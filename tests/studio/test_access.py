import http.client
import json
import re

import pytest

from spikesight import studio
from spikesight.studio.access import SAFE_HEADERS, TOKEN_HEADER, Gate, new_token


@pytest.fixture(scope="module")
def served(finished):
    with studio.start([finished.run.folder]) as one:
        yield one


def ask(served, path, headers=None, *, token=True, method="GET"):
    """Send just these headers (and Host, and the token unless told not to), the path as it is."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    sent = {
        "Host": f"127.0.0.1:{served.port}",
        **({TOKEN_HEADER: served.gate.token} if token else {}),
        **(headers or {}),
    }
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in sent.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


def view(served, name="summary.json"):
    _, content = ask(served, "/api/runs.json")
    return f"/api/{json.loads(content)['runs'][0]['name']}/{name}"


def test_with_the_token_it_answers(served):
    answer, content = ask(served, view(served))
    assert answer.status == 200
    assert json.loads(content)["recipe"] == "diehl-cook-digits"


@pytest.mark.parametrize("given", [None, "", "wrong", "é"])
def test_without_the_token_there_is_no_data(served, given):
    headers = {} if given is None else {TOKEN_HEADER: given.encode()}
    for path in ("/api/runs.json", view(served), view(served, "raster.bin"), "/api/none/none.json"):
        answer, content = ask(served, path, headers, token=False)
        assert answer.status == 401
        assert set(json.loads(content)) == {"error"}


def test_a_token_in_the_url_or_a_cookie_does_not_count(served):
    path = view(served)
    assert ask(served, f"{path}?token={served.gate.token}", token=False)[0].status == 401
    assert ask(served, path, {"Cookie": f"{TOKEN_HEADER}={served.gate.token}"}, token=False)[0].status == 401


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost.evil.example:{port}", "127.0.0.1:1", ""])
def test_another_host_name_is_misdirected(served, host):
    """A page on a name that resolves to 127.0.0.1 must not get through, not even to the page itself."""
    for path in ("/", view(served)):
        assert ask(served, path, {"Host": host.format(port=served.port)})[0].status == 421


def test_localhost_is_a_name_of_ours(served):
    assert ask(served, "/", {"Host": f"localhost:{served.port}"})[0].status == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1"])
def test_another_origin_is_forbidden_even_with_the_token(served, origin):
    assert ask(served, view(served), {"Origin": origin.format(port=served.port)})[0].status == 403


def test_our_own_origin_is_fine(served):
    assert ask(served, view(served), {"Origin": f"http://127.0.0.1:{served.port}"})[0].status == 200


def test_every_answer_has_the_safe_headers(served):
    for path in ("/", "/static/main.js", view(served), "/static/none.js", "/none"):
        answer, _ = ask(served, path)
        assert {name: answer.headers[name] for name in SAFE_HEADERS} == SAFE_HEADERS
    refused, _ = ask(served, view(served), token=False)
    assert refused.headers["x-content-type-options"] == "nosniff"


def test_the_policy_allows_no_inline_code_and_no_other_place(served):
    policy = ask(served, "/")[0].headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    sources = [part for part in policy.split("; ") if not part.startswith("frame-ancestors")]
    assert not any("http" in part or "*" in part for part in sources)


def test_the_page_has_no_inline_code_and_loads_nothing_from_elsewhere(served):
    page = ask(served, "/")[1].decode()
    assert "<style" not in page
    assert not re.search(r"\s(style|on[a-z]+)=", page)
    assert page.count("<script") == page.count('<script type="module" src="/static/') == 1
    assert "//" not in page.replace("<!doctype", "")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py",
        "/static/..%2fserver.py",
        "/static/%2e%2e/access.py",
        "/static/..\\server.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/main.js%00.css",
        "/static/",
        "/static/.",
        "/api/../run.json",
        "/api/..%2f..%2fetc/passwd.json",
    ],
)
def test_no_path_leads_out_of_the_page(served, path):
    answer, content = ask(served, path)
    assert answer.status == 404
    assert b"import" not in content
    assert b"root:" not in content


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("sumary.json", 404, "summary"),
        ("os:system.json", 404, "no view"),
        ("__init__.json", 404, "no view"),
        ("summary.pickle", 404, "no format"),
        ("raster.json?t0=5&t1=1", 400, "ends after it starts"),
        ("unit.json?unit=40", 400, "units 0 to 39"),
        ("unit.json?unit=-1", 400, "whole number"),
    ],
)
def test_wrong_questions_get_answers(served, name, status, said):
    answer, content = ask(served, view(served, name))
    assert answer.status == status
    assert said in json.loads(content)["error"]


def test_an_unknown_run_is_not_a_path(served):
    answer, content = ask(served, "/api/tmp/summary.json")
    assert answer.status == 404
    assert "no run" in json.loads(content)["error"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_can_be_changed(served, method):
    assert ask(served, view(served), method=method)[0].status == 405


def test_tokens_are_long_and_never_the_same():
    assert len({new_token() for _ in range(100)}) == 100
    assert len(new_token()) >= 43


def test_the_token_is_not_printed_with_the_gate_by_chance(served):
    """The address is the one place for it."""
    assert served.address.endswith(f"/#token={served.gate.token}")
    assert served.gate.token not in repr(Gate(1, served.gate.token))
