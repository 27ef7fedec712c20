"""A circuit that was written down and read again is the same circuit: it fires the same spikes."""

import json
import math
from dataclasses import fields

import numpy as np
import pytest

from spikesight.base.errors import InputError, UnknownName
from spikesight.circuits.competition import Winners
from spikesight.circuits.connections.convolution import Convolution
from spikesight.circuits.connections.dense import Dense
from spikesight.circuits.connections.sparse import Sparse
from spikesight.circuits.delays import Axonal, Branched, Interpolated, PerSynapse
from spikesight.circuits.drive import Drive
from spikesight.circuits.engine import start
from spikesight.circuits.network import Network
from spikesight.circuits.plasticity.pair import PairStdp
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.encoding.spike_list import from_dense
from spikesight.equations import CATALOGUE as EQUATIONS
from spikesight.equations import leaky
from spikesight.equations.reset import Subtract
from spikesight.executors.reference import Reference
from spikesight.interchange import load_circuit, save_circuit


@pytest.fixture
def everything():
    """A network with one of each kind of part, and its parameters."""
    params = leaky.Params(tau=math.inf, drive=leaky.Charge(), reset=Subtract(), refractory=2e-3)
    nodes = (
        Source("eye", (1, 4, 4)),
        Population("maps", (2, 3, 3), leaky.EQUATION, params, Winners(2, 3e-3)),
        Population("out", (3,), leaky.EQUATION, leaky.Params(drive=leaky.Charge())),
    )
    branches = Sparse(np.arange(0, 37, 2)[:19], np.arange(36) % 3, 3)
    projections = (
        Projection("see", "eye", "maps", "current", Convolution((1, 4, 4), 2, (2, 2)), PairStdp(high=2.0), Axonal(2)),
        Projection("tell", "maps", "out", "current", Dense(), None, PerSynapse(4), masked=True),
        Projection("again", "maps", "out", "current", Dense(), None, Interpolated(2.5)),
        Projection("echo", "maps", "out", "current", Sparse(np.arange(37), np.arange(36) % 3, 3), delay=Branched(1)),
    )
    assert len(branches.targets) == 36
    random = np.random.default_rng(0)
    parameters = {
        "see.w": random.uniform(0.1, 0.5, (2, 1, 2, 2)),
        "tell.w": random.uniform(0, 0.5, (18, 3)),
        "tell.delay": random.integers(0, 5, (18, 3)),
        "tell.mask": random.random((18, 3)) < 0.5,
        "again.w": random.uniform(0, 0.5, (18, 3)),
        "again.delay": random.uniform(0, 2.5, (18, 3)),
        "echo.w": random.uniform(0, 0.5, 36),
    }
    return Network(1e-3, nodes, projections, np.float64, (Drive("noise", "out", "current"),)), parameters


def test_numbers_that_were_computed_are_numbers(tmp_path):
    longest, size = np.arange(4).max(), np.int64(2)
    nodes = Source("eye", (size,)), Population("out", (size,), leaky.EQUATION, leaky.Params(threshold=np.float32(0.5)))
    network = Network(1e-3, nodes, (Projection("see", "eye", "out", "current", Dense(), delay=Axonal(longest)),))
    save_circuit(tmp_path, network, {"see.w": np.ones((2, 2))})
    again, _ = load_circuit(tmp_path)
    assert again == network


def run(network, parameters):
    random = np.random.default_rng(1)
    engine = start(network, parameters, Reference())
    spikes = {"eye": from_dense(random.random((200, 16)) < 0.2)}
    return engine.advance(spikes, 200, {"noise": random.normal(0, 0.05, (200, 3))}), engine.arrays


