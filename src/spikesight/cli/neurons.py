"""`spikesight neurons`: the neuron models, and one of them under a current."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spikesight.base.pictures import check_picture
from spikesight.cli import options
from spikesight.cli.printing import UNKNOWN, show_json, show_table
from spikesight.equations import CATALOGUE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spikesight.analysis.single_neuron import Response
    from spikesight.equations.presets import Preset

TERMINAL = "-"
MOST_CURRENTS = 100_000
FIRST = 8
"""So many spike times are printed; --json has them all."""


def _range(context: click.Context, parameter: click.Parameter, word: str | None) -> tuple[float, float, float] | None:
    """Read FIRST:LAST:STEP.   Errors: click.BadParameter."""
    if word is None:
        return None
    try:
        first, last, step = map(float, word.split(":"))
    except ValueError:
        raise click.BadParameter(
            f"expected FIRST:LAST:STEP, such as 0:30:1, got '{word}'", context, parameter
        ) from None
    if not (step > 0.0 and -math.inf < first <= last < math.inf):
        raise click.BadParameter(f"'{word}' holds no value: FIRST <= LAST and STEP > 0", context, parameter)
    if not (last - first) / step < MOST_CURRENTS:
        raise click.BadParameter(f"'{word}' holds too many values: at most {MOST_CURRENTS}", context, parameter)
    return first, last, step


@click.command()
@click.argument("model", type=options.Listed(CATALOGUE), required=False)
@click.option("--current", type=float, help="Constant input, in the model's unit (see `Input` in the listing).")
@click.option("--onset", type=float, default=10e-3, show_default=True, help="Seconds: the current begins after it.")
@click.option("--class", "preset", help="Parameters published under a name, such as RS; some bring their own stimulus.")
@click.option("--duration", type=float, help="Seconds to simulate.  [default: 1, or that of the class]")
@click.option("--dt", type=float, help="Seconds per step.  [default: what suits the model or the class]")
@options.parameters
@click.option("--curve", callback=_range, metavar="FIRST:LAST:STEP", help="Rate over constant currents instead.")
@click.option(
    "--plot", is_flag=False, flag_value=TERMINAL, metavar="[FILE]", help="Draw: here, or to FILE (.png, .svg or .pdf)."
)
@options.as_json
def neurons(
    model: Any,
    current: float | None,
    onset: float,
    preset: str | None,
    duration: float | None,
    dt: float | None,
    settings: dict[str, str],
    curve: tuple[float, float, float] | None,
    plot: str | None,
    as_json: bool,
) -> None:
    """List the neuron models, or simulate one neuron of MODEL.

    `spikesight neurons izhikevich --class A --plot` shows the first panel of Izhikevich's figure;
    `spikesight neurons leaky --current 2` a leaky neuron under a constant input; `--curve 0:3:0.1` its rates.
    """
    if model is None:
        _list(as_json)
        return
    if plot not in (None, TERMINAL):
        check_picture(Path(plot))  # before anything is computed
    chosen = _chosen(model, preset, settings)
    step = (chosen.dt or model.usual_dt) if dt is None else dt
    seconds = (chosen.seconds or 1.0) if duration is None else duration
    if curve is not None:
        _curve(model, chosen.params, curve, step, seconds, plot, as_json)
        return
    from spikesight.analysis.single_neuron import Constant, respond

    if current is None and chosen.current is None:
        raise click.UsageError(f"{model.name} needs --current ({model.choices.input}), or a --class with a stimulus")
    drive = chosen.current if current is None else Constant(current, onset)
    response = respond(model, chosen.params, drive, step, seconds)  # type: ignore[arg-type]
    if as_json:
        show_json(response.as_json() | {"dt": step})
    else:
        _show(response)
    _draw_response(response, plot, as_json)


def _chosen(model: Any, preset: str | None, settings: dict[str, str]) -> Preset:
    """Return the parameters to use, with what else a class brings."""
    from dataclasses import replace

    from spikesight.analysis.single_neuron import adjusted
    from spikesight.equations.presets import Preset

    named = Preset("defaults", model.params()) if preset is None else model.preset(preset)
    return replace(named, params=adjusted(named.params, settings))


def _list(as_json: bool) -> None:
    rows: list[dict[str, Any]] = []
    for name, equation in CATALOGUE.items():
        module = sys.modules[equation.advance.__module__]
        rows.append(
            {
                "name": name,
                "what": (module.__doc__ or "").strip().splitlines()[0],
                "input": equation.choices.input,
                "classes": list(equation.presets),
                "source": equation.source,
            }
        )
    if as_json:
        show_json(rows)
        return
    table = [
        [row["name"], row["what"], row["input"], " ".join(row["classes"]) or UNKNOWN, row["source"]] for row in rows
    ]
    show_table(["name", "what", "input", "classes", "source"], table)


def _show(response: Response) -> None:
    first = ", ".join(f"{second * 1e3:.6g}" for second in response.spikes[:FIRST])
    more = f" and {len(response.spikes) - FIRST} more" if len(response.spikes) > FIRST else ""
    gaps = response.intervals * 1e3
    show_table(
        ["neuron", response.model],
        [
            ["spikes", str(len(response.spikes))],
            ["at (ms)", f"{first}{more}" or UNKNOWN],
            ["intervals (ms)", f"first {gaps[0]:.4g}, last {gaps[-1]:.4g}" if len(gaps) else UNKNOWN],
            ["rate (1/s)", f"{response.rate:.4g} over {response.times[-1]:g} s"],
        ],
    )


def _draw_response(response: Response, plot: str | None, as_json: bool) -> None:
    if plot not in (None, TERMINAL):
        from spikesight.analysis.pictures import save_response

        save_response(response, Path(plot))
        click.echo(f"drawn: {plot}", err=as_json)
    elif _here(plot, as_json):
        _terminal(response.times * 1e3, response.v, f"membrane over time (ms), {response.model}")


def _curve(
    model: Any,
    params: Any,
    span: tuple[float, float, float],
    dt: float,
    seconds: float,
    plot: str | None,
    as_json: bool,
) -> None:
    import numpy as np

    from spikesight.analysis.single_neuron import rates

    first, last, step = span
    currents = first + step * np.arange(int((last - first) / step + 1e-9) + 1)
    found = rates(model, params, currents, dt, seconds)
    if as_json:
        show_json({"model": model.name, "currents": currents.tolist(), "rates_hz": found.tolist(), "dt": dt})
    else:
        show_table(["input", "rate (1/s)"], [[f"{i:.6g}", f"{f:.4g}"] for i, f in zip(currents, found, strict=True)])
    if plot not in (None, TERMINAL):
        from spikesight.analysis.pictures import save_rates

        save_rates(model.name, currents, found, Path(plot))
        click.echo(f"drawn: {plot}", err=as_json)
    elif _here(plot, as_json):
        _terminal(currents, found, f"rate (1/s) over input, {model.name}")


def _here(plot: str | None, as_json: bool) -> bool:
    """Whether to draw in the terminal: if asked to, or if a person is looking."""
    return not as_json and (plot == TERMINAL or sys.stdout.isatty())


def _terminal(x: NDArray[np.floating[Any]], y: NDArray[np.floating[Any]], title: str) -> None:
    from spikesight.analysis.terminal_plot import curve

    click.echo(f"\n{title}")
    for line in curve(x, y):
        click.echo(line)
