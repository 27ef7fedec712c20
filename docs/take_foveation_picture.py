"""Draw a foveated stream beside the whole one and others of as many events, for how-to/foveate-events.md.

    python docs/take_foveation_picture.py

Needs the extra `plot`.
"""

from __future__ import annotations

import io

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from PIL import Image
from take_pictures import PICTURES

from spikesight.base.randomness import generator
from spikesight.datasets.outlines import Outlines
from spikesight.encoding.event_steps import by_step
from spikesight.events.cleaning import EventCount, Funnelling
from spikesight.events.cleaning.drop import kept
from spikesight.events.foveation import Foveation
from spikesight.events.stream import EventStream
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.zoo.gaze import regions_of_interest
from spikesight.zoo.salient_regions import SalientRegions, salient

FIRST, LAST = 150_000, 180_000
"""Microseconds that are shown."""
LATENCY = 20_000
OFF, ON = np.array([31, 78, 121]), np.array([176, 74, 47])


def main() -> None:
    """Draw the scene of the page four times."""
    scene = Outlines(side=128, square=20, hertz=300.0, noise=5.0)
    events = scene.draw(generator(0, "scene")).events
    reducer = EventCount(4)
    coarse = reducer(events)
    network = SalientRegions(coarse.width, coarse.height)
    steps = round(scene.milliseconds * 1e-3 / network.dt)
    fired = salient(network, by_step(coarse, network.dt, steps), FusedCpu())
    regions = regions_of_interest(network.grid, fired, LATENCY, 4)
    foveated = Foveation(reducer)(events, regions)
    shown = events.between(FIRST, LAST)
    inside, outside = (part.between(FIRST, LAST) for part in (foveated.inside, foveated.outside))
    budget = len(inside) + len(outside)
    figure, places = plt.subplots(2, 2, figsize=(12.0, 7.5), dpi=100, layout="constrained")
    panels = [
        (f"all events: {len(shown):,}", [(shown, 1)]),
        (f"at random: {budget:,}", [(kept(shown, budget, 0), 1)]),
        (f"large pixels: {budget:,}", [(kept(Funnelling(4)(events).between(FIRST, LAST), budget, 0), 4)]),
        (f"foveated: {budget:,}", [(outside, 4), (inside, 1)]),
    ]
    for axes, (title, parts) in zip(places.flat, panels, strict=True):
        draw(axes, title, parts)
    written = io.BytesIO()
    figure.savefig(written)
    Image.open(written).convert("RGB").quantize(64).save(PICTURES / "foveation.png", optimize=True)


def draw(axes: Axes, title: str, parts: list[tuple[EventStream, int]]) -> None:
    """Draw events over each other, the later over the earlier; `parts` are streams and the pixels along their cells."""
    picture = np.full((128, 128, 3), 255, np.uint8)
    for stream, side in parts:
        colours = np.where(stream.p[:, None], ON, OFF)
        for x, y, colour in zip(stream.x.astype(int), stream.y.astype(int), colours, strict=True):
            picture[y * side : (y + 1) * side, x * side : (x + 1) * side] = colour
    axes.imshow(picture, interpolation="nearest")
    axes.set(xticks=[], yticks=[])
    axes.set_title(title, fontsize=13)


if __name__ == "__main__":
    main()
