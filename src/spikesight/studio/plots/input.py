"""The input at the cursor, large."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import say, say_empty, strength


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `input`: spikes per pixel, or events: on in teal, off in red."""
    frame = answer["frame"]
    if frame["kind"] == "events":
        on, off = frame["on"] / 255.0, frame["off"] / 255.0
        teal, red = np.array([0.05, 0.42, 0.46]), np.array([0.74, 0.29, 0.16])
        sheet = 1.0 - np.clip(on[..., None] * (1 - teal) + off[..., None] * (1 - red), 0, 1)
        axes.imshow(sheet, interpolation="nearest")
    elif frame["levels"] is not None:
        axes.imshow(frame["levels"], cmap=strength(), vmin=0, vmax=255, interpolation="nearest")
    else:
        say_empty(axes, frame["note"])
    axes.set_xticks([])
    axes.set_yticks([])
    said = f"label {answer['label']}, prediction {answer['prediction']}"
    say(axes, f"Stimulus {answer['stim']}: {said}", f"{frame['from']:.3f} to {frame['to']:.3f} s")
