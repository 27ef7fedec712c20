"""`spikesight neurons`: the list, one neuron, its rates, its pictures."""

import json

import pytest

from spikesight.equations import CATALOGUE


def test_the_list_has_every_model(spikesight):
    lines = spikesight("neurons").stdout.splitlines()
    assert lines[0].split() == ["name", "what", "input", "classes", "source"]
    assert [line.split()[0] for line in lines[1:]] == sorted(CATALOGUE)
    told = json.loads(spikesight("neurons", "--json").stdout)
    assert {row["name"] for row in told} == set(CATALOGUE)
    assert all(row["what"] and row["input"] and row["source"] for row in told)
    assert len(next(row for row in told if row["name"] == "izhikevich")["classes"]) == 27


def test_a_class_with_its_own_stimulus(spikesight):
    told = json.loads(spikesight("neurons", "izhikevich", "--class", "A", "--json").stdout)
    assert told["spikes"] == 5
    assert [round(second * 1e3, 6) for second in told["spike_times"][:3]] == [13, 17, 31.5]
    assert (told["dt"], told["seconds"]) == (0.25e-3, 0.1)


def test_a_class_under_a_constant_current(spikesight):
    lines = spikesight("neurons", "izhikevich", "--class", "RS", "--current", 10).stdout.splitlines()
    table = dict(line.split(maxsplit=1) for line in lines[:2])
    assert table == {"neuron": "izhikevich", "spikes": "22"}
    assert any(line.startswith("at (ms)") and line.endswith("and 14 more") for line in lines)


def test_parameters_and_times_are_options(spikesight):
    asked = ("neurons", "leaky", "--current", 2, "--json")
    usual = json.loads(spikesight(*asked).stdout)
    slower = json.loads(spikesight(*asked, "--set", "tau=0.04", "--dt", 1e-4, "--onset", 0, "--duration", 2).stdout)
    assert slower["seconds"] == 2.0
    assert slower["rate_hz"] < 0.6 * usual["rate_hz"]


def test_a_neuron_that_stays_silent(spikesight):
    lines = spikesight("neurons", "leaky", "--current", 0.5).stdout.splitlines()
    assert [line.split()[-1] for line in lines[1:4]] == ["0", "-", "-"]


def test_it_draws_here_if_asked_and_into_a_file(spikesight, tmp_path):
    drawn = spikesight("neurons", "leaky", "--current", 2, "--plot").stdout
    assert "membrane over time (ms), leaky" in drawn
    assert "\u2800" in drawn
    assert "\u2800" not in spikesight("neurons", "leaky", "--current", 2).stdout
    pytest.importorskip("matplotlib", reason="matplotlib is not installed (the optional extra 'plot')")
    for word in ("neuron.png", "neuron.svg"):
        told = spikesight("neurons", "leaky", "--current", 2, "--plot", tmp_path / word)
        assert f"drawn: {tmp_path / word}" in told.stdout
        assert (tmp_path / word).stat().st_size > 1000
    told = spikesight("neurons", "leaky", "--curve", "0:2:1", "--json", "--plot", tmp_path / "curve.png")
    assert json.loads(told.stdout)["rates_hz"][0] == 0.0
    assert (tmp_path / "curve.png").exists()


def test_rates_over_currents(spikesight):
    told = json.loads(spikesight("neurons", "leaky", "--curve", "0:3:0.5", "--json").stdout)
    assert told["currents"] == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
    assert told["rates_hz"] == sorted(told["rates_hz"])
    assert told["rates_hz"][-1] > 0.0
    lines = spikesight("neurons", "leaky", "--curve", "0:3:0.5", "--plot").stdout.splitlines()
    assert lines[0].split() == ["input", "rate", "(1/s)"]
    assert "rate (1/s) over input, leaky" in lines


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["leeky"], 2, "Did you mean leaky?"),
        (["leaky"], 2, "leaky needs --current"),
        (["izhikevich", "--class", "RT"], 1, "no preset of izhikevich is called 'RT'"),
        (["current", "--class", "RS"], 1, "current has no presets"),
        (["leaky", "--current", "1", "--set", "tua=1"], 1, "Did you mean tau?"),
        (["leaky", "--curve", "1:2"], 2, "expected FIRST:LAST:STEP"),
        (["leaky", "--curve", "3:2:1"], 2, "holds no value"),
        (["leaky", "--curve", "0:inf:1"], 2, "holds no value"),
        (["leaky", "--current", "2", "--dt", "0"], 1, "take a positive dt"),
        (["leaky", "--current", "2", "--duration", "0"], 1, "at least one step"),
        (["hodgkin_huxley", "--current", "10", "--dt", "1e-3"], 1, "takes steps of at most"),
        (["leaky", "--current", "2", "--plot", "neuron.bmp"], 1, "ends in none of"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_cannot_be(spikesight, words, code, message):
    told = spikesight("neurons", *words)
    assert told.exit_code == code
    assert message in " ".join(told.output.split())


@pytest.mark.parametrize("span", ["0:1e9:0.001", "0:1:1e-300", "-1e308:1e308:1"])
def test_a_curve_of_too_many_currents_is_refused(spikesight, span):
    told = spikesight("neurons", "leaky", f"--curve={span}")
    assert told.exit_code == 2
    assert "at most 100000" in told.stderr


def test_a_picture_that_cannot_be_drawn_is_refused_before_anything_is_computed(spikesight):
    answer = spikesight("neurons", "leaky", "--current", 2, "--plot", "neuron.bmp")
    assert answer.exit_code == 1
    assert not answer.stdout
