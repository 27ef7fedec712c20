"""The run in one line, and everything that run.json says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from spikesight.studio.metrics import metric
from spikesight.studio.moments import stimuli
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View
from spikesight.studio.views.accuracy import accuracy_of


def answer(run: OpenRun, _: Query) -> dict[str, Any]:
    """Return recipe, status, accuracy, control, spikes, duration and machine; `facts` is run.json."""
    facts = run.facts
    told = {
        "name": run.name,
        "folder": str(run.folder),
        "recipe": facts.get("recipe"),
        "status": run.run.status(),
        "seed": facts.get("seed"),
        "error": facts.get("error"),
        "control": metric(facts, "control"),
        "seconds": _seconds(facts, run.run.status() == "running"),
        "machine": _machine(facts.get("machine")),
        "facts": facts,
    }
    try:
        recorded = run.remembered("recorded", lambda: _recorded(run))
    except Empty:
        recorded = {"extent": None, "tick": None, "spikes": None, "stimuli": None, "readout": None}
        recorded |= {"layers": [], "projections": [], "classes": []}
    return {**told, **recorded, **_accuracy(run), "progress": _progress(facts, recorded["stimuli"] or 0)}


def _accuracy(run: OpenRun) -> dict[str, Any]:
    """The held-out accuracy once it is known; until then how training goes."""
    held_out = metric(run.facts, "accuracy")
    if held_out is not None:
        note = "Share of right answers on stimuli that were held out"
        return {"accuracy": held_out, "accuracy_name": "Accuracy, held out", "accuracy_note": note}
    value = _training_accuracy(run)
    note = "Share of right answers over the last training stimuli"
    return {
        "accuracy": value,
        "accuracy_name": "Accuracy, training",
        "accuracy_note": note,
    }


def _training_accuracy(run: OpenRun) -> float | None:
    try:
        return run.remembered("training accuracy", lambda: float(accuracy_of(run)[1][-1]))
    except Empty:
        return None


def _recorded(run: OpenRun) -> dict[str, Any]:
    trace = run.trace
    window = run.window(Query())
    seconds = run.seconds(window)
    layers = [
        {
            "name": layer.name,
            "size": layer.size,
            "shape": list(layer.shape),
            "spikes": run.spikes_in(layer.name, window),
        }
        for layer in trace.header.layers
    ]
    projections = [
        {
            "name": one.name,
            "pre": one.pre,
            "post": one.post,
            "shape": list(one.shape),
            "fan_out": one.fan_out,
            "recorded": f"weights/{one.name}" in trace.tables,
            "pools": one.kernel is not None and one.kernel.pools,
        }
        for one in trace.header.projections
    ]
    return {
        "layers": layers,
        "projections": projections,
        "classes": list(trace.header.classes),
        "extent": list(seconds),
        "tick": run.tick,
        "spikes": sum(layer["spikes"] for layer in layers),
        "stimuli": _count_stimuli(run),
        "readout": {"pre": run.input().name, "post": run.readout().name},
    }


def _count_stimuli(run: OpenRun) -> int:
    try:
        return len(stimuli(run))
    except Empty:
        return 0


def _progress(facts: Mapping[str, Any], stimuli: int) -> dict[str, int] | None:
    """How far the run is; between the checkpoints of a run the stimuli that were recorded know better."""
    told = facts.get("progress") or {}
    total = told.get("total")
    return {"done": min(total, max(told.get("done", 0), stimuli)), "total": total} if total else None


def _seconds(facts: Mapping[str, Any], running: bool) -> float | None:
    """Seconds on the clock: as measured by the run, else from its beginning until now, or its last sign of life."""
    measured = metric(facts, "seconds")
    if measured is not None:
        return measured
    try:
        started = datetime.fromisoformat(facts["started"])
        end = datetime.now(started.tzinfo) if running else datetime.fromisoformat(facts["updated"])
        return (end - started).total_seconds()
    except (KeyError, TypeError, ValueError):
        return None


def _machine(machine: Any) -> str | None:
    if not isinstance(machine, dict):
        return None
    cores = machine.get("cores")
    told = [str(machine.get("cpu") or machine.get("os") or ""), f"{cores} cores" if cores else ""]
    return ", ".join(part for part in told if part) or None


VIEW = View(answer, "Run", ("overview",), Place.BAR)
