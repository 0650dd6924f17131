"""Promises of roles and places: layers, modules, sections, heads, inputs, figures."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from inception_dsl.syntax import tree
from tests.fuzz.planting.host import Host
from tests.fuzz.planting.misspelling import misspelt
from tests.fuzz.planting.places import insertion, insertions, results
from tests.fuzz.planting.planter import Edits, pick, planter


@planter("E0501")
def _repeat_in_a_layer(random: Random, host: Host) -> Edits | None:
    layer = pick(random, (d for d in host.definitions.values() if d.role == "layer"))
    if layer is None:
        return None
    at = layer.body.span.end - 1
    inner = random.choice(
        ("repeat 2 { relu() }", "residual { relu() }", "concat { branch relu() }")
    )
    return Edits(((at, at, f"\n    {inner}\n"),))


@planter("E0502")
def _module_that_strides(random: Random, host: Host) -> Edits | None:
    found = pick(random, _called(host, "module"))
    if found is None:
        return None
    definition, calls = found
    at = definition.body.span.end - 1
    places = tuple(call.span.start for call in calls)
    return Edits(((at, at, "\n    max_pool(2)\n"),), (*places, definition.name.span.start))


@planter("E0502")
def _reduction_that_keeps_the_grid(random: Random, host: Host) -> Edits | None:
    return _other_role(pick(random, _called(host, "module")), "reduction")


@planter("E0502")
def _module_that_was_a_reduction(random: Random, host: Host) -> Edits | None:
    return _other_role(pick(random, _called(host, "reduction")), "module")


def _other_role(found: tuple[tree.Definition, list[tree.Call]] | None, role: str) -> Edits | None:
    if found is None:
        return None
    definition, calls = found
    start = definition.span.start
    places = tuple(call.span.start for call in calls)
    return Edits(((start, start + len(definition.role), role),), places)


def _called(host: Host, role: str) -> Iterator[tuple[tree.Definition, list[tree.Call]]]:
    """The definitions of a role whose uses have grids of more than a cell, and these uses."""
    for name, definition in host.definitions.items():
        calls = [call for call, _ in host.calls() if call.name.text == name]
        ends = [node.out.grid for call in calls for node in results(host, call)]
        if definition.role == role and ends and all(min(grid, default=0) > 1 for grid in ends):
            yield definition, calls


@planter("E0503")
def _two_networks(random: Random, host: Host) -> Edits | None:
    end = len(host.text)
    return Edits(((end, end, "\nnetwork other { input x_: 3x8x8 relu() }\n"),))


@planter("E0504", "E0202")
def _missing_input(random: Random, host: Host) -> Edits | None:
    declared = pick(random, (node for node, _ in host.find(tree.InputDecl)))
    if declared is None:
        return None
    start, end = declared.span.start, declared.span.end
    return Edits(((start, end, ""),), (host.main.name.span.start,), only_at=True)


@planter("E0504")
def _two_inputs(random: Random, host: Host) -> Edits | None:
    declared = pick(random, (node for node, _ in host.find(tree.InputDecl)))
    if declared is None:
        return None
    end = declared.span.end
    return Edits(((end, end, "\n    input other_: 3x8x8\n"),))


@planter("E0505")
def _something_before_the_stem(random: Random, host: Host) -> Edits | None:
    sections = (s for s, _ in host.find(tree.Section) if s.kind == "stem")
    stem = pick(random, sections)
    if stem is None:
        return None
    start = stem.span.start
    return Edits(((start, start, "relu()\n    "),), (start + 1,))


@planter("E0505")
def _something_behind_the_head(random: Random, host: Host) -> Edits | None:
    heads = (s for s in host.main.body.statements if isinstance(s, tree.Section))
    head = pick(random, (s for s in heads if s.kind == "head" and s.body.statements))
    if head is None:
        return None
    return Edits(((head.span.end, head.span.end, "\n    relu()\n"),), (head.span.start,))


@planter("E0506")
def _auxiliary_head_in_a_repeat(random: Random, host: Host) -> Edits | None:
    at = pick(random, _in_the_network(host))
    if at is None:
        return None
    return Edits(
        ((at, at, "\n    repeat 2 {\n        aux extra_ = global_avg_pool()\n    }\n"),), (at,)
    )


def _in_the_network(host: Host) -> Iterator[int]:
    body = host.main.body.span
    statements = {s.span.end for s in host.main.body.statements}
    return (at for at in insertions(host) if body.start < at < body.end and at in statements)


@planter("E0507")
def _combination_without_branches(random: Random, host: Host) -> Edits | None:
    at = insertion(random, host)
    word = random.choice(("concat", "add", "mul"))
    return None if at is None else Edits(((at, at, f"\n    {word} {{ }}\n"),))


@planter("E0508")
def _negative_repeat(random: Random, host: Host) -> Edits | None:
    at = insertion(random, host)
    return None if at is None else Edits(((at, at, "\n    repeat 2 - 5 { relu() }\n"),))


@planter("E0509")
def _start_from_nothing(random: Random, host: Host) -> Edits | None:
    used = {call.name.text for call, _ in host.calls()}
    several = (d for d in host.definitions.values() if d.operands and d.name.text in used)
    definition = pick(random, several)
    if definition is None:
        return None
    at = definition.body.span.start + 1
    return Edits(((at, at, "\n    relu()\n"),))


@planter("E0510")
def _tensor_too_few(random: Random, host: Host) -> Edits | None:
    links = (node for node, _ in host.find(tree.From) if len(node.names) > 1)
    found = pick(random, links)
    if found is not None:
        start, end = found.names[-2].span.end, found.names[-1].span.end
        return Edits(((start, end, ""),))
    at = pick(random, _in_the_network(host))
    name = next((d.name.text for d, _ in host.find(tree.InputDecl)), None)
    if at is None or name is None:
        return None
    return Edits(((at, at, f"\n    from ({name}, {name}) -> relu()\n"),))


@planter("E0511")
def _figure_in_a_definition(random: Random, host: Host) -> Edits | None:
    definition = pick(random, (d for d in host.definitions.values()))
    if definition is None:
        return None
    at = definition.body.span.end - 1
    return Edits(((at, at, "\n    expect params == 3\n"),))


@planter("E0801")
def _wrong_figure(random: Random, host: Host) -> Edits | None:
    equal = (e for e, _ in host.find(tree.Expect) if isinstance(e.value, tree.Literal))
    expect = pick(random, (e for e in equal if e.comparison == "=="))
    if expect is None:
        return None
    number = int(expect.value.value) + random.choice((1, 1000))  # type: ignore[union-attr, arg-type]
    return Edits(((expect.value.span.start, expect.value.span.end, str(number)),))


@planter("E0704", "E0705")
def _more_operations_than_any(random: Random, host: Host) -> Edits | None:
    at = insertion(random, host)
    return None if at is None else Edits(((at, at, "\n    repeat 1_000_000 { relu() }\n"),))


@planter("E0512", "E0101")
def _unknown_block_of_settings(random: Random, host: Host) -> Edits | None:
    found = pick(random, (node for node, _ in host.find(tree.Settings)))
    if found is None:
        return None
    wrong = misspelt(random, found.kind, host)
    start = found.span.start
    return Edits(((start, start + len(found.kind), wrong),), codes=("E0101",))
