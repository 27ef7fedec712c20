"""Who is taught: the rule that forgets, and those it is compared with. All else about them is equal."""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from spikesight.circuits.plasticity.asp import AdaptiveStdp, Leak
from spikesight.circuits.plasticity.diehl_cook import DiehlCookStdp

DRAWN = (0.002, 0.2)
"""Range of initial weights where nothing rescales them: about the mean that normalisation would give."""


class Learner(StrEnum):
    """Adaptive plasticity with its leak; the same without; Diehl & Cook's STDP with normalisation; the same without."""

    ASP = "asp"
    NO_LEAK = "asp-no-leak"
    STDP = "stdp"
    FREE_STDP = "stdp-free"

    def parameters(self, tau: float, offset: float) -> dict[str, Any]:
        """Return what the estimator must be told, for ASP the shortest `tau` (seconds) of its leak, and the trace
        below which an input is depressed.
        """
        return _PARAMETERS[self](tau, offset)


def _adaptive(tau: float, offset: float) -> dict[str, Any]:
    return {"rule": AdaptiveStdp(offset=offset), "mean_weight": None, "leak": Leak(tau=tau), "initial": DRAWN}


_PARAMETERS: dict[Learner, Callable[[float, float], dict[str, Any]]] = {
    Learner.ASP: _adaptive,
    Learner.NO_LEAK: lambda _, offset: _adaptive(math.inf, offset),
    Learner.STDP: lambda *_: {"rule": DiehlCookStdp()},
    Learner.FREE_STDP: lambda *_: {"rule": DiehlCookStdp(), "mean_weight": None, "initial": DRAWN},
}

CONTROLS = (Learner.STDP, Learner.FREE_STDP)
