"""A circuit as a description: populations, projections, a time step. Frozen; holds no weights and no state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError, UnknownName
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.executors.sequence import FloatType, initial_state

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Network:
    """`dt` in seconds. Arrays of a network are named "<population>.<variable>", "<projection>.w",
    "<projection>.delay" (steps).

    Errors: InputError or UnknownName where names clash, a projection leads nowhere, or sizes cannot be wired.
    """

    dt: float
    nodes: tuple[Source | Population, ...]
    projections: tuple[Projection, ...]
    dtype: FloatType = np.float32

    def __post_init__(self) -> None:
        names = [part.name for part in (*self.nodes, *self.projections)]
        wrong = [name for name in names if not name.isidentifier() or "__" in name or names.count(name) > 1]
        if wrong:
            raise InputError(
                f"names of a network's parts are unique Python identifiers without '__', got {sorted(set(wrong))}"
            )
        for projection in self.projections:
            self._check(projection)

    def _check(self, projection: Projection) -> None:
        pre, post = self.node(projection.pre), self.node(projection.post)
        if isinstance(post, Source):
            raise InputError(f"projection '{projection.name}' ends in '{post.name}', a source: it takes no input")
        takes = (*filter(lambda f: not post.equation.is_step_number(f), post.equation.fields), *post.equation.inputs)
        if projection.into not in takes:
            raise UnknownName(f"input of '{post.name}' ({post.equation.name})", projection.into, takes)
        projection.connection.weight_shape(pre.size, post.size)
        missing = [
            f"plasticity ({name})"
            for name in ("at_pre", "at_post")
            if projection.rule is not None and not hasattr(projection.connection, name)
        ]
        if projection.longest_delay and not hasattr(projection.connection, "deliver_late"):
            missing.append("delays")
        if missing:
            raise InputError(
                f"projection '{projection.name}': {projection.connection.name} wiring has no {', '.join(missing)}"
            )

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
        """Inputs of `population` that projections write to: emptied after every step."""
        into = {projection.into for projection in self.projections if projection.post == population.name}
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
        names = [f"{p.name}.{what}" for p in self.populations for what in (*p.equation.fields, *p.equation.inputs)]
        for p in self.projections:
            names.append(f"{p.name}.w")
            names += [f"{p.name}.{what}" for what in ("delay", "ring") if p.longest_delay]
            names += [f"{p.name}.{what}" for what in ("pre", "pre_at", "post", "post_at") if p.rule is not None]
        return tuple(names)

    @property
    def step_numbers(self) -> tuple[str, ...]:
        """Names of the arrays that hold step numbers: when a neuron may fire again, when it fired last."""
        ready = [f"{p.name}.{f}" for p in self.populations for f in p.equation.fields if p.equation.is_step_number(f)]
        fired = [f"{p.name}.{side}_at" for p in self.projections if p.rule is not None for side in ("pre", "post")]
        return (*ready, *fired)

    def learned(self, arrays: Arrays) -> Arrays:
        """Pick out of `arrays` what outlives a stimulus: weights, delays, learned variables of populations."""
        names = [f"{p.name}.{field}" for p in self.populations for field in p.equation.learned]
        names += [f"{p.name}.{what}" for p in self.projections for what in ("w", "delay")]
        return {name: arrays[name] for name in names if name in arrays}

    def at_rest(self, parameters: Arrays) -> Arrays:
        """Return every array of the network: `parameters` copied, all else at rest.

        Errors: InputError where a parameter is missing, has another shape, or is not finite.
        """
        arrays: Arrays = {}
        for population in self.populations:
            size = (population.size,)
            state = initial_state(population.equation, population.params, size, self.dtype)
            state.update({name: np.zeros(size, self.dtype) for name in population.equation.inputs})
            arrays.update({f"{population.name}.{field}": values for field, values in state.items()})
        for projection in self.projections:
            arrays.update(self._synapses(projection, parameters))
        for name in self.learned(arrays):
            if name in parameters:
                arrays[name] = _fitting(name, parameters[name], arrays[name])
        return {name: arrays[name] for name in self.array_names}

    def _synapses(self, projection: Projection, parameters: Arrays) -> Arrays:
        pre, post = self.node(projection.pre).size, self.node(projection.post).size
        weights = f"{projection.name}.w"
        if weights not in parameters:
            raise InputError(f"no weights '{weights}' among the parameters {sorted(parameters)}")
        arrays: Arrays = {weights: np.zeros(projection.connection.weight_shape(pre, post), self.dtype)}
        if projection.longest_delay:
            delay = parameters.get(f"{projection.name}.delay", np.zeros(0))
            whole = (delay >= 0) & (delay <= projection.longest_delay) & (delay % 1 == 0)
            if delay.shape != arrays[weights].shape or not whole.all():
                raise InputError(
                    f"'{projection.name}.delay' must be whole steps from 0 to {projection.longest_delay} in the shape "
                    f"of the weights {arrays[weights].shape}, got shape {delay.shape}"
                )
            arrays[f"{projection.name}.delay"] = np.zeros(delay.shape, np.min_scalar_type(projection.longest_delay))
            arrays[f"{projection.name}.ring"] = np.zeros((projection.longest_delay + 1, post), self.dtype)
        if projection.rule is not None:
            for side, traces, size in (
                ("pre", projection.rule.pre_traces, pre),
                ("post", projection.rule.post_traces, post),
            ):
                arrays[f"{projection.name}.{side}"] = np.zeros((len(traces), size), self.dtype)
                arrays[f"{projection.name}.{side}_at"] = np.zeros(size, np.int32)
        return arrays


def _fitting(name: str, got: NDArray[Any], place: NDArray[Any]) -> NDArray[Any]:
    if np.shape(got) != place.shape:
        raise InputError(f"'{name}' has shape {np.shape(got)}, the network needs {place.shape}")
    if not np.isfinite(got).all():
        raise InputError(f"'{name}' holds {int((~np.isfinite(got)).sum())} NaN or infinite values")
    return np.array(got, dtype=place.dtype)
