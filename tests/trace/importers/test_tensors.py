import numpy as np
import pytest

from spikesight.base.errors import InputError

STEPS, ITEMS, SHAPE = 7, 3, (2, 4)


@pytest.fixture
def spikes():
    """Spikes (T, B, 2, 4)."""
    return np.random.default_rng(0).random((STEPS, ITEMS, *SHAPE)) < 0.3


def expected(spikes):
    """Brute force: (tick, unit, stimulus) of every spike, items one after the other."""
    units = spikes.reshape(STEPS, ITEMS, -1)
    return [
        (item * STEPS + step, unit, item)
        for item in range(ITEMS)
        for step in range(STEPS)
        for unit in range(units.shape[2])
        for _ in range(int(units[step, item, unit]))
    ]


def rows(found, name):
    layer, tick = found.layers[name], found.trace.header.tick
    return list(
        zip(np.rint(layer.t / tick).astype(int).tolist(), layer.unit.tolist(), layer.stim.tolist(), strict=True)
    )


@pytest.mark.parametrize("axes", ["TB", "BT"])
@pytest.mark.parametrize("dtype", [bool, np.float32, np.int8])
def test_every_item_is_a_stimulus(imported, tmp_path, spikes, axes, dtype):
    saved = (spikes if axes == "TB" else spikes.swapaxes(0, 1)).astype(dtype)
    np.savez(tmp_path / "a.npz", axes=axes, dt=2e-3, exc=saved, labels=[4, 0, 9], predictions=[4, 1, 9])
    found = imported(tmp_path / "a.npz")
    assert found.layers["exc"].shape == SHAPE
    assert rows(found, "exc") == expected(spikes)
    stimuli = found.trace.stimuli()
    assert stimuli["label"].tolist() == [4, 0, 9]
    assert stimuli["correct"].tolist() == [True, False, True]
    counts = found.trace.class_counts("exc")
    per_item = spikes.sum(axis=0).reshape(ITEMS, -1)
    assert counts.classes.tolist() == [0, 4, 9]
    assert np.array_equal(counts.spikes, per_item[[1, 0, 2]])
    assert stimuli["t_start"].tolist() == [0.0, 0.014, 0.028]
    assert found.trace.header.time == "virtual"
    assert stimuli["t_end"].tolist() == [0.014, 0.028, 0.042]


def test_several_spikes_in_a_step(imported, tmp_path, spikes):
    several = spikes * 3
    np.savez(tmp_path / "a.npz", axes="TB", dt=1e-3, exc=several)
    assert rows(imported(tmp_path / "a.npz"), "exc") == expected(several)


def test_without_a_batch(imported, tmp_path, spikes):
    np.savez(tmp_path / "a.npz", axes="T", exc=spikes[:, 0])
    found = imported(tmp_path / "a.npz")
    assert [row[:2] for row in rows(found, "exc")] == [row[:2] for row in expected(spikes) if row[2] == 0]
    assert found.story["notes"] == ["no dt is saved: a step was taken as 1 ms"]
    assert len(found.trace.stimuli()["stim"]) == 0
    assert found.trace.header.time == "simulated"


def test_potentials_and_weights(imported, tmp_path, spikes):
    v = np.random.default_rng(1).normal(size=spikes.shape).astype(np.float32)
    w = np.random.default_rng(2).normal(size=(5, 8)).astype(np.float32)
    arrays = {"exc": spikes, "exc.v": v, "input": np.zeros((STEPS, ITEMS, 5)), "input->exc": w}
    np.savez(tmp_path / "a.npz", axes="TB", dt=1e-3, **arrays)
    found = imported(tmp_path / "a.npz")
    values = found.trace.values("exc", "v")
    by_item = v.reshape(STEPS, ITEMS, -1).swapaxes(0, 1)
    assert values.value.tolist() == by_item.reshape(-1).tolist()
    assert found.trace.weights("input-exc") == pytest.approx(w, abs=2e-3)  # kept as float16


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"axes": "BTN"}, "axes are one of"),
        ({"exc": np.zeros((7, 3))}, "expected axes TB and then"),
        ({"exc": np.full((7, 3, 8), 0.5)}, "save a state variable as"),
        ({"inh": np.zeros((9, 3, 2))}, "steps and items"),
        ({"exc.v": np.zeros((7, 3, 9))}, r"layer 'exc' has \(8,\)"),
        ({"labels": [1]}, "'labels' are 3 whole numbers"),
        ({"a->exc": np.zeros((2, 8))}, "layer 'a', which the files do not declare"),
    ],
)
def test_what_is_not_understood(imported, tmp_path, change, told):
    np.savez(tmp_path / "a.npz", **({"axes": "TB", "dt": 1e-3, "exc": np.zeros((7, 3, 8))} | change))
    with pytest.raises(InputError, match=told):
        imported(tmp_path / "a.npz")
