"""`incept run`: photographs through a compiled network, and what it sees in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from inception_dsl.cli import given_weights, request
from inception_dsl.cli.console import Refused, say, working
from inception_dsl.diagnostics.cells import visible

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from inception_dsl.network import Network
    from inception_dsl.weights import Weights

    Array = npt.NDArray[np.float32]

__all__ = ["class_names", "command", "softmax", "top"]


@click.command("run")
@request.spec_argument
@click.argument(
    "photos", metavar="PHOTO...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@given_weights.option
@click.option(
    "--backend", type=click.Choice(["torch", "onnx"]), default="torch", show_default=True,
    help="Run the PyTorch source, or the ONNX model in ONNX Runtime.",
)  # fmt: skip
@click.option(
    "--engine", type=click.Choice(["auto", "torch", "onnxruntime", "openvino"]),
    help="Run the network rewritten for speed, on this engine.",
)  # fmt: skip
@click.option(
    "--top",
    "count",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="How many classes to show.",
)
@request.options
@click.pass_context
def command(
    context: click.Context,
    /,
    spec: str,
    photos: tuple[Path, ...],
    weights: Path | None,
    classes: int | None,
    backend: Literal["torch", "onnx"],
    engine: str | None,
    count: int,
    settings: Iterable[tuple[str, str]],
    **options: Any,
) -> None:
    """Run photographs through the network of SPEC.

    Prepares them as the spec's `preprocess` says, and prints the likeliest classes of each, by name
    for ImageNet's thousand.
    """
    given = context.get_parameter_source("backend") is click.core.ParameterSource.COMMANDLINE
    if engine and given:
        raise click.UsageError("--engine and --backend exclude each other")
    network = request.load(spec, given_weights.with_classes(settings, classes), **options)
    output = network.graph.output_map
    if output.rank:
        raise Refused(f"the output of `{network.name}` is {output}, no vector of classes")
    from inception_dsl.photographs import PhotographError, preparation, read_photograph

    try:
        wanted = preparation(network.graph)
        with working("reading photographs"):
            pictures = [read_photograph(photo, wanted) for photo in photos]
        arrays = given_weights.load(network, weights, classes, aux=False)
        with working(f"compiling {network.name} with {engine or backend}"):
            make = partial(_with_engine, engine=engine) if engine else _BACKENDS[backend]
            predict = make(network, arrays)
    except PhotographError as error:
        raise Refused(str(error)) from None
    if network.graph.graph.preprocess is None:
        say("the spec has no `preprocess`; photographs are prepared as is usual for ImageNet")
    if weights is None:
        say("the weights are random (seeded He-normal): the classes below mean nothing")
    names = class_names(output.channels)
    ends_in_softmax = network.graph.graph[network.graph.graph.output].op.name == "softmax"
    for photo, picture in zip(photos, pictures, strict=True):
        with working(f"looking at {photo.name}"):
            scores = predict(picture[None])[0]
        click.echo(visible(str(photo)))
        for index, share in top(scores if ends_in_softmax else softmax(scores), count):
            click.echo(f"  {share:7.2%}  {index:4}  {names[index] if names else ''}".rstrip())


def softmax(logits: Array) -> Array:
    """Each class's share of the whole."""
    import numpy as np

    powers = np.exp(logits.astype(np.float64) - logits.max())
    shares: Array = (powers / powers.sum()).astype(np.float32)
    return shares


def top(shares: Array, count: int) -> list[tuple[int, float]]:
    """The likeliest classes and their shares."""
    import numpy as np

    order = np.argsort(-shares, kind="stable")[:count]
    return [(int(index), float(shares[index])) for index in order]


def class_names(count: int) -> Sequence[str]:
    """The names of ImageNet's thousand classes in index order, where there are a thousand."""
    if count != 1000:
        return ()
    return (files("inception_dsl.cli") / "imagenet_classes.txt").read_text("utf-8").splitlines()


def _with_torch(network: Network, weights: Weights) -> Callable[[Array], Array]:
    import torch

    model = network.to_torch(weights=weights, aux=False).eval()

    def predict(images: Array) -> Array:
        with torch.inference_mode():
            found: Array = model(torch.from_numpy(images)).numpy()
        return found

    return predict


def _with_onnx(network: Network, weights: Weights) -> Callable[[Array], Array]:
    try:
        import onnxruntime
    except ImportError:
        raise Refused(
            'ONNX Runtime is not installed: pip install "inception-dsl[runtime]"'
        ) from None
    from tempfile import TemporaryDirectory

    import numpy as np

    from inception_dsl.backends.onnx import write_onnx

    with TemporaryDirectory() as folder:  # by way of a file, which may be larger than a message
        path = Path(folder, "model.onnx")
        write_onnx(path, network.graph, weights=weights)
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])

    def predict(images: Array) -> Array:
        (found,) = session.run(None, {session.get_inputs()[0].name: images})
        return np.asarray(found)

    return predict


def _with_engine(network: Network, weights: Weights, engine: str) -> Callable[[Array], Array]:
    from inception_dsl.engines import EngineError

    try:
        executable = network.compile(weights, engine=engine)
        executable.verify()
    except EngineError as error:
        raise Refused(str(error)) from None
    say(f"{executable.engine}: {executable.reason}")
    return executable


_BACKENDS = {"torch": _with_torch, "onnx": _with_onnx}