def test_it_comes_back_and_does_the_same(everything, tmp_path):
    save_circuit(tmp_path / "made", *everything)
    network, parameters = load_circuit(tmp_path / "made")
    assert network.nodes == everything[0].nodes
    assert [p.delay for p in network.projections] == [p.delay for p in everything[0].projections]
    assert network.projections[0] == everything[0].projections[0]
    assert network.drives == everything[0].drives
    (fired, arrays), (again, arrays_again) = run(*everything), run(network, parameters)
    assert len(fired["out"].unit) > 20
    for name, events in fired.items():
        np.testing.assert_array_equal(events.step, again[name].step)
        np.testing.assert_array_equal(events.unit, again[name].unit)
    for name, values in arrays.items():
        assert values.tobytes() == arrays_again[name].tobytes(), name


@pytest.mark.parametrize("name", sorted(EQUATIONS))
def test_every_neuron_model_comes_back(name, tmp_path):
    equation = EQUATIONS[name]
    network = Network(1e-4, (Population("one", (2,), equation, equation.params()),), ())
    save_circuit(tmp_path, network, {})
    assert load_circuit(tmp_path)[0] == network


def test_the_description_is_plain(everything, tmp_path):
    save_circuit(tmp_path, *everything)
    told = json.loads((tmp_path / "circuit.json").read_text(), parse_constant=pytest.fail)
    maps = told["nodes"][1]
    assert maps["model"] == "leaky"
    assert maps["params"]["tau"] == "Infinity"
    assert maps["params"]["reset"] == {"kind": "Subtract"}
    assert set(maps["params"]) == {"kind", *(field.name for field in fields(leaky.Params))}
    assert told["projections"][0]["rule"]["kind"] == "pair"
    assert told["projections"][3]["connection"]["targets"] == {"array": "echo.connection.targets"}


@pytest.mark.parametrize(
    ("old", "new", "error", "message"),
    [
        ('"leaky"', '"leeky"', UnknownName, "Did you mean leaky"),
        ('"kind": "pair"', '"kind": "os.system"', UnknownName, "no plasticity rule is called 'os.system'"),
        ('"kind": "Subtract"', '"kind": "Popen"', UnknownName, "object for maps.params.reset is called 'Popen'"),
        ('"refractory": 0.002', '"refractory": "soon"', InputError, "maps.params.refractory: expected .*'soon'"),
        ('"tau": "Infinity"', '"tau": -1.0', InputError, "tau is -1.0"),
        ('"echo.connection.targets"', '"elsewhere"', InputError, "the array 'elsewhere' is missing"),
        ('"into": "current"', '"into": "curent"', UnknownName, "Did you mean current"),
        ('"format": 1', '"format": 99', InputError, "no circuit of format 1"),
        ('"nodes"', '"knots"', InputError, "lacks or garbles 'nodes'"),
    ],
)
def test_a_garbled_description_says_what_is_wrong(everything, tmp_path, old, new, error, message):
    save_circuit(tmp_path, *everything)
    text = (tmp_path / "circuit.json").read_text()
    assert old in text
    (tmp_path / "circuit.json").write_text(text.replace(old, new, 1))
    with pytest.raises(error, match=message):
        load_circuit(tmp_path)


@pytest.mark.parametrize("file", ["circuit.json", "arrays.safetensors"])
def test_a_truncated_file_is_no_circuit(everything, tmp_path, file):
    save_circuit(tmp_path, *everything)
    whole = (tmp_path / file).read_bytes()
    for length in (0, 7, len(whole) // 2):
        (tmp_path / file).write_bytes(whole[:length])
        with pytest.raises(InputError, match="holds no circuit that can be read"):
            load_circuit(tmp_path)
    with pytest.raises(InputError, match="holds no circuit that can be read"):
        load_circuit(tmp_path / "missing")


def test_what_is_in_no_catalogue_is_not_written(tmp_path):
    class Odd(Dense):
        pass

    nodes = Source("a", (2,)), Population("b", (2,), leaky.EQUATION, leaky.Params())
    network = Network(1e-3, nodes, (Projection("ab", "a", "b", "current", Odd()),))
    with pytest.raises(InputError, match="Odd is in no catalogue of connections"):
        save_circuit(tmp_path, network, {"ab.w": np.ones((2, 2))})
