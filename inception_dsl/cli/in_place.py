"""Commands that rewrite specs in place: which files are meant, and what becomes of each."""

from __future__ import annotations

import difflib
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from inception_dsl.cli.console import Refused, say
from inception_dsl.cli.request import report, standard_input
from inception_dsl.diagnostics import Diagnostic, SpecError
from inception_dsl.diagnostics.cells import visible
from inception_dsl.diagnostics.suggest import suggestion
from inception_dsl.elaborate.limits import Limits
from inception_dsl.elaborate.request import Request
from inception_dsl.locate import request_for
from inception_dsl.shipped import shipped_file, shipped_specs
from inception_dsl.source import Source, Span
from inception_dsl.whole_file import whole_file

__all__ = ["Rewriting", "rewrite_in_place"]

_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Rewriting:
    """What is done to a text, and how to speak of it: `would reformat`, `reformatted`.

    `result` raises SpecError if the text has mistakes.
    """

    result: Callable[[Request, Limits], str]
    verb: str
    participle: str


def rewrite_in_place(
    specs: Iterable[str], rewriting: Rewriting, *, check: bool, diff: bool
) -> None:
    """Rewrite every spec, or with `check` or `diff` only tell what would change.

    Raises: Refused if there is no such file, or it cannot be written; Exit if one has mistakes, or
            would change.
    """
    keep = check or diff
    outcomes: Counter[str] = Counter()
    for path in _places(specs, keep=keep):
        outcomes[_rewrite(path, rewriting, keep=keep, diff=diff)] += 1
    say(_summary(outcomes, rewriting.participle, keep=keep))
    if outcomes["error"] or (keep and outcomes["changed"]):
        raise click.exceptions.Exit(1)


def _rewrite(path: Path | None, rewriting: Rewriting, *, keep: bool, diff: bool) -> str:
    """Treat one file, or standard input, and tell how it went."""
    try:
        request = request_for(str(path) if path else standard_input(), None, {}, Limits())
        before, after = request.source, _result(request, rewriting)
    except SpecError as error:
        report(error.diagnostics)
        return "error"
    changed = after != before.text
    if diff:
        click.echo("".join(_difference(before, after)).encode(), nl=False)
    if path is None and not keep:
        click.echo(after.encode(), nl=False)
    elif changed:
        if path is not None and not keep:
            _replace(path, after)
        done = f"would {rewriting.verb}" if keep else rewriting.participle
        say(f"{done} {visible(before.name)}")
    return "changed" if changed else "unchanged"


def _result(request: Request, rewriting: Rewriting) -> str:
    """The new text.

    Raises: SpecError if the old one has mistakes, or the new one is too large.
    """
    limits = Limits()
    text = rewriting.result(request, limits)
    if len(text.encode()) > limits.file_bytes:
        message = f"in its one form the text is larger than {limits.file_bytes:,} bytes"
        raise SpecError((Diagnostic("E0701", message, Span(request.source, 0, 0)),))
    return text


def _places(specs: Iterable[str], *, keep: bool) -> list[Path | None]:
    """The files that are meant, each once; None for standard input.

    Raises: Refused if there is none, or one that must be left as it is.
    """
    places: dict[Path | None, Path | None] = {}
    for spec in specs:
        for path in _files(spec):
            by_name = path is not None and not Path(spec).exists()
            if path is not None and not keep and (by_name or _is_shipped(path)):
                raise Refused(f"`{spec}` is a shipped spec: look at it with --check or --diff")
            places.setdefault(path and path.resolve(), path)
    return list(places.values())


def _files(spec: str) -> list[Path] | list[None]:
    path = Path(spec)
    if spec == "-":
        return [None]
    if path.is_dir():
        if files := [file for file in sorted(path.rglob("*.incept")) if _is_visible(file, path)]:
            return files
        raise Refused(f"no spec is in the folder {spec}")
    if path.is_file():
        return [path]
    if shipped := shipped_file(spec):
        return [shipped]
    near = suggestion(spec, shipped_specs()) or "`incept list` has the shipped specs"
    raise Refused(f"no file and no shipped spec is called `{spec}`; {near}")


def _is_visible(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return file.is_file() and not hidden


def _is_shipped(path: Path) -> bool:
    """Whether a file is part of an installed package."""
    return path.resolve().is_relative_to(_PACKAGE)


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all.

    Raises: Refused if it cannot be written.
    """
    try:
        with whole_file(path) as partial:
            partial.write_bytes(text.encode())
    except OSError as error:
        raise Refused(f"cannot write {path}: {error.strerror or error}") from None


def _difference(before: Source, after: str) -> Iterator[str]:
    """A unified diff; on a terminal without characters that could steer it."""
    old, new = (re.findall(r"[^\n]*\n|[^\n]+", text) for text in (before.text, after))
    for line in difflib.unified_diff(old, new, before.name, before.name):
        shown = line.removesuffix("\n")
        yield (visible(shown) if sys.stdout.isatty() else shown) + "\n"
        if not line.endswith("\n"):
            yield "\\ No newline at end of file\n"


def _summary(outcomes: Counter[str], participle: str, *, keep: bool) -> str:
    changed = f"would be {participle}" if keep else participle
    told = (("changed", changed), ("unchanged", "left unchanged"), ("error", "with errors"))
    parts = [f"{_files_counted(outcomes[key])} {text}" for key, text in told if outcomes[key]]
    return ", ".join(parts)


def _files_counted(number: int) -> str:
    return f"{number} file" if number == 1 else f"{number} files"
