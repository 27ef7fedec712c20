"""Pictures as files, PNG, SVG or PDF: what can be written, an empty figure, and saving it. Needs the extra `plot`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from spikesight.base.errors import InputError
from spikesight.base.optional import require

FORMATS = (".png", ".svg", ".pdf")


def check_picture(file: Path) -> None:
    """Refuse, before anything is computed, what cannot be drawn.

    Errors: InputError for another format, or a folder that does not exist; MissingExtra.
    """
    if file.suffix.lower() not in FORMATS:
        raise InputError(f"'{file.name}' ends in none of {', '.join(FORMATS)}: the ending chooses the format")
    if not file.resolve().parent.is_dir():
        raise InputError(f"cannot write {file}: there is no folder {file.resolve().parent}")
    require("matplotlib", "plot")


def empty_figure(file: Path, width: float, height: float) -> Any:
    """Return an empty figure, sizes in inches, that `save_figure` can write to `file`.   Errors: `check_picture`."""
    check_picture(file)
    # Not pyplot: it keeps figures alive and wants a screen.
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def save_figure(figure: Any, file: Path) -> None:
    """Write a figure; the ending chooses the format.   Errors: InputError where the file cannot be written."""
    try:
        figure.savefig(file, dpi=150)
    except OSError as error:
        raise InputError(f"cannot write {file}: {error.strerror}. Choose a place where files can be made") from error
