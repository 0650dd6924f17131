"""Before anything is unrolled: recursion, and how much a network makes at least.

The lower bound is arithmetic on the text, one number per definition, so that forty definitions
that each call the one before twice are refused at once and not after 2^40 operations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import networkx as nx

from inception_dsl.diagnostics import Diagnostic, Note
from inception_dsl.elaborate.limits import Limits
from inception_dsl.elaborate.units import DefinitionRef, Unit
from inception_dsl.source import Span
from inception_dsl.syntax import tree

__all__ = ["find_recursion", "least_operations"]

Owner = DefinitionRef | tree.Network
Calls = Mapping[Owner, list[tuple[DefinitionRef, Span]]]


def _call_graph(calls: Calls) -> nx.DiGraph:
    graph = nx.DiGraph()
    for owner, called in calls.items():
        for ref, span in called:
            if not graph.has_edge(owner, ref):
                graph.add_edge(owner, ref, span=span)
    return graph


def find_recursion(calls: Calls) -> list[Diagnostic]:
    """One error per circle of definitions that mention each other, with the circle in words."""
    graph = _call_graph(calls)
    found = []
    for component in nx.strongly_connected_components(graph):
        if len(component) == 1 and not graph.has_edge(*(list(component) * 2)):
            continue
        inside = [ref for ref in graph if ref in component]
        edges = nx.find_cycle(graph.subgraph(inside), inside[0])
        names = " -> ".join([start.name for start, *_ in edges] + [edges[0][0].name])
        notes = tuple(
            Note(f"`{s.name}` calls `{t.name}`", graph.edges[s, t]["span"])
            for s, t, *_ in edges[1:9]
        )
        first = graph.edges[edges[0][0], edges[0][1]]["span"]
        found.append(
            Diagnostic(
                "E0206",
                f"a definition calls itself: {names}",
                first,
                "the circle starts here",
                (),
                notes,
            )
        )
    return found


def least_operations(
    network: tree.Network, unit: Unit, calls: Calls, limits: Limits
) -> tuple[int, Span]:
    """A number of operations that the network makes at least, and the statement with most of them.

    Counting stops far past the limit. The statement is the innermost that alone goes beyond it.
    """
    graph = _call_graph(calls)
    least: dict[Owner, int] = {}
    reachable = [network, *nx.descendants(graph, network)] if network in graph else [network]
    order = list(reversed(list(nx.topological_sort(graph.subgraph(reachable))))) or [network]
    for owner in order:
        if isinstance(owner, DefinitionRef):
            counter = _Counter(owner.unit, {p.name.text for p in owner.tree.params}, least, limits)
            least[owner] = counter.body(owner.tree.body.statements)
    counter = _Counter(unit, {p.name.text for p in network.params}, least, limits)
    counts = [(counter.statement(item), item.span) for item in network.body.statements]
    most = max(counts, key=lambda count: count[0], default=(0, network.name.span))
    place = counter.excess(network.body.statements) or most[1]
    return sum(count for count, _ in counts), place


class _Counter:
    """Counts one body, from the counts of the definitions it calls."""

    def __init__(
        self, unit: Unit, hidden: set[str], least: Mapping[Owner, int], limits: Limits
    ) -> None:
        self.unit, self.hidden, self.least, self.limits = unit, hidden, least, limits
        self.cap = limits.operations * 1000

    def body(self, statements: tuple[tree.Statement, ...]) -> int:
        return min(sum(self.statement(item) for item in statements), self.cap)

    def statement(self, item: tree.Statement) -> int:
        match item:
            case tree.Apply() | tree.Bind() | tree.Aux():
                return sum(self.link(link) for link in item.chain.links)
            case tree.Let():
                self.hidden = self.hidden | {item.name.text}
            case tree.If():
                otherwise = self.body(item.otherwise.statements) if item.otherwise else 0
                return min(self.body(item.then.statements), otherwise)
            case tree.Repeat():
                return self.times(item.count) * self.body(item.body.statements)
            case tree.Section():
                return self.body(item.body.statements)
        return 0

    def excess(self, statements: Iterable[tree.Statement]) -> Span | None:
        """The innermost statement that alone has more operations than a network may have."""
        for item in statements:
            if self.statement(item) > self.limits.operations:
                inner = (self.excess(body) for body in _bodies(item))
                return next(filter(None, inner), None) or self._of_a_call(item) or item.span
        return None

    def _of_a_call(self, item: tree.Statement) -> Span | None:
        """The same in the definition that a statement calls."""
        chain = item.chain if isinstance(item, tree.Apply | tree.Bind | tree.Aux) else None
        for link in chain.links if chain else ():
            if isinstance(link, tree.Call) and self.link(link) > self.limits.operations:
                ref = self.unit.definition(link.name.text)
                assert ref is not None, "an operation counts once"
                hidden = {param.name.text for param in ref.tree.params}
                called = _Counter(ref.unit, hidden, self.least, self.limits)
                return called.excess(ref.tree.body.statements)
        return None

    def times(self, count: tree.Expr) -> int:
        match count:
            case tree.Literal(value=int(value)):
                return max(value, 0)
            case tree.Range(low=tree.Literal(value=int(low)), high=tree.Literal(value=int(high))):
                return max(high - low, 0)
        return 0

    def link(self, link: tree.Link) -> int:
        match link:
            case tree.Call():
                name = link.name.text
                if name in self.hidden or name in self.unit.values:
                    return 0
                ref = self.unit.definition(name)
                return self.least.get(ref, 0) if ref else 1
            case tree.Combine():
                return 1 + self.branches(link.items)
            case tree.Residual():
                shortcut = self.body(link.shortcut.statements) if link.shortcut else 0
                return 1 + self.body(link.body.statements) + shortcut
        return 0

    def branches(self, items: tuple[tree.BranchItem, ...]) -> int:
        total = 0
        for item in items:
            match item:
                case tree.Branch():
                    total += self.body(item.body.statements)
                case tree.BranchIf():
                    total += min(self.branches(item.then), self.branches(item.otherwise))
                case tree.BranchRepeat():
                    total += self.times(item.count) * self.branches(item.items)
        return min(total, self.cap)


def _bodies(item: tree.Statement) -> Iterator[tuple[tree.Statement, ...]]:
    """The bodies inside a statement."""
    match item:
        case tree.Apply() | tree.Bind() | tree.Aux():
            for link in item.chain.links:
                if isinstance(link, tree.Combine):
                    yield from _branch_bodies(link.items)
                elif isinstance(link, tree.Residual):
                    yield link.body.statements
                    yield link.shortcut.statements if link.shortcut else ()
        case tree.If():
            yield item.then.statements
            yield item.otherwise.statements if item.otherwise else ()
        case tree.Repeat() | tree.Section():
            yield item.body.statements


def _branch_bodies(items: tuple[tree.BranchItem, ...]) -> Iterator[tuple[tree.Statement, ...]]:
    for item in items:
        match item:
            case tree.Branch():
                yield item.body.statements
            case tree.BranchIf():
                yield from _branch_bodies((*item.then, *item.otherwise))
            case tree.BranchRepeat():
                yield from _branch_bodies(item.items)
