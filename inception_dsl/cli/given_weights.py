"""`--weights` and `--classes`: a file of weights, ours or a known library's, for a network."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from inception_dsl.cli.console import Refused, say
from inception_dsl.diagnostics.cells import visible
from inception_dsl.loading import load_with

if TYPE_CHECKING:
    from inception_dsl.network import Network
    from inception_dsl.weights import Match, NameMap
    from inception_dsl.weights.initial import FloatArray

__all__ = ["classes_option", "fit", "load", "notes", "option", "with_classes"]

F = TypeVar("F", bound=Callable[..., Any])
Settings = Iterable[tuple[str, str]]


def option(command: F) -> F:
    """`--weights` and `--classes`; they arrive as `weights` and `classes`."""
    return click.option(
        "--weights",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Weights under the network's names, or as a known library saved them; "
        "`incept weights sources` lists those.",
    )(classes_option(command))


def classes_option(command: F) -> F:
    """`--classes` alone."""
    return click.option(
        "--classes",
        type=click.IntRange(min=1),
        metavar="N",
        help="How many classes; if the weights have another number, classifiers start afresh.",
    )(command)


def with_classes(settings: Settings, classes: int | None) -> list[tuple[str, str]]:
    """The settings, and the number of classes among them if one is given."""
    return [*settings, ("classes", str(classes))] if classes else list(settings)


def load(
    network: Network, path: Path | None, classes: int | None, *, aux: bool = True
) -> dict[str, FloatArray] | None:
    """The arrays of the file for the network, None without a file; stderr has whose they are.

    Raises: Refused if the file cannot be read, or does not fit.
    """
    if path is None:
        return None
    from inception_dsl.weights import WeightsError

    match = fit(network, path, classes, aux=aux)
    try:
        arrays = match.require()
    except WeightsError as error:
        raise Refused(str(error)) from None
    if match.sources:
        say(f"{visible(str(path))} has the names of {match.source}")
    for note in notes(network, match):
        say(note)
    return arrays


def fit(network: Network, path: Path, classes: int | None, *, aux: bool = True) -> Match:
    """How the file fits the network.

    Raises: Refused if it cannot be read.
    """
    from inception_dsl.weights import WeightsError, match_network

    try:
        return match_network(network.graph, path, aux=aux, new_classifier=classes is not None)
    except WeightsError as error:
        raise Refused(str(error)) from None


def notes(network: Network, match: Match) -> list[str]:
    """What a person should know of weights that fit."""
    found = [match.fresh_words] if match.fresh else []
    for source in match.sources[:1]:
        if different := _other_settings(network, source):
            found.append(
                f"warning: these weights are for {source.place}; other here: {', '.join(different)}"
            )
    return found


def _other_settings(network: Network, source: NameMap) -> list[str]:
    """The settings in which the network is not the one that the weights were made for."""
    here = network.graph.graph
    if here.name != source.spec:
        return []
    there = load_with(source.spec, source.settings).graph.graph
    return [
        name
        for name, value in there.settings.items()
        if name != "classes" and here.settings.get(name) != value
    ]
