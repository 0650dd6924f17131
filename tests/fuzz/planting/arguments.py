"""Arguments that are missing, one too many, of the wrong type, or out of range."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from inception_dsl.ops import operation
from inception_dsl.syntax import tree
from tests.fuzz.planting.host import Host, Parameter
from tests.fuzz.planting.places import added, insertion
from tests.fuzz.planting.planter import Edits, pick, planter

_WRONG = {
    "int": ('"64"', "0.5", "true", "[64]"),
    "float": ('"half"', "[0.5]", "true"),
    "bool": ("1", '"yes"'),
    "size": ('"3x3"', "0.5", "true"),
    "op": ("3", '"relu"'),
    "string": ("3",),
    "list": ("3", "true"),
}
"""Values that a parameter of each type does not take."""

_OUTSIDE = {
    "filters": ("0", "0 - 8"),
    "kernel": ("0",),
    "stride": ("0", "0 - 1"),
    "dilation": ("0",),
    "groups": ("0",),
    "rate": ("1.5", "-0.1"),
    "features": ("0", "0 - 10"),
    "multiplier": ("0",),
    "eps": ("-1.0",),
}
"""Values of the right type that no operation takes."""


def _arguments(host: Host) -> Iterator[tuple[tree.Call, Parameter, tree.Argument]]:
    for call, _ in host.calls():
        for parameter, argument in host.given(call):
            yield call, parameter, argument


def _value(argument: tree.Argument, text: str) -> Edits:
    return Edits(((argument.value.span.start, argument.value.span.end, text),))


def _integer(random: Random, host: Host) -> tree.Argument | None:
    """An argument that is an integer, written as a number."""
    found = (a for _, p, a in _arguments(host) if p.type == "int")
    numbers = (a for a in found if isinstance(a.value, tree.Literal))
    return pick(random, (a for a in numbers if isinstance(a.value.value, int)))


@planter("E0302")
def _missing_argument(random: Random, host: Host) -> Edits | None:
    places = []
    for call, _ in host.calls():
        given = list(host.given(call))
        for index, (parameter, argument) in enumerate(given):
            positional_behind = any(a.keyword is None for _, a in given[index + 1 :])
            if parameter.required and not positional_behind:
                places.append((call, argument))
    found = pick(random, places)
    return found and _removed(host, *found)


def _removed(host: Host, call: tree.Call, argument: tree.Argument) -> Edits:
    """Without an argument, and without the comma that it leaves."""
    start, end = argument.span.start, argument.span.end
    index = next(i for i, other in enumerate(call.arguments) if other is argument)
    if index:
        start = call.arguments[index - 1].span.end
    elif len(call.arguments) > 1:
        end = call.arguments[1].span.start
    return Edits(((start, end, ""),), (call.span.start,))


@planter("E0303")
def _argument_too_many(random: Random, host: Host) -> Edits | None:
    full = []
    for call, _ in host.calls():
        parameters = host.parameters(call)
        if parameters is not None and len(parameters) == len(call.arguments):
            full.append(call)
    call = pick(random, (c for c in full if all(a.keyword is None for a in c.arguments)))
    if call is None:
        return None
    return added(host, call, "7")


@planter("E0303")
def _argument_twice(random: Random, host: Host) -> Edits | None:
    named = (a for _, _, a in _arguments(host) if a.keyword)
    argument = pick(random, named)
    if argument is None:
        return None
    end = argument.span.end
    return Edits(((end, end, ", " + host.text[argument.span.start : end]),))


@planter("E0301")
def _parameter_of_another(random: Random, host: Host) -> Edits | None:
    call = pick(random, (call for call, _ in host.calls() if host.parameters(call) is not None))
    if call is None:
        return None
    return added(host, call, "colour=1")


@planter("E0304")
def _wrong_type(random: Random, host: Host) -> Edits | None:
    found = pick(random, ((p, a) for _, p, a in _arguments(host) if p.type in _WRONG))
    return found and _value(found[1], random.choice(_WRONG[found[0].type]))


@planter("E0304", "E0401")
def _size_of_another_rank(random: Random, host: Host) -> Edits | None:
    kernels = (a for call, p, a in _arguments(host) if p.name == "kernel" and host.nodes(call))
    argument = pick(random, kernels)
    return argument and _value(argument, "3x3x3x3")


@planter("E0305")
def _out_of_range(random: Random, host: Host) -> Edits | None:
    direct = ((p, a) for call, p, a in _arguments(host) if host.nodes(call))
    found = pick(random, (each for each in direct if each[0].name in _OUTSIDE))
    return found and _value(found[1], random.choice(_OUTSIDE[found[0].name]))


@planter("E0306")
def _number_and_string(random: Random, host: Host) -> Edits | None:
    argument = _integer(random, host)
    return argument and Edits(((end := argument.value.span.end, end, ' + "1"'),))


@planter("E0307")
def _division_that_is_not_whole(random: Random, host: Host) -> Edits | None:
    argument = _integer(random, host)
    if argument is None:
        return None
    number = int(argument.value.value)  # type: ignore[union-attr, arg-type]
    if number == 0:
        return None  # every number divides it
    divisor = next(d for d in (7, 11, 13, 17, 19, 23, 29, 31, 37) if number % d)
    return Edits(((end := argument.value.span.end, end, f" / {divisor}"),))


@planter("E0308")
def _index_out_of_range(random: Random, host: Host) -> Edits | None:
    argument = _integer(random, host)
    if argument is None:
        return None
    number = host.text[argument.value.span.start : argument.value.span.end]
    return _value(argument, f"[{number}, {number}][{random.choice((2, 5))}]")


@planter("E0310")
def _number_as_condition(random: Random, host: Host) -> Edits | None:
    at = insertion(random, host)
    return None if at is None else Edits(((at, at, "\n    if 1 { relu() }\n"),))


@planter("E0311")
def _default_first(random: Random, host: Host) -> Edits | None:
    items = (d for d in host.definitions.values() if len(d.params) > 1)
    fit = (
        d.params[0]
        for d in items
        if d.params[0].type
        and d.params[0].type.text == "int"
        and not (d.params[0].default or d.params[1].default)
    )
    param = pick(random, fit)
    return param and Edits(((param.span.end, param.span.end, " = 1"),))


@planter("E0304")
def _default_of_another_type(random: Random, host: Host) -> Edits | None:
    typed = [p for p in host.main.params if p.default and p.type]
    typed += [p for p, _ in host.find(tree.FileParam) if p.type]
    param = pick(random, (p for p in typed if p.type.text in ("int", "bool", "float")))
    if param is None:
        return None
    return Edits(((param.default.span.start, param.default.span.end, '"ten"'),))


@planter("E0513")
def _setting_out_of_range(random: Random, host: Host) -> Edits | None:
    wrong = {"crop": "7.5", "interpolation": "cubist", "epochs": "1.5", "batch": "-4", "size": "0"}
    entries = (s for s, _ in host.find(tree.Setting) if s.name.text in wrong)
    entry = pick(random, entries)
    if entry is None:
        return None
    span = entry.value.span
    return Edits(((span.start, span.end, wrong[entry.name.text]),))


@planter("E0304")
def _word_in_quotes(random: Random, host: Host) -> Edits | None:
    values = (a.value for call, _, a in _arguments(host) if operation(call.name.text))
    words = (v for v in values if isinstance(v, tree.Name) and v.text in ("same", "valid"))
    word = pick(random, words)
    return word and Edits(((word.span.start, word.span.end, f'"{word.text}"'),))
