"""How figures of a notebook look: the colours of the page, and pictures side by side."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from spikesight.base.optional import require

INK, SOFT, LINE, FAINT, ACCENT, WRONG = "#1c2429", "#59646c", "#e6e4dd", "#8f999f", "#0d6b76", "#bd4a29"
STRENGTH: Final = ("#fbfaf7", "#c4e6e5", "#75bfca", "#3480a7", "#274475", "#171c3b")
"""From nothing to most, even in lightness."""
CHANGE: Final = ("#0e4f86", "#63a8cf", "#f7f7f4", "#e0a26f", "#9e4421")
"""From below zero over zero to above."""
CLASSES: Final = (
    "#567fca", "#a74d36", "#32965e", "#934e8e", "#987e00", "#007e93", "#bd5d76", "#5b7714", "#866fc2", "#9c5900",
)  # fmt: skip


def strength() -> Any:
    """Return the colour map of strength.   Errors: MissingExtra without matplotlib (extra `plot`)."""
    return require("matplotlib.colors", "plot").LinearSegmentedColormap.from_list("strength", STRENGTH)


def change() -> Any:
    """Return the colour map of what may be below zero.   Errors: MissingExtra."""
    return require("matplotlib.colors", "plot").LinearSegmentedColormap.from_list("change", CHANGE)


def class_colour(label: int) -> str:
    """Return the colour of a class, grey for none."""
    return FAINT if label < 0 else CLASSES[label % len(CLASSES)]


def say(axes: Any, title: str, across: str = "", up: str = "") -> None:
    """Give `axes` its words, and no more frame than it needs."""
    axes.set_title(title, color=INK, fontsize=10, loc="left")
    axes.set_xlabel(across, color=SOFT, fontsize=9)
    axes.set_ylabel(up, color=SOFT, fontsize=9)
    axes.tick_params(colors=SOFT, labelsize=8, length=2)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(LINE)


def say_empty(axes: Any, reason: str) -> None:
    """Write why there is nothing to draw."""
    axes.text(0.5, 0.5, reason, transform=axes.transAxes, ha="center", va="center", color=SOFT, fontsize=9, wrap=True)


def side_by_side(pictures: np.ndarray, wide: float = 1.6) -> np.ndarray:
    """Return `pictures` (n, height, width) as one, NaN between them, about `wide` times as wide as high."""
    count, height, width = pictures.shape
    across = max(1, min(count, round(math.sqrt(count * wide * height / width))))
    down = math.ceil(count / across)
    sheet = np.full((down * (height + 1) - 1, across * (width + 1) - 1), np.nan)
    for place, picture in enumerate(pictures):
        top, left = place // across * (height + 1), place % across * (width + 1)
        sheet[top : top + height, left : left + width] = picture
    return sheet


def show_pictures(axes: Any, pictures: np.ndarray, colours: Any, low: float, high: float) -> None:
    """Draw `pictures` (n, height, width) side by side, with the scale from `low` to `high` beside them."""
    shown = axes.imshow(side_by_side(pictures), cmap=colours, vmin=low, vmax=high, interpolation="nearest")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
    bar = axes.figure.colorbar(shown, ax=axes, fraction=0.03, pad=0.02)
    bar.outline.set_visible(False)
    bar.ax.tick_params(colors=SOFT, labelsize=8, length=0)


def weights_of(levels: np.ndarray, top: float, signed: bool) -> tuple[np.ndarray, Any, float]:
    """Return `levels` of an answer as weights, the colour map for them, and the least one that it spans."""
    if signed:
        return (levels.astype(np.float64) - 128.0) / 127.0 * top, change(), -top
    return levels / 255.0 * top, strength(), 0.0
