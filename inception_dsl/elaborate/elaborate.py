"""A spec to a checked graph: load, resolve, bound, expand, verify."""

from __future__ import annotations

from dataclasses import dataclass

from inception_dsl.diagnostics import Diagnostic, Diagnostics, Note
from inception_dsl.diagnostics.suggest import suggestion
from inception_dsl.elaborate.budget import find_recursion, least_operations
from inception_dsl.elaborate.build import Watch
from inception_dsl.elaborate.expand import expand
from inception_dsl.elaborate.faults import Fault, OverBudget, Unknown, fail
from inception_dsl.elaborate.given import file_settings
from inception_dsl.elaborate.limits import Limits
from inception_dsl.elaborate.load import Loader
from inception_dsl.elaborate.request import Request
from inception_dsl.elaborate.resolve import Resolver
from inception_dsl.elaborate.scopes import Scope
from inception_dsl.elaborate.units import DefinitionRef, Unit
from inception_dsl.ir.graph import CheckedGraph, Node
from inception_dsl.ir.pause import collector_paused
from inception_dsl.ir.verify import verify
from inception_dsl.source import Span
from inception_dsl.syntax import tree

__all__ = ["Checked", "Request", "Spec", "elaborate"]


@dataclass(frozen=True)
class Checked:
    """A file without an error in its names; `units` are it and what it imports."""

    request: Request
    unit: Unit
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Spec(Checked):
    """An elaborated network with the tree it came from, for what is checked later.

    `lost` are the nodes that are no part of it, since nothing reads their results.
    """

    network: tree.Network
    graph: CheckedGraph
    scope: Scope
    lost: tuple[Node, ...]
    statements: int
    """How many were executed."""


def elaborate(
    request: Request,
    diagnostics: Diagnostics,
    limits: Limits,
    units: tuple[Unit, ...] = (),
    watch: Watch | None = None,
) -> Checked | None:
    """The network of a spec, a library without one, or None after errors in `diagnostics`.

    `units` are the files of an earlier run, which need not be parsed again. `watch` is told of
    every shape.

    Raises: AssertionError where the compiler breaks its own promises.
    """
    try:
        with collector_paused():
            loader = Loader(diagnostics, limits, units)
            checked = _elaborate(request, loader, diagnostics, watch)
    except (OverBudget, Fault) as stopped:
        diagnostics.add(stopped.diagnostic)
        return None
    except Unknown:
        return None
    return None if diagnostics.failed else checked


def _elaborate(
    request: Request, loader: Loader, diagnostics: Diagnostics, watch: Watch | None
) -> Checked | None:
    limits = loader.limits
    outline = loader.outline(request.source, request.path)
    network = _choose(outline, request, diagnostics)
    given = file_settings(loader, outline, network, request)
    unit = loader.unit(request.source, request.path, given)
    network = next((n for n in unit.networks if network and n.name == network.name), None)
    calls: dict[DefinitionRef | tree.Network, list[tuple[DefinitionRef, Span]]] = {}
    for each in loader.units:
        Resolver(each, diagnostics, calls).resolve()
    circles = find_recursion(calls)
    for circle in circles:
        diagnostics.add(circle)
    if network is None or circles:
        return Checked(request, unit, loader.units)
    operations, heaviest = least_operations(network, unit, calls, limits)
    if operations > limits.operations:
        message = f"the network has more than {limits.operations:,} operations"
        fail("E0704", heaviest, message, "most of them are here")
    expanded = expand(network, unit, loader, request, diagnostics, watch)
    if diagnostics.failed or expanded is None:
        return None
    graph, scope, lost, statements = expanded
    return Spec(request, unit, loader.units, network, verify(graph), scope, lost, statements)


def _choose(unit: Unit, request: Request, diagnostics: Diagnostics) -> tree.Network | None:
    """The network that is meant; a file has at most one, unless a name picks it."""
    networks = unit.networks
    if request.network is not None:
        for network in networks:
            if network.name.text == request.network:
                return network
        names = [network.name.text for network in networks]
        message = f"`{unit.source.name}` has no network `{request.network}`"
        fail("E0503", _start(unit), message, help=suggestion(request.network, names))
    if not networks:
        if not unit.broken and not unit.file.items:
            message = f"`{unit.source.name}` holds nothing"
            help = "write `network name { input x: 3x224x224 ... }`, or definitions to import"
            fail("E0503", _start(unit), message, "neither a network nor a definition", help=help)
        if not unit.broken and not request.library:
            message = f"`{unit.source.name}` has no network"
            help = "add `network name { input x: 3x224x224 ... }`, or import the file"
            fail("E0503", _start(unit), message, "a library of definitions", help=help)
        return None
    notes = (Note("the first", networks[0].name.span),)
    for second in networks[1:]:
        message = f"a file has one network, `{second.name.text}` is another"
        help = "move it to a file of its own"
        diagnostics.add(Diagnostic("E0503", message, second.name.span, "", (), notes, help))
    return networks[0]


def _start(unit: Unit) -> Span:
    return Span(unit.source, 0, min(1, len(unit.source.text)))
