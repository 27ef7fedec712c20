"""Draw what made-up cameras see of one film, for how-to/simulate-an-event-camera.md.

    python docs/take_camera_picture.py

Needs the extra `plot`. A digit of scikit-learn moves along a triangle, before an ideal camera and one in poor light.
"""

from __future__ import annotations

import numpy as np
from matplotlib import pyplot as plt
from sklearn.datasets import load_digits
from take_pictures import PICTURES

from spikesight.events.from_frames import Pixel, moved, triangle, watch
from spikesight.events.stream import EventStream

SIDE, FRAMES, MICROSECONDS = 48, 100, 1000
ON, OFF, PLAIN = "#1e5fb9", "#be2d28", "#444444"


def main() -> None:
    """Move the digit, watch it twice, and draw."""
    small = load_digits().images[3] / 16.0
    picture = np.full((SIDE, SIDE), 0.1)
    picture[8:40, 8:40] += 0.9 * np.kron(small, np.ones((4, 4)))
    path = triangle(8.0, FRAMES)
    film = list(moved(picture, path, background=0.1))
    times = np.arange(len(film)) * MICROSECONDS
    cameras = {"ideal pixels": Pixel(), "noisy pixels in poor light": Pixel.noisy()}
    figure, rows = plt.subplots(len(cameras), 3, figsize=(12.0, 7.5), dpi=100, layout="constrained")
    for row, (name, pixel) in zip(rows, cameras.items(), strict=True):
        events = watch(film, times, pixel)
        _draw(row, film[FRAMES // 2], events, f"{name}: {len(events):,} events")
    figure.savefig(PICTURES / "event-cameras.png")


def _draw(row: np.ndarray, frame: np.ndarray, events: EventStream, title: str) -> None:
    """One row: a frame of the film, the events of 20 ms, and those of a line over time."""
    row[0].imshow(frame, cmap="gray", vmin=0.0, vmax=1.0)
    row[0].set_title("a frame of the film")
    begin = FRAMES // 2 * MICROSECONDS
    part = events.between(begin, begin + 20 * MICROSECONDS)
    for polarity, colour in ((True, ON), (False, OFF)):
        chosen = part.p == polarity
        row[1].scatter(part.x[chosen], part.y[chosen], 5, colour, marker="s", linewidths=0)
        line = events.of((events.y == SIDE // 2) & (events.p == polarity))
        row[2].scatter(line.t / 1000, line.x, 3, colour, linewidths=0, label="ON" if polarity else "OFF")
    row[1].set(title=title + "; 20 ms of them", xlim=(-0.5, SIDE - 0.5), ylim=(SIDE - 0.5, -0.5), aspect="equal")
    row[2].set(title="one line of pixels over time", xlabel="ms", ylabel="x")
    row[2].legend(loc="upper right", markerscale=3)
    for axes in row[:2]:
        axes.tick_params(colors=PLAIN)


if __name__ == "__main__":
    main()
