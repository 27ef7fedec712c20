"""Take the pictures of how-to/look-into-first-spikes.md, of runs of two quick recipes.

    spikesight reproduce rstdp-mnist --quick
    spikesight reproduce rstdp-shallow --quick
    python docs/take_first_spike_pictures.py runs/rstdp-mnist-... runs/rstdp-shallow-...

Needs chromium and chromedriver.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from take_pictures import PICTURES, SIZE, save, settled

from spikesight import studio
from spikesight.benchmarks.browser import Browser

TAKEN = {
    "first-spikes-features": "tab=maps&layer=conv2",
    "first-spikes-decision": "tab=maps&layer=decision",
}
"""Pictures by name, and the state of the page in each; of the first run and of the second."""
TO_FEATURES = "document.querySelector('[data-tab=maps] [data-panel=features]').scrollIntoView()"


def main() -> None:
    """Read the command line and take both pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs=2, type=Path, metavar="RUN")
    for run, (name, state) in zip(parser.parse_args().runs, TAKEN.items(), strict=True):
        _take(run, name, state)


def _take(run: Path, name: str, state: str) -> None:
    with tempfile.TemporaryDirectory() as folder, studio.start([run]) as served:
        browser = Browser(Path(folder))
        try:
            browser.size(*SIZE)
            browser.open(f"{served.address}&theme=light&{state}")
            settled(browser)
            browser.value(TO_FEATURES)
            settled(browser)
            save(browser, PICTURES / f"{name}.png")
        finally:
            browser.close()


if __name__ == "__main__":
    main()
