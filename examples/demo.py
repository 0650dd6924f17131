"""The whole pipeline on the shipped specs: compile everything, then compare on two photographs.

Writes PyTorch source, an ONNX model, a figure and a table of every network into out/.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import sklearn.datasets
import torch
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

import inception_dsl as idsl
from inception_dsl.backends.onnx import save_onnx
from inception_dsl.backends.table import render as render_table
from inception_dsl.backends.torch import emit_source
from inception_dsl.cli.run import class_names, softmax, top
from inception_dsl.photographs import preparation, read_photograph
from inception_dsl.shipped import shipped_specs
from inception_dsl.weights import calibrated_weights

OUT = Path("out")
PHOTOGRAPHS = ("china.jpg", "flower.jpg")
LARGE = 25_000_000
"""Parameters beyond which the model on disk has no weights, to spare the disk."""

Array = npt.NDArray[np.float32]


def main() -> None:
    """Compile, compare, and print what came out."""
    OUT.mkdir(exist_ok=True)
    console = Console()
    networks = [idsl.load(name) for name in shipped_specs()]
    answers = table("Two photographs through calibrated random weights")
    for heading in ("network", "photograph", "likeliest class", "top 5", "relative L2"):
        answers.add_column(heading, no_wrap=True)
    columns = TextColumn("{task.description:44}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        task = progress.add_task("", total=len(networks) * 4)
        for network in networks:
            for row in compile_and_compare(network, progress, task):
                answers.add_row(*row)
    console.print(answers, family(networks))
    console.print(
        f"Everything is in {OUT}/; ONNX models of more than {LARGE:,} parameters without weights.\n"
        "The weights are random, so the classes mean nothing."
    )


def compile_and_compare(
    network: idsl.Network, progress: Progress, task: TaskID
) -> Iterator[tuple[str, ...]]:
    """Write the network in every form, run the photographs through it, and give a row for each."""

    @contextmanager
    def step(what: str) -> Iterator[None]:
        progress.update(task, description=f"{network.name}: {what}")
        yield
        progress.advance(task)

    with step("PyTorch source"):
        source = emit_source(network.graph)
        (OUT / f"{network.name}.py").write_text(source, encoding="utf-8")
    with step("figure and table"):
        network.draw(OUT / f"{network.name}.svg")
        rows = render_table(network.graph, "markdown")
        (OUT / f"{network.name}.md").write_text(rows, encoding="utf-8")
    with step("ONNX model"):
        weights = calibrated_weights(network.graph)
        model = network.to_onnx(weights=weights)
        small = network.params <= LARGE
        written = model if small else network.to_onnx(weights=False)
        save_onnx(OUT / f"{network.name}.onnx", written)
    with step("photographs"):
        if network.graph.graph.preprocess is None:  # it takes feature maps
            return
        images = photographs(network)
        by_torch, by_onnx = run_torch(network, weights, images), run_onnx(model, images)
    for photograph, ours, theirs in zip(PHOTOGRAPHS, by_torch, by_onnx, strict=True):
        distance = np.linalg.norm(ours - theirs) / np.linalg.norm(ours)
        known, best = class_names(ours.size), likeliest(ours)
        name = known[best[0]] if known else f"class {best[0]}"
        agree = "same" if best == likeliest(theirs) else "other"
        yield network.name, Path(photograph).stem, name, agree, f"{distance:.1e}"


def likeliest(logits: Array) -> list[int]:
    """The five likeliest classes."""
    return [index for index, _ in top(softmax(logits), 5)]


def photographs(network: idsl.Network) -> Array:
    """scikit-learn's two photographs as a batch."""
    folder = Path(sklearn.datasets.__file__).parent / "images"
    wanted = preparation(network.graph)
    return np.stack([read_photograph(folder / name, wanted) for name in PHOTOGRAPHS])


def run_torch(network: idsl.Network, weights: dict[str, Array], images: Array) -> Array:
    """Logits of the PyTorch module."""
    model = network.to_torch(weights=weights).eval()
    with torch.inference_mode():
        logits: Array = model(torch.from_numpy(images)).numpy()
    return logits


def run_onnx(model: onnx.ModelProto, images: Array) -> Array:
    """Logits of the ONNX model."""
    content = model.SerializeToString()
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    logits: Array = session.run(None, {session.get_inputs()[0].name: images})[0]
    return logits


def family(networks: list[idsl.Network]) -> Table:
    """What each network costs."""
    found = table("The family")
    found.add_column("network", no_wrap=True)
    for heading in ("input", "parameters", "multiply-adds", "depth", "layers"):
        found.add_column(heading, justify="right", no_wrap=True)
    for network in networks:
        cost = network.cost
        numbers = (f"{number:,}" for number in (cost.params, cost.macs, cost.depth, cost.layers))
        found.add_row(network.name, "x".join(map(str, network.input)), *numbers)
    return found


def table(title: str) -> Table:
    """An empty table that fits into 80 columns."""
    return Table(
        title=f"\n{title}", title_justify="left", box=None, pad_edge=False, padding=(0, 1, 0, 0)
    )


if __name__ == "__main__":
    main()
