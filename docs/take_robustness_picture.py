"""Draw the picture of the how-to about robustness, of a run of mostafa-mnist.

    spikesight train mostafa-mnist
    python docs/take_robustness_picture.py runs/mostafa-mnist-...

It is what `spikesight robustness RUN --plot FILE` draws. Needs the extra `plot` and MNIST.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from take_pictures import PICTURES

from spikesight.analysis.variation.designs import one
from spikesight.analysis.variation.kinds import named
from spikesight.analysis.variation.plot import save_curves
from spikesight.analysis.variation.summary import summarise
from spikesight.recipes.robustness import try_run

OVER = ("position", "scale", "rotation", "contrast", "noise", "frequency")


def main() -> None:
    """Read the command line and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path, metavar="RUN")
    parser.add_argument("--data", type=Path, help="Folder with the data sets.")
    asked = parser.parse_args()
    tried = try_run(asked.run, one(named(OVER)), data=asked.data)
    save_curves(summarise(tried.table, tried.classes), tried.classes, PICTURES / "robustness.png")


if __name__ == "__main__":
    main()
