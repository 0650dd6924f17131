"""`incept explain`: the page of an error code, an operation, a definition or a pass."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click

from inception_dsl.cli import request
from inception_dsl.cli.console import Refused, colored
from inception_dsl.cli.reference import Part, definition_page, operation_page, summary
from inception_dsl.diagnostics.cells import clip, visible
from inception_dsl.diagnostics.codes import CODES
from inception_dsl.diagnostics.pages import explain
from inception_dsl.diagnostics.suggest import suggestion
from inception_dsl.elaborate.elaborate import Checked
from inception_dsl.elaborate.units import DefinitionRef
from inception_dsl.ops import operation, operation_names
from inception_dsl.passes.pipelines import PASSES

__all__ = ["command"]

_WIDTH = 96  # of the listed: names and what they mean


@click.command("explain")
@click.argument("subject", required=False, metavar="[E0402|conv2d|inception_a|fold_batchnorm]")
@click.option("--in", "spec", metavar="SPEC", help="Explain a definition that SPEC can call.")
@request.options
def command(subject: str | None, spec: str | None, **options: Any) -> None:
    """Explain an error code, an operation, a pass, or a definition of a spec.

    Without a subject, list them all. Of a definition, every use in the network is shown.
    """
    if spec is None and any(options.values()):
        raise Refused("--set and --input say how a spec is loaded: name one with --in")
    if spec is not None:
        _explain_in(request.checked(spec, **options), subject, spec)
    elif subject is None:
        click.echo("\n".join(_index()))
    elif page := explain(subject):
        _show_markdown(page)
    elif parts := _known(subject):
        _show(parts)
    else:
        near = suggestion(subject, [*operation_names(), *CODES, *PASSES])
        hint = near or "a spec's definitions are found with --in SPEC"
        raise Refused(f"`{subject}` is neither a code nor an operation nor a pass; {hint}")


def _known(subject: str) -> Iterator[Part] | None:
    """The page of an operation or a pass."""
    if found := operation(subject):
        return operation_page(found)
    if subject in PASSES:
        return iter([Part(subject), Part(inspect.getdoc(PASSES[subject]) or "")])
    return None


def _explain_in(checked: Checked, subject: str | None, spec: str) -> None:
    """Explain what a name means in a spec, a definition of its own before all else.

    Raises: Refused if it means nothing there.
    """
    definitions = _definitions(checked)
    if subject is None:
        names: dict[DefinitionRef, str] = {}
        for name, each in definitions.items():
            names.setdefault(each, name)
        docs = {name: summary(each.tree.doc) for each, name in names.items()}
        click.echo("\n".join(_listed("definitions", docs)))
    elif ref := definitions.get(subject):
        _show(definition_page(checked, ref))
    elif parts := _known(subject):
        _show(parts)
    else:
        near = suggestion(subject, [*definitions, *operation_names()])
        hint = near or f"`incept explain --in {spec}` lists the definitions"
        raise Refused(f"nothing is called `{subject}` in {spec}; {hint}")


def _definitions(checked: Checked) -> dict[str, DefinitionRef]:
    """What can be called in a spec, and behind it what only its imports call."""
    found = checked.unit.imported | checked.unit.definitions
    for unit in checked.units:
        for name, ref in unit.definitions.items():
            found.setdefault(name, ref)
    return found


def _index() -> Iterator[str]:
    operations = {name: summary(operation(name)) for name in operation_names()}
    yield from _listed("operations", operations)
    yield ""
    yield from _listed("passes", {name: summary(each) for name, each in PASSES.items()})
    yield ""
    yield from _listed("codes", CODES)


def _listed(title: str, texts: Mapping[str, str]) -> Iterator[str]:
    """Names with what they mean, as much as stands on a line."""
    yield title
    column = max(map(len, texts), default=0)
    for name, text in texts.items():
        yield f"  {name:{column}}  {clip(visible(text), _WIDTH - column)}".rstrip()


def _show(parts: Iterable[Part]) -> None:
    """Write a page; what is in the language has colours on a terminal."""
    shown = _colored if colored(sys.stdout) else str
    click.echo("\n\n".join(shown(part.text) if part.spec else part.text for part in parts))


def _colored(text: str) -> str:
    from pygments import highlight
    from pygments.formatters import TerminalFormatter

    from inception_dsl.highlight import InceptLexer

    written: str = highlight(text, InceptLexer(stripnl=False, ensurenl=False), TerminalFormatter())
    return written


def _show_markdown(page: str) -> None:
    if not colored(sys.stdout):
        click.echo(page, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(page))
