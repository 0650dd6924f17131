"""`incept weights`: files of weights looked into, and put under other names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inception_dsl.cli import given_weights, request
from inception_dsl.cli.console import Refused, writing
from inception_dsl.diagnostics.cells import visible
from inception_dsl.diagnostics.suggest import suggestion

if TYPE_CHECKING:
    from inception_dsl.weights import Match, NameMap
    from inception_dsl.weights.name_map import Arrays

__all__ = ["command"]

SHOWN = 5
"""Names of each kind that `weights check` lists: what is wrong is usually wrong throughout."""

file_argument = click.argument("file", metavar="FILE", type=click.Path(path_type=Path))


@click.group("weights")
def command() -> None:
    """Look into a file of weights, or put it under other names.

    FILE ends in .safetensors, .npz, .pth, .pt, .h5 or .keras; no library but ours is needed.
    """


@command.command("sources")
def sources() -> None:
    """List the libraries and networks whose names are known."""
    from inception_dsl.weights import read_map, source_names

    width = max(map(len, source_names()))
    for name in source_names():
        click.echo(f"{name:{width}}  {read_map(name).place}")


@command.command("check")
@file_argument
@request.spec_argument
@given_weights.classes_option
@click.option("--all", "every", is_flag=True, help="Name every array that does not fit.")
@request.options
@click.pass_context
def check(
    context: click.Context,
    /,
    file: Path,
    spec: str,
    classes: int | None,
    every: bool,
    settings: Iterable[tuple[str, str]],
    **options: Any,
) -> None:
    """Report how FILE fits the network of SPEC. Exit status 1 if it does not."""
    network = request.load(spec, given_weights.with_classes(settings, classes), **options)
    match = given_weights.fit(network, file, classes)
    click.echo(_report(match, len(match.missing) + len(match.unexpected) if every else SHOWN))
    if not match.fits:
        for source in match.sources[:1]:
            click.echo(f"these weights are for {source.place}")
        context.exit(1)
    for note in given_weights.notes(network, match):
        click.echo(note)


@command.command("convert")
@file_argument
@click.option(
    "--from", "origin", metavar="SOURCE", help="Whose names FILE has, if not to be found."
)
@click.option("--to", "target", metavar="SOURCE", help="Whose names to write instead of ours.")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="A .safetensors file."
)
def convert(file: Path, origin: str | None, target: str | None, output: Path) -> None:
    """Write the arrays of FILE under our names, or back under a library's.

    `incept weights sources` lists each SOURCE, for example timm.inception_v4.
    """
    if output.suffix.lower() != ".safetensors":
        raise click.BadParameter(f"{output} does not end in .safetensors", param_hint="-o")
    from inception_dsl.weights import WeightsError, read_weights, write_safetensors

    try:
        arrays = read_weights(file)
        source = _source(origin) if origin else _recognised(file, arrays, target)
        if source:
            arrays = source.to_ours(arrays)
        goal = _source(target) if target else None
        if goal:
            arrays = goal.to_theirs(arrays)
    except WeightsError as error:
        raise Refused(f"{file}: {error}") from None
    names = goal or source
    assert names, "without a target the source is known"
    click.echo(
        f"{len(arrays)} arrays of {source.name if source else names.spec}, for {names.place}"
    )
    with writing(output):
        write_safetensors(output, arrays, {"names": goal.name if goal else names.place})


def _source(name: str) -> NameMap:
    from inception_dsl.weights import read_map, source_names

    if name not in source_names():
        near = suggestion(name, source_names()) or "`incept weights sources` lists them"
        raise Refused(f"no source is called `{name}`; {near}")
    return read_map(name)


def _recognised(file: Path, arrays: Arrays, target: str | None) -> NameMap | None:
    """The source with these names; None if they are ours and are to become those of `target`."""
    from inception_dsl.weights.sources import nearest, recognise

    found = recognise(arrays)
    if len({source.spec for source in found}) == 1:
        return found[0]
    if found:
        names = " or ".join(source.name for source in found)
        raise Refused(f"{file} may be of {names}: say which with --from")
    if target:
        return None
    near = nearest(arrays)
    hint = (
        f"they are nearest to those of {near.name}"
        if near
        else "`incept weights sources` lists them"
    )
    raise Refused(f"the names in {file} are of no known source; {hint}")


def _report(match: Match, most: int) -> str:
    whose = f"names of {match.source}" if match.sources else "our names"
    lines = [f"{match.what}: {whose}"]
    lists = (
        ("missing", match.missing),
        ("unexpected", match.unexpected),
        ("of another shape or type", [f"{key} {fault}" for key, fault in match.misfits.items()]),
    )
    matched = match.expected - len(match.missing) - len(match.misfits) - len(match.fresh)
    lines.append(f"{matched} of {match.expected} arrays fit")
    for title, names in lists:
        if names:
            lines += [f"{len(names)} {title}:", *(f"  {name}" for name in list(names)[:most])]
            if len(names) > most:
                lines.append(f"  ... and {len(names) - most} more (--all names them)")
    return "\n".join(map(visible, lines))
