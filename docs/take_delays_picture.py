"""Draw the learned delays of a run of delays-speech, for how-to/learn-delays.md.

    spikesight reproduce delays-speech
    python docs/take_delays_picture.py runs/delays-speech-...

Needs the extra `plot`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from matplotlib import pyplot as plt
from take_pictures import PICTURES

from spikesight.runs.folder import Run

STEP = 10
"""Milliseconds of a step."""

NAMES = {"delays1": "cochlea to first layer", "delays2": "first to second layer", "out": "second layer to output"}


def main() -> None:
    """Read the command line and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path, metavar="RUN")
    weights, _ = Run.open(parser.parse_args().run).load_weights()
    figure, rows = plt.subplots(1, len(NAMES), figsize=(12.0, 7.5), dpi=100, sharey=True, layout="constrained")
    for axes, (layer, title) in zip(rows, NAMES.items(), strict=True):
        delays, weight = (weights[f"net.{layer}.{name}"].ravel() for name in ("delay", "weight"))
        longest = int(np.ceil(delays.max()))
        bins = (np.arange(longest + 2) - 0.5) * STEP
        heavy = np.abs(weight) >= np.quantile(np.abs(weight), 0.75)
        for chosen, colour, label in ((slice(None), "#9ab4c8", "all synapses"), (heavy, "#1f4e79", "heaviest quarter")):
            taken = np.rint(delays[chosen]) * STEP
            axes.hist(taken, bins, weights=np.full(len(taken), 1.0 / len(taken)), color=colour, label=label,
                      histtype="stepfilled" if colour == "#9ab4c8" else "step", linewidth=2.0)  # fmt: skip
        axes.axhline(1.0 / longest, color="#b04a2f", linestyle="--", label="where they began: evenly")
        axes.set(title=title, xlabel="delay (ms)")
    rows[0].set_ylabel("share of synapses")
    rows[0].legend(loc="upper center")
    figure.savefig(PICTURES / "delays-histogram.png")


if __name__ == "__main__":
    main()
