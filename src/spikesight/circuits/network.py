"""A circuit as a description: populations, projections, drives, a time step. Frozen; holds no weights and no state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError, UnknownName
from spikesight.circuits.delays import Interpolated, PerSynapse
from spikesight.circuits.drive import Drive
from spikesight.circuits.layout import layout
from spikesight.circuits.plasticity.contract import Lasting
from spikesight.circuits.plasticity.fitting import check_fits
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.equations.time_constants import check_positive
from spikesight.executors.sequence import FloatType

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Network:
    """`dt` in seconds. Arrays of a network are named "<population>.<variable>", "<projection>.w",
    "<projection>.delay" (steps), "<projection>.mask" (False: the synapse is gone).

    Errors: InputError or UnknownName where names clash, a part leads nowhere, or sizes cannot be wired.
    """

    dt: float
    nodes: tuple[Source | Population, ...]
    projections: tuple[Projection, ...]
    dtype: FloatType = np.float32
    drives: tuple[Drive, ...] = ()

    def __post_init__(self) -> None:
        check_positive(dt=self.dt)
        if self.dtype not in (np.float32, np.float64):
            raise InputError(f"dtype is numpy.float32 or numpy.float64 itself, got {self.dtype!r}")
        names = [part.name for part in (*self.nodes, *self.projections, *self.drives)]
        wrong = [name for name in names if not name.isidentifier() or "__" in name or names.count(name) > 1]
        if wrong:
            raise InputError(
                f"names of a network's parts are unique Python identifiers without '__', got {sorted(set(wrong))}"
            )
        for part in self._ends:
            self._check_end(part)
        for projection in self.projections:
            self._check(projection)

    @property
    def _ends(self) -> tuple[Projection | Drive, ...]:
        return (*self.projections, *self.drives)

    def _check_end(self, part: Projection | Drive) -> None:
        post = self.node(part.post)
        if isinstance(post, Source):
            raise InputError(f"'{part.name}' ends in '{post.name}', a source: it takes no input")
        takes = (*post.equation.targets, *post.equation.inputs)
        if part.into not in takes:
            raise UnknownName(f"input of '{post.name}' ({post.equation.name})", part.into, takes)

    def _check(self, projection: Projection) -> None:
        pre, post = self.node(projection.pre), self.node(projection.post)
        projection.connection.weight_shape(projection.rows(pre.size), post.size)
        check_fits(projection, self.dt)

    def node(self, name: str) -> Source | Population:
        """Return the source or population called `name`.   Errors: UnknownName."""
        for node in self.nodes:
            if node.name == name:
                return node
        raise UnknownName("population", name, [node.name for node in self.nodes])

    @property
    def sources(self) -> tuple[Source, ...]:
        """Nodes whose spikes are handed in."""
        return tuple(node for node in self.nodes if isinstance(node, Source))

    @property
    def populations(self) -> tuple[Population, ...]:
        """Nodes that integrate."""
        return tuple(node for node in self.nodes if isinstance(node, Population))

    def fed_inputs(self, population: Population) -> tuple[str, ...]:
        """Inputs of `population` that projections and drives write to: emptied after every step."""
        into = {part.into for part in self._ends if part.post == population.name}
        return tuple(name for name in population.equation.inputs if name in into)

    @property
    def probeable(self) -> tuple[str, ...]:
        """What can be looked at: spikes of every node, state of every population, weights of every projection."""
        spikes = [f"{node.name}.spikes" for node in self.nodes]
        state = [f"{p.name}.{field}" for p in self.populations for field in p.equation.fields]
        return (*spikes, *state, *(f"{projection.name}.w" for projection in self.projections))

    def frozen(self) -> Network:
        """Return the network with nothing left to learn: no rules, thresholds held where they are."""
        nodes = tuple(
            replace(node, params=node.equation.frozen(node.params)) if isinstance(node, Population) else node
            for node in self.nodes
        )
        return replace(self, nodes=nodes, projections=tuple(replace(p, rule=None) for p in self.projections))

    @property
    def array_names(self) -> tuple[str, ...]:
        """Names of everything `at_rest` returns, in its order."""
        return tuple(layout(self))

    @property
    def step_numbers(self) -> tuple[str, ...]:
        """Names of the arrays that hold step numbers: when a neuron may fire again, when it fired last."""
        numbers = [f"{p.name}.{f}" for p in self.populations for f in p.equation.fields if p.equation.is_step_number(f)]
        ends = tuple(f"{p.name}.{what}" for p in self.projections for what in ("pre_at", "post_at", "touched"))
        return (*numbers, *(name for name in self.array_names if name in ends))

    def learned(self, arrays: Arrays) -> Arrays:
        """Pick out of `arrays` what outlives a stimulus: weights, delays, masks, learned variables."""
        names = [f"{p.name}.{field}" for p in self.populations for field in p.equation.learned]
        for p in self.projections:
            lasting = [v.name for v in p.rule.synaptic if isinstance(v, Lasting)] if p.rule is not None else []
            names += [f"{p.name}.{what}" for what in ("w", "delay", "mask", *lasting)]
        return {name: arrays[name] for name in names if name in arrays}

    def at_rest(self, parameters: Arrays) -> Arrays:
        """Return every array of the network: `parameters` copied, all else at rest.

        Any array may be given: what was learned, but also a membrane to begin with. Weights must be. Synapses without
        a mask in `parameters` are all there.
        Errors: InputError where weights or delays are missing, or an array has another shape or is not finite;
        UnknownName for an array that the network does not have.
        """
        arrays = {name: np.zeros(place.shape, place.dtype) for name, place in layout(self).items()}
        for population in self.populations:
            for field, value in population.equation.initial(population.params)._asdict().items():
                arrays[f"{population.name}.{field}"][...] = value
        for projection in self.projections:
            self._fill(projection, parameters, arrays)
        for name, values in parameters.items():
            if name not in arrays:
                raise UnknownName("array of this network", name, arrays)
            arrays[name] = _fitting(name, values, arrays[name])
        for projection in self.projections:
            if projection.masked:
                arrays[f"{projection.name}.w"][~arrays[f"{projection.name}.mask"]] = 0
        return arrays

    def _fill(self, projection: Projection, parameters: Arrays, arrays: Arrays) -> None:
        weights = f"{projection.name}.w"
        if weights not in parameters:
            raise InputError(f"no weights '{weights}' among the parameters {sorted(parameters)}")
        if projection.masked:
            arrays[f"{projection.name}.mask"][...] = True
        if isinstance(projection.delay, PerSynapse | Interpolated):
            _check_delay(projection.name, projection.delay, parameters, arrays[weights].shape)


def _check_delay(name: str, kind: PerSynapse | Interpolated, parameters: Arrays, shape: tuple[int, ...]) -> None:
    delay = parameters.get(f"{name}.delay", np.zeros(0))
    within = (delay >= 0) & (delay <= kind.longest)
    if isinstance(kind, PerSynapse):
        within &= delay % 1 == 0
    if delay.shape != shape or not within.all():
        whole = "whole steps" if isinstance(kind, PerSynapse) else "steps"
        raise InputError(
            f"'{name}.delay' must be {whole} from 0 to {kind.longest} in the shape of the weights {shape}, "
            f"got shape {delay.shape}"
        )


def _fitting(name: str, got: NDArray[Any], place: NDArray[Any]) -> NDArray[Any]:
    if np.shape(got) != place.shape:
        raise InputError(f"'{name}' has shape {np.shape(got)}, the network needs {place.shape}")
    with np.errstate(over="ignore", invalid="ignore"):  # what does not fit the type is infinite, and told below
        fitted = np.array(got, dtype=place.dtype)
    if not np.isfinite(fitted).all() or not np.isfinite(got).all():
        raise InputError(f"'{name}' holds {int((~np.isfinite(fitted)).sum())} NaN or infinite values")
    return fitted
