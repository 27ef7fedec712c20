"""Recording a network in anyone's own loop: what its layers do becomes a run that the studio opens."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from spikesight import __version__
from spikesight.base.errors import InputError
from spikesight.deep.sketch import INPUT, SYNAPSES, is_still, parts_to_hear, sketched, weights
from spikesight.deep.tapping import Heard, around, firing_layers, membranes, tapped, variables
from spikesight.deep.watching import Listening, input_activity, packed
from spikesight.runs.derived import FINAL
from spikesight.runs.folder import Run
from spikesight.runs.running import running
from spikesight.trace.activity import Graded, Trains
from spikesight.trace.probe import Probe
from spikesight.trace.recording import SEVERAL, header
from spikesight.trace.schema import Layer, Recorded
from spikesight.trace.watched import Sketch
from spikesight.trace.writer import TraceWriter

RECIPE: Final = "record"
SPIKES, WEIGHTS, GRADIENTS = "spikes", "w", "grad_norm"


def probeable(net: nn.Module) -> list[str]:
    """Return what probes of `net` may name: "<layer>.spikes" of the input and of all that fires, their state variables
    ("lif1.v", "lif1.v_before_reset"), weights "<part>.w" and gradient norms "<part>.grad_norm".
    """
    layers = firing_layers(net)
    states = [f"{name}.{variable}" for name, module in layers.items() for variable in variables(module)]
    parts = dict(net.named_modules())
    w = [f"{name}.{WEIGHTS}" for name, module in parts.items() if isinstance(module, SYNAPSES)]
    learned = [name for name, module in parts.items() if name and any(True for _ in module.parameters())]
    spikes = [f"{name}.{SPIKES}" for name in (INPUT, *layers)]
    return [*spikes, *states, *w, *(f"{name}.{GRADIENTS}" for name in learned)]


@contextmanager
def record(
    net: nn.Module,
    folder: Path | str,
    probes: Sequence[Probe] | None = None,
    *,
    every: int = 1,
    dataset: str = "",
    classes: Sequence[str] = (),
    seed: int = 0,
    config: Mapping[str, Any] | None = None,
) -> Iterator[Recording]:
    """Record what `probes` ask for of every `every`-th call of `net` while the block lasts, as the run `folder`.

    Without `probes`, the spikes of the input and of every layer that fires. Of spikes, `every` of a probe counts items;
    of state variables, steps of an item; of weights and gradient norms, recorded calls. Every item of a recorded call
    is a stimulus, one after the other on a virtual time axis; the trace begins with the first call. Looking changes
    nothing: outputs and gradients have the same bits. `dataset`, `classes`, `seed` and `config` are told to the run.
    Errors: UnknownName for a target that the network has not, with the nearest; InputError for units that it has not,
    for a network in which nothing fires, and compiled ones; RunError where the folder is there already; StorageFull, in
    the call that was not written: what was before stays readable.
    """
    chosen = tuple(probes) if probes is not None else _all_spikes(net)
    _check(net, chosen, every)
    folder = Path(folder)
    facts = {"probes": [f"{probe.target} every {probe.every}" for probe in chosen], "every": every, **(config or {})}
    with ExitStack() as open_things:
        run = Run.create(folder.parent, RECIPE, seed=seed, config=facts, name=folder.name)
        run.update(**{FINAL: "it was recorded in a loop of its own, so there is nothing to go on with"})
        open_things.enter_context(running(run))
        recording = Recording(net, run, chosen, every, dataset, tuple(classes))
        open_things.callback(recording.close)
        open_things.enter_context(recording.listening())
        yield recording


class Recording:
    """A recording under way. `shown` counts the items that were recorded so far, `clock` their ticks.

    Use `record`.
    """

    def __init__(
        self, net: nn.Module, run: Run, probes: tuple[Probe, ...], every: int, dataset: str, classes: tuple[str, ...]
    ) -> None:
        self.run, self.shown, self.clock = run, 0, 0
        self._net, self._probes, self._every = net, probes, every
        self._dataset, self._classes = dataset, classes
        self._calls = self._recorded = 0
        self._listening: Listening | None = None
        self._writer: TraceWriter | None = None
        self._plan: Sketch | None = None
        self._waiting: list[dict[str, Any]] = []
        self._norms: dict[tuple[str, int], Tensor] = {}
        self._due: frozenset[str] = frozenset()
        self._several: set[str] = set()

    def items(
        self,
        labels: ArrayLike | Tensor | None = None,
        predictions: ArrayLike | Tensor | None = None,
        *,
        split: str = "train",
        epoch: int = 0,
        sources: ArrayLike | Tensor | None = None,
    ) -> None:
        """Tell of the items of the last call: labels, predictions and places in the data set, (B,) whole numbers each.

        Of calls that were not recorded nothing is kept.   Errors: InputError for other numbers of them.
        """
        told = {"label": labels, "prediction": predictions, "source": sources}
        for name, given in told.items():
            if given is None or not self._waiting:
                continue
            values = _whole(name, given, len(self._waiting))
            for row, value in zip(self._waiting, values, strict=True):
                row[name] = int(value)
        for row in self._waiting:
            row |= {"split": split, "epoch": epoch}
            if "label" in row and "prediction" in row and row["label"] >= 0:
                row["correct"] = row["label"] == row["prediction"]

    def curves(self, **values: float) -> None:
        """Append a point to each of the curves named, as in ``curves(loss=0.3, accuracy=0.9)``.

        Nothing is kept before the first recorded call.
        """
        if self._writer is not None:
            for name, value in values.items():
                self._writer.scalar(self.clock, name, float(value))

    def mark(self, name: str, text: str = "") -> None:
        """Append a mark, such as a change of the learning rate. Nothing is kept before the first recorded call."""
        if self._writer is not None:
            self._writer.mark(self.clock, name, text)

    def seal(self) -> None:
        """Wait until the disk holds what was recorded so far."""
        if self._writer is not None:
            self._writer.seal()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen to the network while the block lasts; `record` does."""
        with ExitStack() as hooks:
            hooks.enter_context(tapped(parts_to_hear(self._net), self._hear))
            hooks.enter_context(around(self._net, self._begin, self._end))
            for probe in self._probes:
                if probe.what == GRADIENTS:
                    for number, parameter in enumerate(self._net.get_submodule(probe.owner).parameters()):
                        if parameter.requires_grad:
                            taken = self._take_norm(probe.owner, number)
                            hook = parameter.register_post_accumulate_grad_hook(taken)  # type: ignore[no-untyped-call]
                            hooks.callback(hook.remove)
            yield

    def close(self) -> None:
        """Write what waits, and the weights as they are now."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        with writer:
            self._flush(writer)
            self._weights(writer, {probe.owner for probe in self._probes if probe.what == WEIGHTS})

    def _hear(self, heard: Heard) -> None:
        if self._listening is not None:
            self._listening(heard)

    def _begin(self) -> None:
        looked = self._calls % self._every == 0
        self._calls += 1
        if self._writer is not None:
            self._flush(self._writer)
        self._listening = Listening() if looked else None
        self._due = frozenset()

    def _end(self, x: Tensor, y: Tensor) -> None:
        heard, self._listening = self._listening, None
        if heard is None:
            return
        plan = sketched(self._net, heard.shapes, x, y)
        writer = self._started(plan)
        items, steps = heard.shapes.items, heard.shapes.steps
        for probe in self._probes:
            if probe.what == SPIKES:
                self._spikes(writer, probe, heard, x, steps)
            elif probe.what not in (WEIGHTS, GRADIENTS):
                self._values(writer, probe, heard.calls[probe.owner], steps)
        now = {probe for probe in self._probes if self._recorded % probe.every == 0}
        self._due = frozenset(probe.owner for probe in now if probe.what == GRADIENTS)
        self._weights(writer, {probe.owner for probe in now if probe.what == WEIGHTS})
        self._recorded += 1
        for item in range(items):
            start = self.clock + item * steps
            self._waiting.append({"stim": self.shown + item, "t_start": start, "t_end": start + steps})
        self.shown, self.clock = self.shown + items, self.clock + items * steps

    def _started(self, plan: Sketch) -> TraceWriter:
        if self._writer is None:
            self._plan = plan._replace(layers=tuple(self._described(layer) for layer in plan.layers))
            wired = {projection.name for projection in plan.projections}
            for probe in self._probes:
                if probe.what == WEIGHTS and probe.owner not in wired:
                    raise InputError(
                        f"'{probe.target}' cannot be recorded: between which layers it lies is not certain, or its "
                        f"weights are not one per pair of neurons. Certain are: {', '.join(sorted(wired)) or 'none'}"
                    )
            facts = header(
                self._plan, self.run.facts["name"], self._dataset, self.run.facts["seed"], __version__, self._classes
            )
            self._writer = TraceWriter.create(self.run.trace_folder, facts)
        return self._writer

    def _described(self, layer: Layer) -> Layer:
        """Return a layer that says what is recorded of its spikes.   Errors: InputError for units that it has not."""
        for probe in self._probes:
            if probe.owner == layer.name and probe.units and max(probe.units) >= layer.size:
                raise InputError(f"'{layer.name}' has units 0 to {layer.size - 1}, probe '{probe.target}' names others")
        mine = [probe for probe in self._probes if probe.owner == layer.name and probe.what == SPIKES]
        return Layer(layer.name, layer.shape, Recorded(mine[0].units, mine[0].every)) if mine else layer

    def _spikes(self, writer: TraceWriter, probe: Probe, heard: Listening, x: Tensor, steps: int) -> None:
        chosen = np.flatnonzero((self.shown + np.arange(heard.shapes.items)) % probe.every == 0)
        if not len(chosen):
            return
        if probe.owner == INPUT:
            still = is_still(self._net, x, heard.shapes)
            activity = input_activity(_some(x.detach(), chosen, 0 if still else 1), still)
            if isinstance(activity, Graded):
                t, unit, value = activity.samples(steps)
                kept = _among(unit, probe.units)
                writer.values(INPUT, activity.variable, self._placed(t, chosen, steps)[kept], unit[kept], value[kept])
                return
        else:
            activity = Trains(packed(_some(heard.calls[probe.owner].y, chosen, 1)))
        if isinstance(activity, Trains) and activity.most > 1 and probe.owner not in self._several:
            self._several.add(probe.owner)
            writer.mark(self.clock, SEVERAL, f"{probe.owner}: up to {activity.most}, each a row of the same tick")
        if len(chosen) == heard.shapes.items and probe.units is None:
            writer.append(probe.owner, activity.events(1.0, steps, self.clock, self.shown))
            return
        t, unit, stim = activity.events(1.0, steps)
        kept = _among(unit, probe.units)
        stims = (self.shown + chosen[stim]).astype(np.int32)
        writer.spikes(probe.owner, self._placed(t, chosen, steps)[kept], unit[kept], stims[kept])

    def _placed(self, t: NDArray[np.int64], chosen: NDArray[np.int64], steps: int) -> NDArray[np.int64]:
        """Return ticks of items that lie side by side as those of the `chosen` ones among all of the call."""
        item, step = np.divmod(t, steps)
        placed: NDArray[np.int64] = self.clock + chosen[item] * steps + step
        return placed

    def _values(self, writer: TraceWriter, probe: Probe, heard: Heard, steps: int) -> None:
        values = membranes(heard, (probe.what,))[probe.what][:: probe.every]
        units = np.arange(math.prod(values.shape[2:])) if probe.units is None else np.asarray(probe.units)
        by_item = values.flatten(2) if values.ndim > 2 else values.unsqueeze(2)
        numbers = by_item.transpose(0, 1).cpu().float().numpy()[:, :, units]
        ticks = self.clock + np.arange(len(numbers))[:, None] * steps + np.arange(0, len(heard.y), probe.every)
        flat = np.repeat(ticks.ravel(), len(units))
        writer.values(probe.owner, probe.what, flat, np.tile(units, ticks.size), numbers.reshape(-1))

    def _weights(self, writer: TraceWriter, names: set[str]) -> None:
        if names and self._plan is not None:
            mine = tuple(one for one in self._plan.projections if one.name in names)
            for name, w in weights(self._net, self._plan._replace(projections=mine)).items():
                writer.weights(name, self.clock, self.shown - 1, w)

    def _take_norm(self, owner: str, number: int) -> Any:
        def taken(parameter: Tensor) -> None:
            if owner in self._due and parameter.grad is not None:
                self._norms[owner, number] = torch.linalg.vector_norm(parameter.grad.detach().double())

        return taken

    def _flush(self, writer: TraceWriter) -> None:
        """Write the items and the gradients of the last recorded call."""
        waiting, self._waiting = self._waiting, []
        norms, self._norms = self._norms, {}
        for row in waiting:
            writer.stimulus(**row)
        for owner in dict.fromkeys(name for name, _ in norms):
            squares = [float(norm) ** 2 for (name, _), norm in norms.items() if name == owner]
            writer.scalar(self.clock, f"{owner}.{GRADIENTS}", math.sqrt(sum(squares)))


def _all_spikes(net: nn.Module) -> tuple[Probe, ...]:
    return tuple(Probe(f"{name}.{SPIKES}") for name in (INPUT, *firing_layers(net)))


def _check(net: nn.Module, probes: tuple[Probe, ...], every: int) -> None:
    if every < 1 or every != int(every):
        raise InputError(f"every 1st, 2nd, ... call is recorded, got every={every}")
    if not firing_layers(net):
        raise InputError(f"{type(net).__name__} has no layer of spiking neurons, such as LIF: nothing of it fires")
    known = probeable(net)
    for probe in probes:
        probe.check(known)
        if probe.units is not None and probe.what in (WEIGHTS, GRADIENTS):
            raise InputError(f"probe '{probe.target}' names units, but it is recorded whole: leave them out")


def _some(values: Tensor, chosen: NDArray[np.int64], axis: int) -> Tensor:
    if len(chosen) == values.shape[axis]:
        return values
    return values.index_select(axis, torch.from_numpy(chosen).to(values.device))


def _among(unit: NDArray[Any], units: tuple[int, ...] | None) -> NDArray[np.bool_] | slice:
    return slice(None) if units is None else np.isin(unit, units)


def _whole(name: str, given: ArrayLike | Tensor, items: int) -> NDArray[np.int64]:
    values = np.asarray(given.detach().cpu() if isinstance(given, Tensor) else given)
    if values.shape != (items,) or values.dtype.kind not in "iub":
        raise InputError(
            f"a {name} for each of the {items} items of the last call, whole numbers, is needed; got {values.dtype} of "
            f"shape {values.shape}"
        )
    return values.astype(np.int64)
