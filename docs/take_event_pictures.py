"""Take the pictures of the page that plays events: light and dark, of a made-up recording.

    python docs/take_event_pictures.py

Needs chromium and chromedriver. A fan of three blades turns, faster and faster, and a ball passes before it; the
camera has noise. Nothing is drawn by hand: events lie where an edge passes, ON where it becomes brighter.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from take_pictures import PICTURES, SIZE, save, settled

from spikesight import studio
from spikesight.benchmarks.browser import Browser

WIDTH, HEIGHT, SECONDS = 240, 180, 3.0
STATES = {
    "events-light": "&theme=light&at=1.6&play.window=20000&play.depth=20",
    "events-cloud-dark": "&theme=dark&at=1.6&play.window=20000&play.depth=20&play.large=cloud",
}


def main() -> None:
    """Write the recording and take every picture."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fan-and-ball.txt"
        np.savetxt(path, recording(), fmt=["%.6f", "%d", "%d", "%d"])
        browser = Browser(Path(folder))
        try:
            with studio.play([path]) as served:
                browser.size(*SIZE)
                for name, state in STATES.items():
                    browser.open(served.address + state)
                    browser.until("document.querySelector('[data-panel=counted] .note')?.dataset.to")
                    settled(browser)
                    save(browser, PICTURES / f"{name}.png")
        finally:
            browser.close()


def recording(seed: int = 1) -> np.ndarray:
    """Return events (N, 4): seconds, x, y, polarity."""
    random = np.random.default_rng(seed)
    parts = [_blades(random, 220_000), _ball(random, 90_000), _noise(random, 12_000)]
    events = np.concatenate(parts)
    inside = (events[:, 1] >= 0) & (events[:, 1] < WIDTH) & (events[:, 2] >= 0) & (events[:, 2] < HEIGHT)
    events = events[inside]
    return events[np.argsort(events[:, 0], kind="stable")]


def _blades(random: np.random.Generator, n: int) -> np.ndarray:
    """Edges of three blades: the one in front is ON, the one behind OFF."""
    t = SECONDS * np.sqrt(random.random(n))
    front = random.random(n) < 0.5
    angle = 2 * np.pi * (0.15 * t**2 + random.integers(0, 3, n) / 3 + np.where(front, 0.0, -0.09))
    radius = 12 + 58 * np.sqrt(random.random(n))
    x, y = 82 + radius * np.cos(angle), 90 + radius * np.sin(angle)
    return np.stack([t, x + random.normal(0, 0.5, n), y + random.normal(0, 0.5, n), front], axis=1)


def _ball(random: np.random.Generator, n: int) -> np.ndarray:
    """A bright ball that flies through: ON where it comes, OFF where it was."""
    t = SECONDS * random.random(n)
    angle = 2 * np.pi * random.random(n)
    phase = t * 1.9
    x, y = 160 + 60 * np.sin(phase), 150 - 95 * np.abs(np.sin(1.4 * phase))
    along = np.cos(angle) * np.cos(phase) * 60 - np.sin(angle) * np.cos(1.4 * phase) * 60
    return np.stack([t, x + 13 * np.cos(angle), y + 13 * np.sin(angle), along > 0], axis=1)


def _noise(random: np.random.Generator, n: int) -> np.ndarray:
    t, x, y = SECONDS * random.random(n), WIDTH * random.random(n), HEIGHT * random.random(n)
    return np.stack([t, x, y, random.random(n) < 0.5], axis=1)


if __name__ == "__main__":
    main()
