"""Layers of normalised neurons: what is known of them by hand, streaming, shapes, errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (the optional extra 'train')")

from spikesight.base.errors import InputError  # noqa: E402
from spikesight.deep.losses import SquaredByDepth  # noqa: E402
from spikesight.deep.network import Network  # noqa: E402
from spikesight.deep.normalised import (  # noqa: E402
    FLAT,
    STEEP,
    LeakyReadout,
    NormalisedConv,
    NormalisedDense,
    NormalisedReadout,
)
from spikesight.equations.surrogate import slope  # noqa: E402


def dense(weights: Any, decay: float = 0.5, threshold: float = 1.0, *, lateral: bool = False) -> NormalisedDense:
    w = torch.tensor(weights)
    layer = NormalisedDense(w.shape[1], w.shape[0], lateral=lateral)
    with torch.no_grad():
        layer.weight[:] = w
        layer.decay.fill_(decay)
        layer.threshold.fill_(threshold)
    return layer


def spikes(layer: Any, *steps: Any) -> list[Any]:
    x = torch.tensor(steps)[:, None, :]
    return layer(x)[:, 0].int().tolist()


def membranes(layer: Any, *steps: Any) -> list[Any]:
    state, found = None, []
    for step in steps:
        _, state = layer.run(torch.tensor([[step]]), state)
        found.append(state.v[0].tolist())
    return found


def test_one_neuron_by_hand() -> None:
    layer = dense([[1.0]])
    assert spikes(layer, [4.0], [0.0], [0.0]) == [[1], [0], [0]]
    assert membranes(layer, [4.0], [0.0], [0.0]) == [[2.0], [0.5], [0.25]]


def test_a_spike_takes_from_neurons_with_like_weights_and_from_no_others() -> None:
    alike = dense([[1.0, 0.0], [1.0, 0.0]], lateral=True)
    with torch.no_grad():
        alike.threshold[1] = 100.0
    assert spikes(alike, [4.0, 0.0], [0.0, 0.0])[0] == [1, 0]
    assert membranes(alike, [4.0, 0.0], [0.0, 0.0])[1] == [0.5, 0.5]
    across = dense([[1.0, 0.0], [0.0, 1.0]], lateral=True)
    assert membranes(across, [4.0, 1.0], [0.0, 0.0])[1] == [0.5, 0.25]


@pytest.mark.parametrize(("threshold", "same"), [(1.0, True), (0.5, False)])
def test_alone_lateral_connections_are_the_reset_only_where_the_threshold_is_one(threshold: float, same: bool) -> None:
    one, other = (dense([[2.0]], threshold=threshold, lateral=lateral) for lateral in (True, False))
    steps = ([9.0], [3.0], [0.0])
    assert (membranes(one, *steps) == membranes(other, *steps)) == same


def test_without_memory_and_with_nothing_else() -> None:
    assert membranes(dense([[1.0]], 0.0), [0.7], [0.4]) == [[pytest.approx(0.7)], [pytest.approx(0.4)]]
    deaf = dense([[1.0]], 1.0)
    assert membranes(deaf, [9.0], [9.0]) == [[0.0], [0.0]]
    _, state = deaf.run(torch.full((1, 1, 1), 9.0))
    _, after = deaf.run(torch.full((2, 1, 1), 9.0), state._replace(v=torch.full((1, 1), 2.5)))
    assert after.v.item() == 1.5, "it only loses what its spikes take: 1 after the first"


def test_parameters_are_held_where_they_mean_something() -> None:
    layer = dense([[1.0]], decay=3.0, threshold=-2.0)
    neurons = layer.neurons()
    assert neurons.decay.item() == 1.0
    assert neurons.threshold.item() == 0.0


def test_surrogates() -> None:
    u = torch.tensor([0.0, 1.0, -1.0], dtype=torch.float64)
    np.testing.assert_allclose(slope(FLAT, u, torch), [0.25, 4.54e-5, 4.54e-5], rtol=1e-3)
    assert slope(STEEP, u, torch)[0] == 2.5


def test_the_readout_is_linear_but_for_its_threshold() -> None:
    torch.manual_seed(0)
    readout = NormalisedReadout(7, 3)
    x = torch.rand(5, 2, 7)
    one, two = (readout(k * x).mean(0) + readout.threshold for k in (1.0, 2.0))
    torch.testing.assert_close(two, 2.0 * one)


def test_the_leaky_readout_by_hand() -> None:
    readout = LeakyReadout(1, 1)
    with torch.no_grad():
        readout.readout.weight.fill_(2.0)
        readout.readout.threshold.fill_(0.5)
        readout.decay.fill_(0.5)
    y, state = readout.run(torch.tensor([[[4.0]], [[0.0]]]))
    np.testing.assert_allclose(y.detach().flatten(), [4.0 / 4.0 - 0.5, 2.0 / 4.0 - 0.5], atol=1e-6)
    again, _ = readout.run(torch.zeros(1, 1, 1), state)
    assert again.item() == pytest.approx(1.0 / 4.0 - 0.5)


def test_the_published_convolution_is_as_long_as_its_input_and_looks_ahead() -> None:
    torch.manual_seed(0)
    layer = NormalisedConv(3, 8, (4, 3), (4, 3))
    x = torch.rand(20, 2, 3, 9)
    y, state = layer.run(3.0 * x)
    assert y.shape == (20, 2, 8, 9)
    changed = x.clone()
    changed[10:] = 0.0
    assert (layer(30.0 * changed)[:10] != layer(30.0 * x)[:10]).any()
    with pytest.raises(InputError, match="causal"):
        layer.run(x, state)


@pytest.mark.parametrize("lateral", [True, False], ids=["lateral", "own"])
def test_a_causal_convolution_streams(lateral: bool) -> None:
    torch.manual_seed(0)
    layer = NormalisedConv(2, 6, (3, 3), (2, 1), causal=True, lateral=lateral)
    x = 20.0 * torch.rand(17, 3, 2, 5)
    whole, last = layer.run(x)
    assert 0.02 < float(whole.detach().mean()) < 0.9
    first, state = layer.run(x[:5])
    rest, end = layer.run(x[5:], state)
    assert torch.equal(torch.cat([first, rest]), whole)
    for name, one, other in zip(last._fields, end, last, strict=True):
        assert torch.equal(one, other), name
    later = x.clone()
    later[9:] = 0.0
    assert torch.equal(layer(later)[:9], whole[:9])


def test_a_network_of_them_learns_and_keeps_its_state_to_itself() -> None:
    torch.manual_seed(0)
    net = Network(hidden=NormalisedDense(4, 12), out=NormalisedReadout(12, 2))
    x = torch.rand(10, 6, 4)
    x[:, :3, 0], x[:, 3:, 1] = 9.0, 9.0
    labels = torch.tensor([0, 0, 0, 1, 1, 1])
    optimiser = torch.optim.Adam(net.parameters(), 0.01)
    losses = []
    for _ in range(60):
        loss = torch.nn.functional.cross_entropy(net(x).mean(0), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.1 < losses[0]
    assert set(net.state_dict()) == {
        *(f"hidden.{name}" for name in ("weight", "decay", "threshold")),
        *(f"out.{name}" for name in ("weight", "threshold")),
    }
    assert torch.equal(net(x), net(x))


def test_what_is_refused() -> None:
    layer = NormalisedDense(3, 2)
    with pytest.raises(InputError, match=r"\(T, B, 3\)"):
        layer(torch.zeros(5, 2, 4))
    _, state = layer.run(torch.zeros(1, 2, 3))
    with pytest.raises(InputError, match=r"\(2, 2\).*\(4, 2\)"):
        layer.run(torch.zeros(1, 4, 3), state)
    with torch.no_grad():
        layer.weight[0, 0] = torch.nan
    with pytest.raises(InputError, match="diverged"):
        layer(torch.zeros(5, 2, 3))
    for make in (lambda: NormalisedDense(0, 2), lambda: NormalisedConv(1, 1, (1, 1), (0, 1))):
        with pytest.raises(InputError):
            make()
    with pytest.raises(InputError, match="F"):
        NormalisedConv(3, 2, (1, 1))(torch.zeros(5, 2, 4, 4))


def test_activity_costs_most_in_deep_layers() -> None:
    on, off = torch.ones(3, 2, 5), torch.zeros(3, 2, 5)
    assert SquaredByDepth(1.0)({"one": on}).item() == 0.5
    assert SquaredByDepth(1.0)({"one": off}).item() == 0.0
    assert SquaredByDepth(1.0)({"one": on, "two": off}).item() == 0.25
    assert SquaredByDepth(0.1)({"one": off, "two": on}).item() == pytest.approx(0.05)
