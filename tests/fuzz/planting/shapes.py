"""Shapes that do not fit: notes, branches, residuals, windows, groups, ranks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from random import Random

from inception_dsl.ir.graph import Node
from inception_dsl.ir.types import FeatureMap
from inception_dsl.syntax import tree
from tests.fuzz.planting.host import Host
from tests.fuzz.planting.places import added, chains, results
from tests.fuzz.planting.planter import Edits, pick, planter

_MERGED = ("E0402", "E0403")
_FORGETTING = {
    "global_avg_pool", "global_max_pool", "adaptive_avg_pool", "flatten", "reshape", "linear",
}  # fmt: skip


@planter("E0407")
def _wrong_note(random: Random, host: Host) -> Edits | None:
    extents = []
    for _, site in chains(host):
        note = getattr(site.around[-1], "note", None)
        extents += [extent for extent in note.extents if extent] if note else []
    extent = pick(random, (e for e in extents if isinstance(e, tree.Literal)))
    if extent is None:
        return None
    number = int(extent.value) + random.choice((1, 2, 10))  # type: ignore[arg-type]
    return Edits(((extent.span.start, extent.span.end, str(number)),))


@planter("E0407")
def _note_of_another_rank(random: Random, host: Host) -> Edits | None:
    noted = (getattr(site.around[-1], "note", None) for _, site in chains(host))
    note = pick(random, (n for n in noted if n and host.text[n.span.start] != "["))
    return note and Edits(((note.span.start, note.span.end, "3x3x3x3x3"),))


@planter("E0401")
def _linear_on_a_grid(random: Random, host: Host) -> Edits | None:
    calls = [call for call, _ in host.calls()]
    pools = ("global_avg_pool", "global_max_pool", "flatten")
    found = []
    for first, second in pairwise(calls):
        grids = all(len(operand.grid) > 0 for operand in _operands(host, first))
        if first.name.text in pools and second.name.text == "linear" and grids:
            found.append((first, second))
    pair = pick(random, found)
    if pair is None:
        return None
    first, second = pair
    change = (first.span.start, first.span.end, "relu()")
    return Edits((change,), (second.span.start,), codes=("E0401", "E0407"))


def _operands(host: Host, call: tree.Call) -> list[FeatureMap]:
    return [map for node in host.nodes(call) for map in host.graph.maps(node.path)]


def _branches(host: Host) -> Iterator[tuple[tree.Combine, tree.Branch]]:
    """Branches of `concat` and `add` that are joined with others, and do not forget their grid."""
    for combine, _ in host.find(tree.Combine):
        if combine.keyword.text == "mul" or not host.nodes(combine.keyword):
            continue
        branches = [item for item in combine.items if isinstance(item, tree.Branch)]
        for branch in branches if len(branches) > 1 else ():
            if branch.note:
                continue
            inner = (link for link in _links(branch) if isinstance(link, tree.Call))
            if not _FORGETTING & {link.name.text for link in inner}:
                yield combine, branch


def _links(branch: tree.Branch) -> list[tree.Link]:
    """The links of a branch that is chains alone, one after the other."""
    links: list[tree.Link] = []
    for statement in branch.body.statements:
        if not isinstance(statement, tree.Apply | tree.Bind) or statement.note:
            return []
        links += statement.chain.links
    return links


def _calls_of_branches(host: Host) -> Iterator[tuple[tree.Combine, tree.Call]]:
    for combine, branch in _branches(host):
        for link in _links(branch):
            if isinstance(link, tree.Call) and host.is_used(link):
                yield combine, link


def _smallest(host: Host, call: tree.Call) -> int:
    """The least number of cells along any axis of what a call gives; 0 for a vector."""
    grids = [node.out.grid for node in results(host, call)]
    return min((min(grid, default=0) for grid in grids), default=0)


@planter(*_MERGED)
def _dropped_stride(random: Random, host: Host) -> Edits | None:
    found = []
    for combine, call in _calls_of_branches(host):
        for parameter, argument in host.given(call):
            halved = parameter.name == "stride" and host.written(argument.value) == "2"
            halved = halved and "output_padding" not in _names(call)
            if halved and _smallest(host, call) > 1:
                found.append((combine, argument))
    pair = pick(random, found)
    if pair is None:
        return None
    combine, argument = pair
    change = (argument.value.span.start, argument.value.span.end, "1")
    return Edits((change,), (combine.span.start,))


@planter(*_MERGED)
def _dropped_padding(random: Random, host: Host) -> Edits | None:
    found = []
    for combine, call in _calls_of_branches(host):
        if not all(_needs_padding(node) for node in host.nodes(call)):
            continue
        for parameter, argument in host.given(call):
            if parameter.name == "padding" and host.written(argument.value).startswith("same"):
                found.append((combine, argument, _smallest(host, call)))
    triple = pick(random, found)
    if triple is None:
        return None
    combine, argument, smallest = triple
    change = (argument.value.span.start, argument.value.span.end, "valid")
    codes = _MERGED if smallest > 7 else (*_MERGED, "E0404")
    return Edits((change,), (combine.span.start,), codes=codes)


def _needs_padding(node: Node) -> bool:
    """Whether a window has stride 1 and more than two cells, so that its grid shrinks without."""
    kernel, stride = getattr(node.op, "kernel", 1), getattr(node.op, "stride", 2)
    return {*_numbers(stride)} == {1} and max(_numbers(kernel)) > 2


def _numbers(value: object) -> tuple[int, ...]:
    return (
        tuple(value) if isinstance(value, tuple) else (value,) if isinstance(value, int) else (0,)
    )


@planter(*_MERGED)
def _grid_of_one_branch(random: Random, host: Host) -> Edits | None:
    ends = []
    for combine, branch in _branches(host):
        links = _links(branch)
        last = links[-1] if links else None
        if isinstance(last, tree.Call) and host.is_used(last) and _smallest(host, last) > 1:
            ends.append((combine, last))
    pair = pick(random, ends)
    if pair is None:
        return None
    combine, last = pair
    pool = random.choice(("max_pool(2)", "avg_pool(2, stride=1)"))
    return Edits(((last.span.end, last.span.end, f" -> {pool}"),), (combine.span.start,))


@planter("E0403")
def _channels_of_one_addend(random: Random, host: Host) -> Edits | None:
    ends = [(c.keyword, _links(b)[-1:]) for c, b in _branches(host) if c.keyword.text == "add"]
    for residual, _ in host.find(tree.Residual):
        statements = residual.body.statements
        if host.nodes(residual.keyword) and statements:
            last = statements[-1]
            plain = isinstance(last, tree.Apply | tree.Bind) and not last.note
            ends += [(residual.keyword, list(last.chain.links[-1:]))] if plain else []
    calls = [(word, links[0]) for word, links in ends if links and isinstance(links[0], tree.Call)]
    used = [(word, call) for word, call in calls if host.is_used(call) and results(host, call)]
    pair = pick(random, used)
    if pair is None:
        return None
    word, call = pair
    channels = max(node.out.channels for node in results(host, call))
    if _smallest(host, call):
        text = f" -> conv{_rank(host, call)}d({channels + 1}, 1)"
    else:
        text = f" -> linear({channels + 1})"
    return Edits(((call.span.end, call.span.end, text),), (word.span.start,))


def _rank(host: Host, call: tree.Call) -> int:
    return results(host, call)[0].out.rank


@planter("E0404")
def _window_larger_than_its_input(random: Random, host: Host) -> Edits | None:
    found = pick(random, (chain for chain in _ends_on_grids(host)))
    return found and Edits(((found.span.end, found.span.end, " -> max_pool(99999)"),))


def _ends_on_grids(host: Host) -> Iterator[tree.Call]:
    """Calls at the end of a chain whose result has a grid."""
    for chain, _ in chains(host):
        last = chain.links[-1]
        if isinstance(last, tree.Call) and _smallest(host, last):
            yield last


@planter("E0409")
def _channels_that_are_not_there(random: Random, host: Host) -> Edits | None:
    last = pick(random, _ends_on_grids(host))
    return last and Edits(((last.span.end, last.span.end, " -> slice(0, 99999)"),))


@planter("E0405")
def _groups_that_do_not_divide(random: Random, host: Host) -> Edits | None:
    calls = (call for call, _ in host.calls() if call.name.text == "conv2d" and host.nodes(call))
    plain = (c for c in calls if len(c.arguments) < 6 and not _names(c) & {"groups"})
    call = pick(random, plain)
    if call is None:
        return None
    groups = 1 + max(map.channels for map in _operands(host, call))
    return added(host, call, f"groups={groups}")


def _names(call: tree.Call) -> set[str]:
    return {argument.keyword.text for argument in call.arguments if argument.keyword}


@planter("E0406")
def _values_lost_in_a_reshape(random: Random, host: Host) -> Edits | None:
    call = pick(random, (call for call, _ in host.calls() if call.name.text == "flatten"))
    if call is None or not host.nodes(call):
        return None
    values = max(node.out.channels for node in host.nodes(call))
    return Edits(((call.span.start, call.span.end, f"reshape([{values + 1}])"),))


@planter("E0408")
def _even_kernel(random: Random, host: Host) -> Edits | None:
    last = pick(random, _ends_on_grids(host))
    if last is None:
        return None
    text = " -> max_pool(2, stride=1, padding=same)"
    return Edits(((last.span.end, last.span.end, text),))


@planter("E0401")
def _grid_of_a_vector(random: Random, host: Host) -> Edits | None:
    calls = (call for call, _ in host.calls() if call.name.text == "linear" and host.nodes(call))
    call = pick(random, calls)
    return call and Edits(((call.span.end, call.span.end, " -> avg_pool(2)"),))


@planter("E0709", "E0706")
def _more_parameters_than_any(random: Random, host: Host) -> Edits | None:
    calls = (call for call, _ in host.calls() if call.name.text == "linear" and host.nodes(call))
    call = pick(random, calls)
    return call and Edits(((call.span.end, call.span.end, " -> linear(1_000_000_000_000)"),))


@planter("E0402")
def _projected_branch_that_strides(random: Random, host: Host) -> Edits | None:
    """A convolution of stride 1 in one branch of a concat gets stride 2."""
    found = []
    for combine, call in _calls_of_branches(host):
        direct = host.nodes(call) and (host.parameters(call) or ())
        if combine.keyword.text != "concat" or not direct or call.name.text != "conv2d":
            continue
        if len(call.arguments) < 3 and _smallest(host, call) > 2 and not _names(call) & {"stride"}:
            found.append((combine, call))
    pair = pick(random, found)
    if pair is None:
        return None
    combine, call = pair
    return replace(added(host, call, "stride=2"), at=(combine.span.start,))
