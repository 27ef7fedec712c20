"""The reference engine against a circuit written out as plain loops over single neurons and synapses."""

import math
from dataclasses import replace

import numpy as np
import pytest

from spikesight.circuits.engine import start
from spikesight.circuits.plasticity.diehl_cook import DiehlCookStdp
from spikesight.executors.reference import Reference

N, INPUTS, STEPS = 5, 4, 500


@pytest.fixture
def written_out():
    """Diehl & Cook's network in float64 as its sheet states it: Euler steps of 0.5 ms, one number at a time."""

    def run(network, parameters, dense):
        rule, exc, inh = network.projections[0].rule, network.node("exc").params, network.node("inh").params
        w, delay, theta = (
            np.array(parameters[name], float) for name in ("input_exc.w", "input_exc.delay", "exc.theta")
        )
        v = {"exc": [exc.rest] * N, "inh": [inh.rest] * N}
        g_e, g_i, ready = ({"exc": [0.0] * N, "inh": [0.0] * N} for _ in range(3))
        pre_at, post_at = [-math.inf] * INPUTS, [-math.inf] * N
        under_way, fired = {}, {"exc": [], "inh": []}
        for k in range(STEPS):
            for j, weight in under_way.pop(k, ()):
                g_e["exc"][j] += weight
            now = {"exc": [], "inh": []}
            for name, p in (("exc", exc), ("inh", inh)):
                for j in range(N):
                    threshold = p.threshold + (theta[j] if name == "exc" else 0.0)
                    here, above = v[name][j], -1.0
                    if ready[name][j] <= k:
                        ge, gi = (min(g[name][j], p.tau / 0.5e-3 - 1) for g in (g_e, g_i))
                        pull = (p.rest - here) + ge * (p.reversal_e - here) + gi * (p.reversal_i - here)
                        v[name][j] = here + 0.5e-3 / p.tau * pull
                        above = v[name][j] - threshold
                    g_e[name][j] *= 1 - 0.5e-3 / p.tau_e
                    g_i[name][j] *= 1 - 0.5e-3 / p.tau_i
                    if above > 0:
                        now[name].append(j)
                        fired[name].append((k, j))
                        v[name][j] = p.reset.value
                        ready[name][j] = k + round(p.refractory / 0.5e-3) + 1
                        if name == "exc":
                            theta[j] += p.jump
            given = np.flatnonzero(dense[k])
            for i in given:
                for j in range(N):
                    under_way.setdefault(k + 1 + delay[i, j], []).append((j, w[i, j]))
            for j in now["exc"]:
                g_e["inh"][j] += parameters["exc_inh.w"][j]
            for i in now["inh"]:
                for j in range(N):
                    g_i["exc"][j] += parameters["inh_exc.w"][0] if j != i else 0.0
            for i in given:
                for j in range(N):
                    w[i, j] = max(w[i, j] - rule.rate_pre * math.exp((post_at[j] - k) * 0.5e-3 / rule.tau_post1), 0.0)
                pre_at[i] = k
            for j in now["exc"]:
                for i in range(INPUTS):
                    seen = math.exp((pre_at[i] - k) * 0.5e-3 / rule.tau_pre)
                    w[i, j] = min(
                        w[i, j] + rule.rate_post * seen * math.exp((post_at[j] - k) * 0.5e-3 / rule.tau_post2),
                        rule.high,
                    )
                post_at[j] = k
        return fired, w, theta

    return run


def test_it_does_what_the_sheet_says(competition, random_spikes, written_out):
    network, parameters = competition(N, INPUTS, rule=DiehlCookStdp(rate_pre=1e-3, high=1.2), delay=6, dtype=np.float64)
    dense = random_spikes(STEPS, INPUTS, seed=2)
    engine = start(network, parameters, Reference())
    fired = engine.advance({"input": dense}, STEPS)
    expected, w, theta = written_out(network, parameters, dense.dense(INPUTS))
    assert len(expected["exc"]) > 15
    assert len(expected["inh"]) > 15
    for name, events in expected.items():
        assert list(zip(fired[name].step.tolist(), fired[name].unit.tolist(), strict=True)) == events
    np.testing.assert_allclose(engine.arrays["input_exc.w"], w, rtol=0, atol=1e-12)
    np.testing.assert_allclose(engine.arrays["exc.theta"], theta, rtol=1e-12)
    # A test of learning needs learning, both ways.
    moved = engine.arrays["input_exc.w"] - parameters["input_exc.w"]
    assert moved.min() < -1e-3
    assert moved.max() > 1e-3


def test_the_order_of_projections_says_nothing_about_learning(competition, random_spikes):
    network, parameters = competition(dtype=np.float64)
    turned = replace(network, projections=network.projections[::-1])
    ends = []
    for described in (network, turned):
        engine = start(described, parameters, Reference())
        engine.advance({"input": random_spikes(200, 5)}, 200)
        ends.append(engine.arrays["input_exc.w"].copy())
    np.testing.assert_array_equal(*ends)


def test_a_rule_of_rate_zero_teaches_nothing(competition, run_calls):
    network, parameters = competition(rule=DiehlCookStdp(rate_pre=0.0, rate_post=0.0, high=2.0))
    engine, fired = run_calls(network, parameters, Reference(), calls=(200,), normalise=False)
    assert len(fired[0]["exc"].step)
    np.testing.assert_array_equal(engine.arrays["input_exc.w"], parameters["input_exc.w"].astype(np.float32))
