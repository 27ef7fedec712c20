import json

import numpy as np
import pytest

from spikesight.base.errors import InputError, TraceError, UnknownName
from spikesight.trace.kernel import Kernel
from spikesight.trace.schema import TABLES, Header, Layer, Projection, Recorded, columns_of, is_table, values_table


def test_header_survives_json(header):
    assert Header.from_json(json.loads(json.dumps(header.as_json()))) == header


def test_header_states_format_sizes_and_fan_out(header):
    facts = header.as_json()
    assert facts["format_version"] == 3
    assert facts["tick_ns"] == 500_000
    assert facts["layers"] == [
        {
            "name": "input",
            "shape": (4, 4),
            "recorded": {"units": None, "every": 1, "rows": True},
            "channels": (),
            "size": 16,
        },
        {
            "name": "exc",
            "shape": (10,),
            "recorded": {"units": None, "every": 1, "rows": True},
            "channels": (),
            "size": 10,
        },
    ]
    assert list(facts["projections"]) == [
        {"name": "input_exc", "pre": "input", "post": "exc", "shape": (16, 10), "fan_out": 10, "kernel": None}
    ]


def test_tick_in_seconds_is_the_nearest_number():
    assert Header("r", 500_000, ()).tick == 0.0005
    assert Header("r", 1, ()).tick == 1e-9


def test_another_format_version_is_refused(header):
    with pytest.raises(TraceError, match="format version 4, this Spikesight reads 1 to 3"):
        Header.from_json({**header.as_json(), "format_version": 4})


@pytest.mark.parametrize("missing", ["layers", "tick_ns", "seed"])
def test_missing_facts_are_named(header, missing):
    facts = header.as_json()
    del facts[missing]
    with pytest.raises(TraceError, match=missing):
        Header.from_json(facts)


@pytest.mark.parametrize("name", ["", "../exc", "a/b", ".hidden", "a b", "exc\n"])
def test_names_that_are_no_folders_are_refused(name):
    with pytest.raises(InputError, match="names a folder"):
        Layer(name, (3,))
    with pytest.raises(InputError, match="names a folder"):
        Projection(name, "a", "b", (1, 1), 1)


@pytest.mark.parametrize("shape", [(), (0,), (3, -1)])
def test_layers_have_units(shape):
    with pytest.raises(InputError, match="at least 1"):
        Layer("exc", shape)


def test_channels_are_those_of_the_first_side():
    with pytest.raises(InputError, match="has not 3 channels"):
        Layer("input", (2, 6, 6), channels=("on", "off", "grey"))


@pytest.mark.parametrize("tick_ns", [0, -5, 0.5])
def test_ticks_are_whole_nanoseconds(tick_ns):
    with pytest.raises(InputError, match="tick_ns"):
        Header("r", tick_ns, ())


def test_names_differ_by_more_than_capitals():
    with pytest.raises(InputError, match="two layers are called 'Exc'"):
        Header("r", 1, (Layer("exc", (1,)), Layer("Exc", (1,))))


def test_projections_fit_their_layers():
    layers = (Layer("a", (2,)), Layer("b", (3,)))
    with pytest.raises(InputError, match=r"shape \(3, 2\), but a and b have \(2, 3\) units"):
        Header("r", 1, layers, (Projection("a_b", "a", "b", (3, 2), 2),))
    with pytest.raises(UnknownName, match="no layer is called 'c'"):
        Header("r", 1, layers, (Projection("a_c", "a", "c", (2, 3), 3),))


@pytest.mark.parametrize("fan_out", ["1.0)); DROP TABLE x; --", "3", None, [], -1.0, float("inf"), float("nan")])
def test_a_fan_out_is_a_number_of_synapses(header, fan_out):
    with pytest.raises(InputError, match="fan_out is a number"):
        Projection("a_b", "a", "b", (2, 3), fan_out)
    facts = json.loads(json.dumps(header.as_json()))
    facts["projections"][0]["fan_out"] = fan_out
    with pytest.raises(TraceError, match="fan_out is a number"):
        Header.from_json(facts)


@pytest.mark.parametrize("every", [0, 1.5])
def test_every_so_many_stimuli_is_a_whole_number(every):
    with pytest.raises(InputError, match="every 1st, 2nd"):
        Recorded(every=every)


def test_unknown_layer_offers_the_nearest(header):
    with pytest.raises(UnknownName, match=r"no layer is called 'ex'. Did you mean exc"):
        header.layer("ex")
    with pytest.raises(UnknownName, match="no projection is called 'exc_exc'"):
        header.projection("exc_exc")


def test_no_column_is_called_sample():
    # A column of that name hides the `sample` method of dataframes.
    names = {column.name for columns in TABLES.values() for column in columns}
    assert "sample" not in names
    assert {"t", "unit", "stim", "t_start", "t_end", "label", "prediction", "correct", "loss", "latency"} <= names


def test_times_are_whole_numbers_of_64_bits():
    times = [column for columns in TABLES.values() for column in columns if column.name in ("t", "t_start", "t_end")]
    assert times
    assert all((time.dtype, time.sql) == ("i8", "BIGINT") for time in times)


