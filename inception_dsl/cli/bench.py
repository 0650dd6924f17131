"""`incept bench`: a network in every way to run it here, side by side."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inception_dsl.cli import given_weights, request
from inception_dsl.cli.console import colored, terminal_width, working, writing

if TYPE_CHECKING:
    from rich.console import RenderableType

    from inception_dsl.engines.bench import Bench, Measured
    from inception_dsl.engines.runner import Dtype
    from inception_dsl.network import Network
    from inception_dsl.weights.initial import FloatArray

__all__ = ["command"]

_BAR = 4  # the column of the bars


@click.command("bench")
@request.spec_argument
@click.option("--batch", type=click.IntRange(min=1), default=1, show_default=True,
              help="How many images at once.")  # fmt: skip
@click.option(
    "--dtype",
    type=click.Choice(["float32", "bfloat16", "float16"]),
    default="float32",
    show_default=True,
    help="What our engines compute in; PyTorch's own rows stay float32.",
)
@click.option("--rounds", type=click.IntRange(min=3), default=15, show_default=True,
              help="How often each is timed.")  # fmt: skip
@click.option("--threads", type=click.IntRange(min=1), help="PyTorch's number, if not given.")
@click.option("--inductor", is_flag=True, help="Also torch.compile, which may take minutes.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table",
              show_default=True, help="A table, or JSON with the times of all rounds.")  # fmt: skip
@click.option("--svg", type=click.Path(path_type=Path), help="Also draw the bars into this file.")
@given_weights.option
@request.options
def command(
    spec: str,
    batch: int,
    dtype: Any,
    rounds: int,
    threads: int | None,
    inductor: bool,
    format_: str,
    svg: Path | None,
    weights: Path | None,
    classes: int | None,
    settings: Iterable[tuple[str, str]],
    **options: Any,
) -> None:
    """Time the network of SPEC in every way there is to run it on this machine.

    All ways take turns in one process on the same images. Times are medians, with what a tenth of
    the rounds lies below and above; `ready` is the time until the first result, `error` its
    relative L2 to the first row's, `roof` the share of the fastest convolution's speed here.
    """
    network = request.load(spec, given_weights.with_classes(settings, classes), **options)
    arrays = given_weights.load(network, weights, classes, aux=False)
    bench = _measured(network, arrays, batch, dtype, rounds, threads, inductor=inductor)
    if svg:
        from inception_dsl.engines.chart import bar_chart
        from inception_dsl.whole_file import whole_file

        with writing(svg), whole_file(svg) as partial:
            partial.write_text(bar_chart(bench), encoding="utf-8", newline="\n")
    if format_ == "json":
        click.echo(json.dumps(bench.to_json(), indent=1))
    else:
        _show(bench)


def _measured(
    network: Network,
    arrays: dict[str, FloatArray] | None,
    batch: int,
    dtype: Dtype,
    rounds: int,
    threads: int | None,
    *,
    inductor: bool,
) -> Bench:
    import torch

    from inception_dsl.engines.bench import measure
    from inception_dsl.engines.roof import measure_roof
    from inception_dsl.engines.runner import Job
    from inception_dsl.engines.variants import variants
    from inception_dsl.weights import network_weights

    if threads:
        torch.set_num_threads(threads)
    found = network_weights(network.graph, arrays, aux=False)
    job = Job(network.graph, found, dtype, batch, torch.get_num_threads())
    ways = list(variants(job, inductor=inductor))
    kinds = dict.fromkeys(way.dtype for way in ways if not way.unavailable)
    with working("measuring this machine"):
        roofs = {kind: measure_roof(kind) for kind in kinds}
    with working(f"measuring {network.name}"):
        return measure(job, ways, rounds=rounds, roofs=roofs)


def _show(bench: Bench) -> None:
    """The table, 80 columns wide at least; what could not be run stands below it."""
    from rich import box
    from rich.bar import Bar
    from rich.console import Console
    from rich.table import Table

    ran = [(row, _cells(row)) for row in bench.rows if row.timing]
    table = Table(title=bench.title, box=box.SIMPLE_HEAD, padding=0)
    heads = ("", "ms", "10 to 90 %", "speed-up", "", "ready", "error", "roof")
    for place, head in enumerate(heads):
        table.add_column(head, justify="left" if place in (0, _BAR) else "right", no_wrap=True)
    width = max(terminal_width(), 80)
    lines = [heads, *(cells for _, cells in ran)]
    taken = sum(max(map(len, column)) for column in zip(*lines, strict=True))
    left = min(max(width - taken - len(heads) - 1, 1), 40)
    most = max(row.speedup for row, _ in ran)
    for row, cells in ran:
        shown: list[RenderableType] = [*cells]
        shown[_BAR] = Bar(most, 0, row.speedup, width=left)
        style = "red" if row.wrong else "bold" if row.ours else ""
        table.add_row(*shown, style=style)
    console = Console(width=width, no_color=not colored(sys.stdout), highlight=False)
    console.print(table)
    for note in bench.notes:
        console.print(note, markup=False)


def _cells(row: Measured) -> tuple[str, ...]:
    from inception_dsl.engines.chart import milliseconds

    assert row.timing
    low, high = map(milliseconds, row.timing.spread_ms)
    return (
        row.name,
        milliseconds(row.timing.median_ms),
        f"{low}-{high}",
        f"{row.speedup:.2f}",
        "",
        f"{row.prepare_s:.1f} s",
        f"{row.relative_error:.0e}",
        f"{row.share_of_roof:.0%}",
    )
