"""Packages that not everyone installs: asked for when used, never when imported."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Final

from spikesight.base.errors import MissingExtra

EXTRAS: Final = {
    "train": {"torch": "torch"},
    "vision": {"scikit-image": "skimage"},
    "plot": {"matplotlib": "matplotlib"},
    "simulators": {"h5py": "h5py", "neo": "neo"},
    "cluster": {
        "dask": "dask",
        "distributed": "distributed",
        "ibis-framework": "ibis",
        "sqlglot": "sqlglot",
        "pyspark": "pyspark",
    },
    "tables": {"pandas": "pandas", "polars": "polars"},
    "traffic": {"dpkt": "dpkt"},
    "export": {"onnx": "onnx", "onnxscript": "onnxscript"},
    "events": {"aedat": "aedat", "h5py": "h5py", "hdf5plugin": "hdf5plugin", "pypng": "png"},
}
"""Packages of each extra, and the name by which each is imported."""


def require(package: str, extra: str) -> ModuleType:
    """Import `package`, or say which extra brings it.

    Errors: MissingExtra with the pip command to type.
    """
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise MissingExtra(_told(package, extra)) from error


def imported(module: str) -> ModuleType:
    """Import a module that may build on an extra.

    Errors: MissingExtra where a package of an extra is not there; ImportError for any other.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        for extra, packages in EXTRAS.items():
            if package in packages.values():
                raise MissingExtra(_told(package, extra)) from error
        raise


def _told(package: str, extra: str) -> str:
    return f'{package} is not installed. Type: pip install "spikesight[{extra}]"'
