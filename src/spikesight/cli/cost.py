"""`spikesight cost`: what the deep network of a run costs for an image."""

from __future__ import annotations

from pathlib import Path

import click

from spikesight.cli import options
from spikesight.cli.printing import show_json, show_table

COLUMNS = ("part", "rate", "ACs", "MACs", "bytes", "pJ", "ANN MACs", "ANN bytes", "ANN pJ")


@click.command()
@click.argument("run", type=options.FOLDER)
@click.option("--images", type=click.IntRange(min=1), default=100, show_default=True, help="Test images, at most.")
@click.option(
    "--numbers",
    type=click.Choice(["float32", "float16", "int8"]),
    default="float32",
    show_default=True,
    help="What the arithmetic is of.",
)
@options.data
@options.as_json
def cost(run: Path, images: int, numbers: str, data: Path | None, as_json: bool) -> None:
    """Estimate what the deep network of RUN costs for an image.

    Operations, memory traffic and energy; beside it stands the artificial network of the same shape, and a sentence
    says which one needs less. RUN is a run of a recipe that trains a deep network. Operations are counted from what
    the layers are really given; energies are published figures, not measurements.
    """
    from spikesight.base.joules import FLOAT16, FLOAT32, INT8
    from spikesight.recipes.cost import cost_of_run

    arithmetic = {"float32": FLOAT32, "float16": FLOAT16, "int8": INT8}[numbers]
    report = cost_of_run(run, data=data, images=images, arithmetic=arithmetic)
    if as_json:
        show_json({"run": str(run), **report.as_json()})
        return
    show_table(COLUMNS, report.rows())
    click.echo(f"{report.verdict}\nAssumed: {arithmetic.name}. {arithmetic.source}. {report.items} test images.")
