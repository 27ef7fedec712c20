"""What `spikesight doctor` looks at: each check says what it found, and what to do where that is not enough."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from spikesight.base.errors import SpikesightError
from spikesight.base.optional import EXTRAS
from spikesight.runs.machine import machine

NEEDED: Final = {
    "numpy": "numpy",
    "numba": "numba",
    "scipy": "scipy",
    "scikit-learn": "sklearn",
    "duckdb": "duckdb",
    "safetensors": "safetensors",
    "starlette": "starlette",
    "uvicorn": "uvicorn",
    "rich": "rich",
    "click": "click",
    "pillow": "PIL",
}
"""Packages that come with Spikesight, and the names they are imported by."""

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "firefox", "open")
"""Programs that can show the studio; `open` is how macOS starts the browser of the user's choice."""

REINSTALL: Final = "pip install --force-reinstall spikesight"
OLDEST_PYTHON: Final = (3, 11)
LEAST_FREE: Final = 10**9
"""Bytes. A run of the demo takes a few megabytes, one of MNIST some hundred."""


@dataclass(frozen=True)
class Check:
    """`ok` says whether it works, `needed` whether everything depends on it, `advice` what to do where it does not."""

    name: str
    found: str
    ok: bool = True
    needed: bool = True
    advice: str = ""

    def row(self) -> list[str]:
        """Return a line of the table."""
        mark = "ok" if self.ok else "BROKEN" if self.needed else "missing"
        return [mark, self.name, self.found, "" if self.ok else self.advice]


def examine(data: Path | None = None) -> list[Check]:
    """Look at everything. `data` is the folder with the data sets (None = as everywhere)."""
    return [
        python(),
        *packages(),
        *_tried(("compiled kernels", kernels), ("cache folder", cache), ("MNIST", lambda: mnist(data))),
        disk(Path.cwd()),
        Check("cores", str(machine()["cores"])),
        browser(),
    ]


def python() -> Check:
    """Python itself."""
    oldest = ".".join(map(str, OLDEST_PYTHON))
    return Check(
        "Python", sys.version.split()[0], sys.version_info >= OLDEST_PYTHON, advice=f"install Python {oldest} or newer"
    )


def packages() -> Iterator[Check]:
    """Every package that comes with Spikesight, then those of the extras."""
    for name, module in NEEDED.items():
        yield package(name, module, True, REINSTALL)
    for extra, members in EXTRAS.items():
        for name, module in members.items():
            yield package(f"{name} (extra '{extra}')", module, False, f'pip install "spikesight[{extra}]"')


def package(name: str, module: str, needed: bool, advice: str) -> Check:
    """Whether a package can be imported, which is more than being installed."""
    try:
        importlib.import_module(module)
        found = version(name.partition(" ")[0])
    except PackageNotFoundError:
        found = "version unknown"
    except Exception as error:  # a broken wheel may raise anything
        return Check(name, " ".join(str(error).split()), False, needed, advice)
    return Check(name, found, True, needed)


def kernels() -> Check:
    """Numba compiles the neuron, keeps the result on the disk, runs it in two threads, and agrees with NumPy."""
    import numpy as np

    from spikesight.base.cache import cache_folder
    from spikesight.equations import leaky
    from spikesight.executors import FusedCpu, Reference

    drive = {"current": np.linspace(0.5, 3.0, 2_000).reshape(100, 20)}
    expected, _ = Reference().run(leaky.EQUATION, leaky.Params(), drive, 1e-3)
    with ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(FusedCpu().run, leaky.EQUATION, leaky.Params(), drive, 1e-3) for _ in range(2)]
        agree = all(np.array_equal(one.result()[0], expected) for one in tries)
    kept = len(list(cache_folder("kernels").rglob("*.nbi")))
    found = f"{'equal to' if agree else 'DIFFER FROM'} the NumPy reference, {kept} kept on the disk"
    return Check("compiled kernels", found, agree and kept > 0, advice="delete the cache folder and try again")


def cache() -> Check:
    """The folder for what can be made again."""
    from spikesight.base.cache import cache_folder

    folder = cache_folder()
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    lasting = folder.name == "spikesight"  # the one for when the user's cannot be written is called otherwise
    return Check(
        "cache folder",
        f"{folder}, {_megabytes(size)}",
        lasting,
        needed=False,
        advice="the user's cache cannot be written, so kernels are compiled anew each time: set XDG_CACHE_HOME",
    )


def mnist(data: Path | None) -> Check:
    """Whether MNIST is there and whole. The 8 x 8 digits of the demo ship with scikit-learn."""
    from spikesight.datasets.folder import data_folder
    from spikesight.datasets.images import mnist as read

    images = read(data)
    return Check("MNIST", f"{len(images.train)} + {len(images.test)} images in {data_folder(data)}", needed=False)


def disk(folder: Path) -> Check:
    """Room for runs."""
    free = shutil.disk_usage(folder).free
    return Check("free disk", f"{_megabytes(free)} in {folder}", free >= LEAST_FREE, False, "free some space for runs")


def browser() -> Check:
    """A program that shows the studio."""
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    advice = "only needed to see the studio; any browser of this machine will do"
    return Check("browser", found or "none found", found is not None, needed=False, advice=advice)


def _tried(*checks: tuple[str, Callable[[], Check]]) -> Iterator[Check]:
    """Run checks; one that raises is a check that found the error."""
    for name, check in checks:
        try:
            yield check()
        except SpikesightError as error:
            yield Check(name, "not there", False, False, " ".join(str(error).split()))
        except Exception as error:
            yield Check(
                name, f"{type(error).__name__}: {error}", False, True, "pip install --force-reinstall spikesight"
            )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