@pytest.mark.parametrize("table", ["spikes/exc", "values/exc.v", "weights/input_exc", "stimuli", "scalars", "marks"])
def test_tables(table):
    assert is_table(table)
    assert columns_of(table)


@pytest.mark.parametrize(
    "table", ["spikes", "spikes/", "spikes/../x", "spikes/a/b", "stimuli/x", "other", "other/x", ""]
)
def test_names_from_a_file_that_are_no_tables(table):
    assert not is_table(table)


def test_state_variables_are_words():
    assert values_table("exc", "v") == "values/exc.v"
    with pytest.raises(InputError, match="one word"):
        values_table("exc", "v/../w")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        *[(("tick_ns",), value) for value in ("a/b", "500", 0, -1, 10**30, 1.5, None, True, [], {})],
        *[(("layers", 0, "shape"), value) for value in ([2**31, 2**31], [10**30], [], [0], "ab", None, [[1]], {})],
        *[
            (("layers", 0, "name"), value)
            for value in ("../../x", "", "a\0", "x" * 10 + "/", None, 3, ["a"], "<img src=x>")
        ],
        *[(("layers",), value) for value in (None, 3, "ab", [None], [[]], {"a": 1}, [{}])],
        *[(("projections",), value) for value in (None, [None], [{}], [{"name": "x"}], 3)],
        *[
            (("layers", 0, "recorded"), value)
            for value in (None, {}, {"units": 3}, {"units": [-1], "every": 1, "rows": 1})
        ],
        *[(("run",), value) for value in (None, 3, [])],
        *[(("seed",), value) for value in (None, "3", 1.5)],
        *[(("classes",), value) for value in (None, 3)],
        (("time",), "yesterday"),
    ],
)
def test_nonsense_in_a_header_is_an_answer(header, place, value):
    facts = header.as_json()
    inner = facts
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    with pytest.raises(TraceError, match=r"trace\.json does not describe a trace"):
        Header.from_json(facts)


def test_the_longest_names_make_a_table(tmp_path):
    layer = Layer("x" * 100, (2,))
    table = values_table(layer.name, "v" * 100)
    assert is_table(table)
    (tmp_path / table).mkdir(parents=True)
    with pytest.raises(InputError, match="a state variable is one word"):
        values_table(layer.name, "v" * 101)


INPUT, CONV, POOL = (
    Layer("input", (2, 6, 6), channels=("on", "off")),
    Layer("conv", (4, 4, 4)),
    Layer("pool", (4, 2, 2)),
)


def convolutional():
    joins = (
        Projection.convolution("input_conv", INPUT, CONV, (3, 3)),
        Projection.pooling("conv_pool", CONV, POOL, (2, 2), (2, 2)),
    )
    return Header("r", 1, (INPUT, CONV, POOL), joins)


def test_a_convolution_has_a_column_of_weights_for_each_map():
    header = convolutional()
    conv, pool = header.projections
    assert (conv.shape, conv.kernel, conv.fan_out) == ((18, 4), Kernel(2, 3, 3), 64 * 18 / 72)
    assert (pool.shape, pool.kernel.pools, pool.fan_out) == ((4, 4), True, 0.0)
    assert [header.column(conv, unit) for unit in (0, 15, 16, 63)] == [0, 0, 1, 3]
    with pytest.raises(InputError, match="units 0 to 63, asked for 64"):
        header.column(conv, 64)
    assert Header.from_json(json.loads(json.dumps(header.as_json()))) == header


def test_units_of_other_projections_have_a_column_of_their_own(header):
    assert header.column(header.projections[0], 7) == 7


def test_kernels_become_columns():
    conv = convolutional().projections[0]
    w = np.arange(72.0).reshape(4, 2, 3, 3)
    np.testing.assert_array_equal(conv.matrix(w)[:, 1], w[1].ravel())
    assert conv.matrix(w.reshape(4, 18).T) is not None
    with pytest.raises(InputError, match=r"weights of shape \(18, 4\), got \(18, 2\)"):
        conv.matrix(np.zeros((18, 2)))


def described(shape, kernel):
    return Header("r", 1, (INPUT, CONV), (Projection("a", "input", "conv", shape, 1, kernel),))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Projection("a", "input", "conv", (17, 4), 1, (2, 3, 3)), "18 weights into a map, the shape says 17"),
        (lambda: Projection.convolution("a", Layer("b", (8,)), CONV, (3, 3)), "maps, height, width"),
        (lambda: Projection.pooling("a", INPUT, CONV, (2, 2), (2, 2)), "pooling keeps maps"),
        (
            lambda: Header("r", 1, (INPUT, CONV), (Projection("a", "input", "conv", (9, 4), 1, (1, 3, 3)),)),
            "not 1 maps",
        ),
        (lambda: Header("r", 1, (INPUT, CONV), (Projection("a", "input", "conv", (18, 3), 1, (2, 3, 3)),)), "3 maps"),
    ],
)
def test_kernels_that_do_not_fit(make, says):
    with pytest.raises(InputError, match=says):
        make()
