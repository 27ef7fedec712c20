"""Take the pictures of the two stories in the tutorial, of runs of their quick versions.

    spikesight reproduce late-fall --quick
    spikesight reproduce static-pruning --quick
    python docs/take_story_pictures.py runs/late-fall-... runs/static-pruning-... runs/static-pruning-...

The second static-pruning run is the one that was not pruned. Needs chromium and chromedriver.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from take_pictures import PICTURES, SIZE, save, settled

from spikesight import studio
from spikesight.benchmarks.browser import Browser

FALL = {
    "late-fall-overview": "tab=overview",
    "late-fall-synapses": "tab=synapses",
    "late-fall-changes": "tab=changes",
}
PRUNING = {
    "pruning-raster": "tab=raster&t0=2760&t1=2840&at=2805",
    "pruning-synapses": "tab=synapses&at=2900",
    "pruning-compare": "tab=compare&compare.align=stimulus&t0=2700&t1=3000",
}


def main() -> None:
    """Read the command line and take every picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs=3, type=Path, metavar="RUN")
    parser.add_argument("--only", nargs="*", help="Pictures; all where none are named.")
    asked = parser.parse_args()
    for runs, pictures in ((asked.runs[:1], FALL), (asked.runs[1:], PRUNING)):
        chosen = {name: state for name, state in pictures.items() if not asked.only or name in asked.only}
        _take(runs, chosen)


def _take(runs: Sequence[Path], pictures: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder, studio.start(runs) as served:
        browser = Browser(Path(folder))
        try:
            browser.size(*SIZE)
            for name, state in pictures.items():
                browser.open(f"{served.address}&theme=light&{state}")
                settled(browser)
                save(browser, PICTURES / f"{name}.png")
        finally:
            browser.close()


if __name__ == "__main__":
    main()
