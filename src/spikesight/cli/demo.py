"""`spikesight demo`: the main job, from nothing to a trained network that can be looked at."""

from __future__ import annotations

from pathlib import Path

import click

from spikesight.cli import options
from spikesight.cli.printing import show_json, show_result
from spikesight.cli.window import Window


@click.command()
@click.option("--headless", is_flag=True, help="Serve no studio, and end when training has ended.")
@options.as_json
@options.seed
@options.runs
@options.port
@options.open_browser
def demo(headless: bool, as_json: bool, seed: int, runs: Path, port: int, open_browser: bool) -> None:
    """Watch a spiking network learn handwritten digits.

    The network learns without labels; labels only name its neurons afterwards. The digits
    ship with scikit-learn: nothing is downloaded. The studio shows the run while it goes on and stays until Ctrl-C.
    Held-out accuracy is printed beside that of the same network untrained.
    """
    from spikesight.recipes import CATALOGUE
    from spikesight.recipes.contract import Order

    window = Window(port, open_browser, quiet=as_json)

    def begin(folder: Path) -> None:
        click.echo(f"Run: {folder}", err=True)
        if not headless:
            window.show(folder)

    order = Order(seed=seed, runs=runs, started=begin)
    result = CATALOGUE["diehl-cook-digits"].reproduce(order)
    if as_json:
        show_json(result.as_json())
    else:
        show_result(result)
    window.stay()
