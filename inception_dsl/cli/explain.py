"""`incept explain`: the page of an error code, or the reference of an operation."""

from __future__ import annotations

import inspect
import sys

import click

from inception_dsl.cli.console import Refused, colored
from inception_dsl.diagnostics.codes import CODES
from inception_dsl.diagnostics.pages import explain
from inception_dsl.diagnostics.suggest import suggestion
from inception_dsl.ir.op import Op, ParameterSpec, signature
from inception_dsl.ops import operation, operation_names

__all__ = ["command"]


@click.command("explain")
@click.argument("subject", required=False, metavar="[E0402|conv2d]")
def command(subject: str | None) -> None:
    """Explain an error code or an operation.

    Without either, list them all.
    """
    if subject is None:
        click.echo(_index())
        return
    if page := explain(subject):
        _show_markdown(page)
        return
    found = operation(subject)
    if found is None:
        hint = suggestion(subject, [*operation_names(), *CODES]) or "`incept explain` lists them"
        raise Refused(f"`{subject}` is neither an error code nor an operation; {hint}")
    click.echo(_reference(found))


def _index() -> str:
    operations = (f"  {name:18}{_summary(name)}" for name in operation_names())
    codes = (f"  {code}  {title}" for code, title in CODES.items())
    return "\n".join(["operations", *operations, "", "codes", *codes])


def _summary(name: str) -> str:
    found = operation(name)
    return (inspect.getdoc(found) or "").partition("\n")[0]


def _reference(found: type[Op]) -> str:
    parameters = ", ".join(map(_parameter, signature(found)))
    head = f"{found.name} {{ branch ... }}" if found.combines else f"{found.name}({parameters})"
    examples = [
        f"  {example.text}: {_shapes(example.inputs)} -> {example.output}"
        for example in found.EXAMPLES
    ]
    text = (inspect.getdoc(found) or "").replace("Raises: OpFault ", "Errors: ")
    return "\n".join([head, "", text, "", "Examples:", *examples])


def _parameter(parameter: ParameterSpec) -> str:
    kind = " | ".join(parameter.words) if parameter.words else parameter.type
    return f"{parameter.name}: {kind}" + ("" if parameter.required else f" = {parameter.shown}")


def _shapes(inputs: str | tuple[str, ...]) -> str:
    return inputs if isinstance(inputs, str) else ", ".join(inputs)


def _show_markdown(page: str) -> None:
    if not colored(sys.stdout):
        click.echo(page, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(page))
