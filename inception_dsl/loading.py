"""From a spec to its network, or to what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from inception_dsl.analysis.expectations import expectations
from inception_dsl.diagnostics import Diagnostic, Diagnostics, SpecError
from inception_dsl.elaborate.elaborate import Request, Spec, elaborate
from inception_dsl.elaborate.limits import Limits
from inception_dsl.lint import lint
from inception_dsl.locate import Settings, Shape, SpecLike, request_for
from inception_dsl.network import Network

__all__ = ["examine", "examine_request", "load", "load_request", "load_with"]


def load(
    spec: SpecLike,
    *,
    input: Shape | str | None = None,
    limits: Limits | None = None,
    **settings: object,
) -> Network:
    """The network of a spec: a shipped name, a path, the text itself, or a named `Source`.

    `settings` are the parameters of the file and the network; `input` replaces the declared shape.

    Raises: SpecError holding every diagnostic.
    """
    return load_with(spec, settings, input, limits)


def load_with(
    spec: SpecLike,
    settings: Settings,
    input: Shape | str | None = None,
    limits: Limits | None = None,
) -> Network:
    """As `load`, with the settings as a mapping.

    Raises: SpecError holding every diagnostic.
    """
    limits = limits or Limits()
    return load_request(request_for(spec, input, settings, limits), limits)


def load_request(request: Request, limits: Limits) -> Network:
    """As `load`, of a text that was already found.

    Raises: SpecError holding every diagnostic.
    """
    network, diagnostics = _network(request, limits, figures=False)
    if network is None:
        raise SpecError(diagnostics)
    return network


def examine(
    spec: SpecLike,
    *,
    input: Shape | str | None = None,
    settings: Settings | None = None,
    limits: Limits | None = None,
    ignore: Collection[str] = (),
) -> tuple[Network | None, tuple[Diagnostic, ...]]:
    """What `check` says of a spec: the network if it has no error, and every diagnostic.

    Evaluates the spec's `expect`s, which `load` does not. `ignore` turns warnings off by their
    codes, or by the beginnings of codes. Never raises for a user's mistake.
    """
    limits = limits or Limits()
    try:
        request = request_for(spec, input, settings or {}, limits)
    except SpecError as error:
        return None, error.diagnostics
    return examine_request(request, limits, ignore)


def examine_request(
    request: Request, limits: Limits, ignore: Collection[str] = ()
) -> tuple[Network | None, tuple[Diagnostic, ...]]:
    """As `examine`, of a text that was already found."""
    return _network(replace(request, library=True), limits, figures=True, ignore=ignore)


def _network(
    request: Request, limits: Limits, *, figures: bool, ignore: Collection[str] = ()
) -> tuple[Network | None, tuple[Diagnostic, ...]]:
    diagnostics = Diagnostics(limits.diagnostics)
    checked = elaborate(request, diagnostics, limits)
    spec = checked if isinstance(checked, Spec) else None
    reproduced = expectations(spec, diagnostics, limits) if spec and figures else ()
    if checked and not diagnostics.failed:
        for warning in lint(checked, ignore):
            diagnostics.add(warning)
    records = tuple(diagnostics)
    if spec is None or diagnostics.failed:
        return None, records
    network = Network(spec, records)
    network.expectations = reproduced
    return network, records
