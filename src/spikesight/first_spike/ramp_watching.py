"""What can be seen of a network of ramps: its sketch, and when every neuron fires, before pooling too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.encoding.latencies import Latencies, smallest
from spikesight.first_spike.ramp_layers import RampConvolution, RampLayer, Steps
from spikesight.first_spike.ramp_network import RampNetwork
from spikesight.trace.schema import Layer, Projection
from spikesight.trace.watched import Sketch

INPUT, OUTPUT = "input", "output"


def names(layers: Sequence[RampLayer]) -> list[str]:
    """Return what the layers of a network are called."""
    kinds = ["conv" if isinstance(layer, RampConvolution) else "dense" for layer in layers[:-1]]
    return [f"{kind}{number}" for number, kind in enumerate(kinds, start=1)] + [OUTPUT]


def sketch(network: RampNetwork) -> Sketch:
    """Return a network as a trace describes it; maps come first there."""
    before = Layer(INPUT, _told(network.shape_in))
    layers, projections = [before], []
    for name, layer, shape in zip(names(network.layers), network.layers, network.shapes[:-1], strict=True):
        if isinstance(layer, RampConvolution):
            here = Layer(name, (layer.maps, *layer.places(shape[:2])))
            size, pool = (layer.kernel, layer.kernel), (layer.pool, layer.pool)
            projections.append(Projection.convolution(f"{before.name}_{name}", before, here, size))
            if layer.pool > 1:
                layers.append(here)
                here = Layer(_pool(name), _told(layer.shape(shape)))
                projections.append(Projection.pooling(f"{name}_{here.name}", layers[-1], here, pool, pool))
        else:
            here = Layer(name, layer.shape(shape))
            projections.append(
                Projection(f"{before.name}_{name}", before.name, name, (before.size, here.size), float(here.size))
            )
        layers.append(here)
        before = here
    return Sketch(tuple(layers), tuple(projections), network.steps)


def weights(network: RampNetwork, w: Sequence[NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return the weights of each projection of the sketch that has any."""
    told = [one for one in sketch(network).projections if not (one.kernel and one.kernel.pools)]
    kernels = []
    for number, (layer, shape) in enumerate(zip(network.layers, network.shapes[:-1], strict=True)):
        here = layer.as_kernels(network.form(w[number]), shape)
        maps_last = len(shape) == 3 and not isinstance(layer, RampConvolution)
        kernels.append(_inputs_maps_first(here, shape) if maps_last else here)
    return {one.name: here for one, here in zip(told, kernels, strict=True)}


def watched(network: RampNetwork, w: Sequence[NDArray[Any]], times: Steps) -> dict[str, Latencies]:
    """Return when every neuron of every layer of the sketch fires, the input first."""
    found = {INPUT: _maps_first(times, network.steps)}
    for number, (name, layer) in enumerate(zip(names(network.layers), network.layers, strict=True)):
        shape = network.shapes[number]
        if isinstance(layer, RampConvolution) and layer.pool > 1:
            whole = network.make(replace(layer, pool=1), network.ramp, shape, network.steps)
            found[name] = _maps_first(whole.fire(whole.laid_out(network.form(w[number])), times).steps, network.steps)
            name = _pool(name)
        passes = network.passes[number]
        times = passes.fire(passes.laid_out(network.form(w[number])), times).steps
        found[name] = _maps_first(times, network.steps)
    return found


def _pool(name: str) -> str:
    return name.replace("conv", "pool")


def _told(shape: tuple[int, ...]) -> tuple[int, ...]:
    return (shape[-1], *shape[:-1]) if len(shape) == 3 else shape


def _maps_first(times: Steps, steps: int) -> Latencies:
    told = np.moveaxis(times, -1, 1) if times.ndim == 4 else times
    return Latencies(np.ascontiguousarray(told).astype(smallest(steps)), steps)


def _inputs_maps_first(w: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Return weights (n_pre, n_post) of inputs that are counted maps first, as layers of the sketch are."""
    return np.ascontiguousarray(np.moveaxis(w.reshape(*shape, -1), 2, 0)).reshape(w.shape)
