"""`incept compile`: the network as PyTorch source or as an ONNX model."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from inception_dsl.cli import given_weights, request
from inception_dsl.cli.console import Refused, say, working, writing
from inception_dsl.cli.rewriting import passes_option, rewritten
from inception_dsl.diagnostics.cells import visible

if TYPE_CHECKING:
    from inception_dsl.ir.graph import CheckedGraph
    from inception_dsl.weights import Weights
    from inception_dsl.weights.initial import FloatArray

__all__ = ["command"]

_SUFFIXES = {"torch": ".py", "onnx": ".onnx"}


def _batch(written: str) -> int | None:
    if written == "dynamic":
        return None
    if written.isdecimal() and int(written) > 0:
        return int(written)
    raise click.BadParameter(f"{written!r} is neither a number of images nor `dynamic`")


@click.command("compile")
@request.spec_argument
@click.option(
    "--to",
    type=click.Choice(list(_SUFFIXES)),
    required=True,
    help="The target: readable PyTorch source, or an ONNX model.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Where to; NAME.py or NAME.onnx if not given.",
)
@given_weights.option
@click.option(
    "--no-weights", is_flag=True, help="Structure only; in ONNX the parameters become inputs."
)
@click.option("--functions", is_flag=True, help="ONNX: every module is one node, a function.")
@click.option(
    "--dtype", default="float32", show_default=True, help="ONNX: the type of all numbers."
)
@click.option(
    "--batch",
    type=_batch,
    metavar="N|dynamic",
    default="dynamic",
    show_default=True,
    help="ONNX: how many images.",
)
@click.option("--opset", type=int, default=22, show_default=True, help="ONNX: the operator set.")
@click.option(
    "--bake-preprocess",
    is_flag=True,
    help="ONNX: take photographs as decoded, resized and cropped: uint8 NxHxWx3, RGB.",
)
@click.option("--optimize", is_flag=True, help="Rewrite the network for inference first.")
@passes_option
@request.options
@click.pass_context
def command(
    context: click.Context,
    /,
    spec: str,
    to: Literal["torch", "onnx"],
    output: Path | None,
    weights: Path | None,
    classes: int | None,
    no_weights: bool,
    functions: bool,
    dtype: str,
    batch: int | None,
    opset: int,
    bake_preprocess: bool,
    optimize: bool,
    passes: tuple[str, ...] | None,
    settings: Iterable[tuple[str, str]],
    **options: Any,
) -> None:
    """Compile the network of SPEC.

    PyTorch source needs torch and nothing else; `--weights` is written beside it, as safetensors.
    An ONNX model has the weights inside: those given, else seeded He-normal ones.
    """
    if weights is not None and no_weights:
        raise click.UsageError("--weights and --no-weights exclude each other")
    if to == "torch":
        _refuse_onnx_options(context)
    network = request.load(spec, given_weights.with_classes(settings, classes), **options)
    output = output or Path(network.name + _SUFFIXES[to])
    checked = rewritten(network.graph, to if optimize else None, passes)
    heads = to == "torch" and bool(checked.graph.aux)
    arrays = given_weights.load(network, weights, classes, aux=heads)
    if to == "torch":
        _to_torch(checked, output, arrays)
    else:
        source: Weights = False if no_weights else arrays
        _to_onnx(
            checked,
            output,
            source,
            functions=functions,
            dtype=dtype,
            batch=batch,
            opset=opset,
            bake_preprocess=bake_preprocess,
        )


def _refuse_onnx_options(context: click.Context) -> None:
    for name in ("functions", "dtype", "batch", "opset", "bake_preprocess"):
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name.replace('_', '-')} is for --to onnx")


def _to_torch(checked: CheckedGraph, output: Path, arrays: dict[str, FloatArray] | None) -> None:
    from inception_dsl.backends.torch import emit_source
    from inception_dsl.whole_file import whole_file

    source = emit_source(checked)
    with writing(output), whole_file(output) as partial:
        partial.write_text(source, encoding="utf-8", newline="\n")
    if arrays is not None:
        from inception_dsl.weights import network_weights, write_safetensors

        beside = output.with_suffix(".safetensors")
        with writing(beside), working("writing weights"):
            write_safetensors(beside, network_weights(checked, arrays, aux=bool(checked.graph.aux)))
        file = visible(beside.name)
        say(f'load them: model.load_state_dict(safetensors.torch.load_file("{file}"))')


def _to_onnx(checked: CheckedGraph, output: Path, weights: Weights, **how: Any) -> None:
    with working(f"compiling {checked.graph.name}"):
        from inception_dsl.backends.onnx import OnnxError, write_onnx

        try:
            with writing(output):
                write_onnx(output, checked, weights=weights, **how)
        except OnnxError as error:
            raise Refused(str(error)) from None
