"""Draw the picture of how-to/represent-events.md: one recording, represented in nine ways.

    python docs/take_representations_picture.py slider_depth_events.txt

Any recording of a sensor of about that size does. Needs the extra `plot`.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

import numpy as np
from matplotlib import pyplot as plt
from PIL import Image
from take_pictures import PICTURES

from spikesight.events import read
from spikesight.events.representations import (
    ByCount,
    EqualShares,
    Exponential,
    film,
    histogram,
    signed_image,
    spike_tensor,
    statistics,
    time_surface,
    tore,
    voxel_grid,
)

SHOWN = 33_000


def main() -> None:
    """Read the command line and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recording", type=Path, metavar="RECORDING")
    events = read(parser.parse_args().recording).events.of(slice(0, SHOWN))
    frames = film(events, EqualShares(16))
    shown = {
        "histogram: ON": (histogram(events)[1], "gray_r"),
        "film: frame 12 of 16, ON less OFF": (np.diff(frames[11].astype(int), axis=0)[0], "RdBu_r"),
        "signed image": (signed_image(events), "RdBu_r"),
        "voxel grid: bin 2 of 5": (voxel_grid(events, 5)[2], "RdBu_r"),
        "time surface: ON, tau 30 ms": (time_surface(events, Exponential(30e-3))[1], "viridis"),
        "TORE: age of the latest ON event": (tore(events)[8], "viridis_r"),
        "TORE: age of the one before": (tore(events)[9], "viridis_r"),
        "event spike tensor: ON, bin 4 of 9": (spike_tensor(events, 9, ByCount())[13], "gray_r"),
        "statistics: mean time of ON": (statistics(events)[3], "viridis"),
    }
    figure, rows = plt.subplots(3, 3, figsize=(12.0, 7.5), dpi=100, layout="constrained")
    for axes, (title, (values, colours)) in zip(rows.flat, shown.items(), strict=True):
        most = np.quantile(np.abs(values), 0.995)
        least = -most if colours == "RdBu_r" else values.min()
        axes.imshow(values, cmap=colours, vmin=least, vmax=max(most, 1e-6), interpolation="nearest")
        axes.set_title(title, fontsize=9)
        axes.set_axis_off()
    drawn = io.BytesIO()
    figure.savefig(drawn)
    Image.open(drawn).convert("RGB").quantize(128).save(PICTURES / "event-representations.png", optimize=True)


if __name__ == "__main__":
    main()
