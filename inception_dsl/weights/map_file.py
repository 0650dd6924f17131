"""The notation of name maps: one small text file for each library and network.

    # Inception v3 as torchvision names it.
    spec inception_v3 count_border=true          the spec, and the settings the weights are for
    use torch                                    the lines of torch.map stand here

    layer conv_bn                                what stands inside every `conv_bn`, `conv_bn_2` ..
        conv2d.weight  <-> conv.weight           ours, theirs
        batch_norm     <-> bn                    a layer too: inside it is what `use torch` brought

    stem.conv_bn{,_2}  <-> Conv2d_{1a,2a}_3x3    two rules: the choices go pairwise
    mixed_5{b,c,d}     <-> Mixed_5{b..d}         what is indented stands inside it
        branch_1.conv_bn          <-> branch1x1
        branch_3.conv_bn{,_2,_3}  <-> branch3x3dbl_{1..3}
    head.linear        <-> fc

- A name without `<->` is the same on both sides. Names are joined to those of the enclosing rule:
  ours by a dot, theirs by the `separator`, a dot unless the file has another. Where theirs has a
  `*`, the enclosing name stands in its place: `batch_norm <-> *_bn`.
- `{a,b}`, `{1..3}`, `{b..e}`, `{5..19..7}` (5, 12, 19) are choices; the n-th braces of both sides
  have equally many, and go together. A choice may be empty.
- A rule with nothing indented below it, whose last name of ours is a `layer` with or without a
  number, has the rules of the layer inside it; any other is an array.
- `as LAYOUT` behind a rule is the order of their axes; `layouts.py` has the letters.
- `weight = 1 like bias` is an array that they leave out because it is 1 everywhere.
- `optional RULE` has arrays that a file, or a network, may have or not: an auxiliary head's.
- `ignore NAME` is an array of theirs that no network of ours needs.
- `where fc.bias is 1008` demands a shape of theirs, where names alone do not tell the source.
- `use NAME` brings the spec of the file used too; a `spec` of one's own behind it replaces that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product

from inception_dsl.weights.layouts import is_layout
from inception_dsl.weights.name_map import Fill, NameMap, Pair

__all__ = ["MapFault", "parse_map"]

_BRACES = re.compile(r"\{([^{}]*)\}")
_RANGE = re.compile(r"(\d+|[a-z])\.\.(\d+|[a-z])(?:\.\.([1-9]\d*))?")
_NUMBER = re.compile(r"_\d+$")
_RULE = re.compile(r"(optional )?(\S+)(?: <-> (\S+))?(?: as (\S+))?")
_FILL = re.compile(r"(optional )?(\S+) = (\S+) like (\S+)")


class MapFault(ValueError):
    """A map that says nothing: the message has its name and the line."""


@dataclass
class _Line:
    where: str
    text: str
    inside: list[_Line] = field(default_factory=list)


@dataclass
class _Reading:
    spec: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    separator: str = "."
    layers: dict[str, list[_Line]] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    shapes: dict[str, tuple[int, ...]] = field(default_factory=dict)


def parse_map(name: str, text: str, used: Callable[[str], str]) -> NameMap:
    """The map that `text` writes down; `used` has the texts of other files by name.

    Raises: MapFault if it is not in the notation, or names an array twice.
    """
    reading = _Reading()
    for line in _lines(name, text):
        _read_line(line, reading, used)
    if not reading.spec:
        raise MapFault(f"{name}: no spec is named")
    entries: list[Pair | Fill] = [*reading.pairs, *reading.fills]
    _refuse_twice(name, [entry.ours for entry in entries])
    _refuse_twice(name, [pair.theirs for pair in reading.pairs] + reading.ignored)
    return NameMap(
        name=name,
        spec=reading.spec,
        settings=reading.settings,
        pairs=tuple(reading.pairs),
        fills=tuple(reading.fills),
        ignored=frozenset(reading.ignored),
        shapes=reading.shapes,
    )


def _read_line(line: _Line, reading: _Reading, used: Callable[[str], str]) -> None:
    word, _, rest = line.text.partition(" ")
    match word:
        case "spec":
            reading.spec, *settings = rest.split()
            reading.settings = dict(_setting(line, setting) for setting in settings)
        case "use":
            for other in _lines(rest, used(rest)):
                _read_line(other, reading, used)
        case "separator":
            reading.separator = rest
        case "layer":
            for layer in rest.split():
                reading.layers[layer] = line.inside
        case "ignore":
            reading.ignored += _expand(line, rest)[0]
        case "where":
            array, _, shape = rest.partition(" is ")
            reading.shapes[array] = tuple(map(int, shape.split("x")))
        case _:
            _apply(line, "", "", False, reading)


def _apply(line: _Line, ours: str, theirs: str, optional: bool, reading: _Reading) -> None:
    """Add the arrays of a rule inside of `ours` and `theirs`."""
    if fill := _FILL.fullmatch(line.text):
        value, like = float(fill[3]), _join(ours, fill[4])
        reading.fills.append(Fill(_join(ours, fill[2]), value, like, optional or bool(fill[1])))
        return
    rule = _RULE.fullmatch(line.text)
    if not rule or not is_layout(rule[4] or "oi"):
        raise MapFault(f"{line.where}: not a rule: {line.text}")
    optional = optional or bool(rule[1])
    for left, right in zip(*_expand(line, rule[2], rule[3] or rule[2]), strict=True):
        inner_ours = _join(ours, left)
        inner_theirs = (
            right.replace("*", theirs) if "*" in right else _join(theirs, right, reading.separator)
        )
        inside = line.inside or _inside_layer(left.rpartition(".")[2], reading)
        for inner in inside:
            _apply(inner, inner_ours, inner_theirs, optional, reading)
        if not inside:
            reading.pairs.append(Pair(inner_ours, inner_theirs, rule[4] or "", optional))


def _inside_layer(name: str, reading: _Reading) -> list[_Line]:
    layers = reading.layers
    return layers.get(name) or layers.get(_NUMBER.sub("", name), [])


def _expand(line: _Line, *names: str) -> list[list[str]]:
    """Each name under every choice in its braces, those of all names going together."""
    choices = [[_choices(line, braces) for braces in _BRACES.findall(name)] for name in names]
    counts = [[len(choice) for choice in braces] for braces in choices]
    if any(count != counts[0] for count in counts):
        raise MapFault(f"{line.where}: the braces of both sides have not equally many choices")
    return [
        [
            "".join(map("".join, zip(_BRACES.split(name)[::2], (*picked, ""), strict=True)))
            for picked in product(*braces)
        ]
        for name, braces in zip(names, choices, strict=True)
    ]


def _choices(line: _Line, written: str) -> list[str]:
    found: list[str] = []
    for part in written.split(","):
        if between := _RANGE.fullmatch(part):
            found += _between(line, between[1], between[2])[:: int(between[3] or 1)]
        else:
            found.append(part)
    return found


def _between(line: _Line, first: str, last: str) -> list[str]:
    if first.isdigit() and last.isdigit():
        found = [str(number) for number in range(int(first), int(last) + 1)]
    else:
        found = [chr(code) for code in range(ord(first[0]), ord(last[0]) + 1)]
    if not found or first.isdigit() != last.isdigit():
        raise MapFault(f"{line.where}: no range: {first}..{last}")
    return found


def _lines(name: str, text: str) -> list[_Line]:
    """The lines of the file, those indented below a line inside it."""
    top = _Line(name, "")
    open_lines = [(-1, top)]
    for number, written in enumerate(text.splitlines(), 1):
        content = written.split("#")[0].rstrip()
        if not content:
            continue
        indent = len(content) - len(content.lstrip(" "))
        while open_lines[-1][0] >= indent:
            open_lines.pop()
        line = _Line(f"{name}, line {number}", " ".join(content.split()))
        open_lines[-1][1].inside.append(line)
        open_lines.append((indent, line))
    return top.inside


def _setting(line: _Line, written: str) -> tuple[str, str]:
    name, equals, value = written.partition("=")
    if not equals:
        raise MapFault(f"{line.where}: no setting: {written}")
    return name, value


def _join(outer: str, inner: str, separator: str = ".") -> str:
    return f"{outer}{separator}{inner}" if outer else inner


def _refuse_twice(name: str, names: list[str]) -> None:
    if len(set(names)) < len(names):
        twice = next(iter(_repeated(names)))
        raise MapFault(f"{name}: {twice} is named twice")


def _repeated(names: list[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield name
        seen.add(name)
