"""A Chromium that benchmarks and tests drive: W3C WebDriver over plain HTTP, nothing to install beside the browser."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from spikesight.base.errors import MissingExtra

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
MISSING = [name for name, found in (("chromium", CHROMIUM), ("chromedriver", DRIVER)) if found is None]

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1200,750",
]
PATIENCE = 20.0


class Browser:
    """A Chromium that is driven by JSON over HTTP; its profile and pictures lie in `folder`.

    Errors: MissingExtra where `MISSING` names what is not installed; AssertionError for what the driver refuses.
    """

    def __init__(self, folder: Path) -> None:
        if CHROMIUM is None or DRIVER is None:
            raise MissingExtra(f"{' and '.join(MISSING)} not found. Type: apt-get install chromium chromium-driver")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.folder = folder
        self.driver = subprocess.Popen([DRIVER, f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.base = f"http://127.0.0.1:{port}"
        self._until(self._ready, "chromedriver to start")
        options = {"binary": CHROMIUM, "args": [*FLAGS, f"--user-data-dir={folder / 'profile'}"]}
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.base += f"/session/{session['sessionId']}"
        self.size(1200, 750)

    def _ready(self) -> bool:
        try:
            return bool(self.call("GET", "/status")["ready"])
        except urllib.error.URLError:
            return False

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send a command of WebDriver and return its value."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"content-type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.read().decode()[:500]}") from error

    def close(self) -> None:
        """End the browser and its driver."""
        try:
            self.call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(timeout=10)

    # what a person does

    def open(self, address: str) -> None:
        """Load a page anew."""
        self.call("POST", "/url", {"url": "about:blank"})
        self.call("POST", "/url", {"url": address})

    def size(self, width: int, height: int) -> None:
        """Give the page a size in CSS pixels."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.cdp("Emulation.setDeviceMetricsOverride", **metrics)

    def prefer(self, scheme: str) -> None:
        """Prefer a light or dark page."""
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def cdp(self, command: str, **parameters: Any) -> None:
        """Send a command of Chromium's own."""
        self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def _act(self, kind: str, *actions: dict[str, Any]) -> None:
        source: dict[str, Any] = {"type": kind, "id": kind, "actions": list(actions)}
        if kind == "pointer":
            source["parameters"] = {"pointerType": "mouse"}
        self.call("POST", "/actions", {"actions": [source]})

    def click(self, x: float, y: float, times: int = 1) -> None:
        """Press and release the mouse."""
        press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}] * times
        self._act("pointer", {"type": "pointerMove", "duration": 20, "x": round(x), "y": round(y)}, *press)

    def hover(self, x: float, y: float) -> None:
        """Move the mouse."""
        self._act("pointer", {"type": "pointerMove", "duration": 20, "x": round(x), "y": round(y)})

    def drag(self, x: float, y: float, to: float) -> None:
        """Move the mouse sideways with its button held."""
        self._act(
            "pointer",
            {"type": "pointerMove", "duration": 20, "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerMove", "duration": 120, "x": round(to), "y": round(y)},
            {"type": "pointerUp", "button": 0},
        )

    def wheel(self, x: float, y: float, delta: int) -> None:
        """Turn the wheel."""
        turn = {"type": "scroll", "x": round(x), "y": round(y), "deltaX": 0, "deltaY": delta, "duration": 0}
        self._act("wheel", turn)

    def press(self, key: str) -> None:
        """Press and release a key."""
        self._act("key", {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key})

    # what a person sees

    def value(self, expression: str) -> Any:
        """Return the value of an expression of JavaScript; a promise is waited for."""
        return self.call("POST", "/execute/sync", {"script": f"return {expression}", "args": []})

    def text(self, selector: str) -> str:
        """Return the text of an element."""
        return str(self.value(f"document.querySelector({json.dumps(selector)}).textContent"))

    def box(self, selector: str) -> tuple[float, float, float, float]:
        """Left, top, width, height."""
        rectangle = f"document.querySelector({json.dumps(selector)}).getBoundingClientRect().toJSON()"
        found = self.value(rectangle)
        return found["left"], found["top"], found["width"], found["height"]

    def colours(self, selector: str, below: int = 0) -> int:
        """How many different colours the canvas shows, under its first `below` rows."""
        copied = (
            "((shown) => { const copy = new OffscreenCanvas(shown.width, shown.height);"
            "const context = copy.getContext('2d', { willReadFrequently: true }); context.drawImage(shown, 0, 0);"
            f"return context.getImageData(0, {below}, copy.width, copy.height - {below}).data.buffer; }})"
        )
        drawn = f"{copied}(document.querySelector({json.dumps(selector)}))"
        return int(self.value(f"new Set(new Uint32Array({drawn})).size"))

    def until(self, expression: str) -> Any:
        """Wait until an expression is true, and return it.   Errors: AssertionError."""
        return self._until(lambda: self.value(expression), expression)

    def _until(self, ask: Any, what: str) -> Any:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = ask()
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"waited {PATIENCE:.0f} s for {what}")

    def complaints(self) -> list[str]:
        """Return what the page's console has complained of since the last look."""
        return [f"{one['level']}: {one['message']}" for one in self.call("POST", "/se/log", {"type": "browser"})]

    def picture(self, name: str) -> Path:
        """Save what is seen as a PNG in the folder and return its path."""
        path = self.folder / f"{name}.png"
        path.write_bytes(base64.b64decode(self.call("GET", "/screenshot")))
        return path
