"""Who may ask: this machine's browser, on our page, with the token that was announced.

The server listens on the loopback address only. That alone does not keep other users of the machine and other pages in
the same browser out, so a request must also name a host of ours (a page on another name that resolves to 127.0.0.1 does
not), must not come from another origin, and for data must carry the token. The token lives in the URL fragment, which
browsers never send; the page sends it as a header, which another origin cannot do unasked.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN_HEADER = "x-spikesight-token"
DATA_PATHS = "/api/"

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self' http://localhost:* http://127.0.0.1:*",  # a notebook on this machine may show the page
    ]
)

SAFE_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


def new_token() -> str:
    """Return a fresh secret of 256 bits, safe in a URL."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Refusal:
    """Why a request is not answered."""

    status: int
    reason: str


@dataclass(frozen=True)
class Gate:
    """Decides who may ask, for a server on `port` with the secret `token`."""

    port: int
    token: str = field(repr=False)

    @property
    def hosts(self) -> frozenset[str]:
        """The only values of the Host header that are ours."""
        return frozenset(f"{name}:{self.port}" for name in ("127.0.0.1", "localhost"))

    def refusal(self, path: str, headers: Headers) -> Refusal | None:
        """Return why a request for `path` is refused, None where it may pass."""
        host = headers.get("host", "")
        if host not in self.hosts:
            return Refusal(421, f"this server answers for {', '.join(sorted(self.hosts))}, not for '{host}'")
        origin = headers.get("origin")
        if origin is not None and origin not in {f"http://{name}" for name in self.hosts}:
            return Refusal(403, f"pages of {origin} may not read runs")
        given = headers.get(TOKEN_HEADER, "")
        if path.startswith(DATA_PATHS) and not secrets.compare_digest(given.encode(), self.token.encode()):
            return Refusal(
                401, "the token is missing or wrong: open the address that spikesight printed, with its #token="
            )
        return None


class Access:
    """Puts a gate before an application, and the safe headers on everything that leaves."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self.app, self.gate = app, gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it with 421, 403 or 401."""
        if scope["type"] != "http":
            return
        refusal = self.gate.refusal(scope["path"], Headers(scope=scope))
        app = self.app if refusal is None else JSONResponse({"error": refusal.reason}, refusal.status)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SAFE_HEADERS)
            await send(message)

        await app(scope, receive, guarded)
