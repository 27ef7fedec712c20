"""What no server on this machine can be asked to do; the rest is in test_download."""

import urllib.request

import pytest

from spikesight.datasets.transfer import Refused, _mark, _opener, _Redirections


@pytest.mark.parametrize(
    ("begin", "to", "followed"),
    [
        ("https://a/x", "https://b/y", True),
        ("http://a/x", "https://b/y", True),
        ("http://a/x", "http://b/y", True),
        ("https://a/x", "http://b/y", False),
        ("https://a/x", "file:///etc/passwd", False),
        ("http://a/x", "ftp://b/y", False),
    ],
)
def test_redirections_lead_to_http_and_https_and_never_back(begin, to, followed):
    asked = urllib.request.Request(begin, headers={"Range": "bytes=5-"})
    if followed:
        request = _Redirections().redirect_request(asked, None, 302, "Found", {}, to)
        assert (request.full_url, request.get_header("Range")) == (to, "bytes=5-")
    else:
        with pytest.raises(Refused, match="only http and https are followed"):
            _Redirections().redirect_request(asked, None, 302, "Found", {}, to)


def test_nothing_but_http_can_be_opened():
    kinds = {type(handler).__name__ for handler in _opener().handlers}
    assert not kinds & {"FileHandler", "FTPHandler", "DataHandler", "CacheFTPHandler"}


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"url": "u"}', '{"url": "other", "mark": "m"}'])
def test_what_is_left_of_an_earlier_attempt_is_not_trusted(tmp_path, text):
    (tmp_path / "state").write_text(text)
    assert _mark(tmp_path / "state", "u") == ""
    (tmp_path / "state").write_text('{"url": "u", "mark": "m"}')
    assert _mark(tmp_path / "state", "u") == "m"
