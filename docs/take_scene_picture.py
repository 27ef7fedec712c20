"""Draw a street, its events and what is true of it, for how-to/synthetic-scenes.md.

    python docs/take_scene_picture.py

Needs the extra `plot`.
"""

from __future__ import annotations

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.colors import ListedColormap, hsv_to_rgb
from PIL import Image
from take_pictures import PICTURES

from spikesight.datasets.scenes import SCENES, Label, film, truth
from spikesight.datasets.scenes.filming import seen
from spikesight.events.stream import joined

AT, WINDOW = 500_000, 8_000
"""Microseconds: the picture, and the events before it."""


def main() -> None:
    """Draw."""
    scene = SCENES["street"].scene(seed=1)
    known = truth(scene, AT)
    events = joined(*seen(film(scene, AT - WINDOW, AT)))
    sides = np.full(scene.camera.shape, 0.5)
    sides[events.y, events.x] = events.p
    figure, rows = plt.subplots(2, 3, figsize=(12.0, 7.5), dpi=100, layout="constrained")
    frame, event, depth, flow, label, instance = rows.ravel()
    frame.imshow(scene.frame(AT), cmap="gray", vmin=0.0, vmax=1.0)
    frame.set_title("frame")
    event.imshow(sides, cmap="bwr_r", vmin=0.0, vmax=1.0)
    event.set_title(f"events of {WINDOW // 1000} ms: blue ON, red OFF")
    shown = depth.imshow(np.where(np.isinf(known.depth), np.nan, known.depth), cmap="viridis_r", norm="log")
    depth.set_title("depth (m), sky white")
    bar = figure.colorbar(shown, ax=depth, location="bottom", ticks=[3, 5, 10, 20, 50])
    bar.set_ticklabels(["3", "5", "10", "20", "50"])
    bar.minorticks_off()
    flow.imshow(_coloured(known.flow))
    flow.set_title("optical flow: hue is direction")
    names = sorted(set(known.labels.ravel().tolist()))
    numbers = np.searchsorted(names, known.labels)
    shown = label.imshow(
        numbers, ListedColormap(plt.get_cmap("tab10").colors[: len(names)]), vmin=-0.5, vmax=len(names) - 0.5
    )
    label.set_title("labels")
    bar = figure.colorbar(shown, ax=label, location="bottom", ticks=range(len(names)))
    bar.set_ticklabels([Label(name).name.lower() for name in names], rotation=35, ha="right", fontsize=8)
    instance.imshow(known.instances % 20, cmap="tab20")
    instance.set_title("instances")
    for axes in rows.ravel():
        axes.set_axis_off()
    figure.canvas.draw()
    figure.canvas.draw()  # the layout knows the sizes of words once they are drawn
    colours = Image.fromarray(np.asarray(figure.canvas.buffer_rgba())[..., :3].copy())
    colours.quantize(palette=colours.quantize(256), dither=Image.Dither.FLOYDSTEINBERG).save(
        PICTURES / "synthetic-scene.png", optimize=True
    )


def _coloured(flow: np.ndarray) -> np.ndarray:
    speed = np.hypot(flow[..., 0], flow[..., 1])
    turn = np.arctan2(flow[..., 1], flow[..., 0]) / (2.0 * np.pi) % 1.0
    return hsv_to_rgb(np.stack([turn, np.clip(speed / 200.0, 0.0, 1.0) ** 0.5, np.ones_like(turn)], axis=2))


if __name__ == "__main__":
    main()
