"""The difference of two networks for people: where, what, and what it does to the counts."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from inception_dsl.analysis.diff import Change, Difference, Figures, Module, Scope, Value
from inception_dsl.backends.table.one_line import one_line

__all__ = ["render_difference"]

_SIGNS: Final = {
    "added": "+", "removed": "-", "changed": "~", "rewired": "~",
    "moved": ">", "renamed": "=", "wrapped": ">", "unwrapped": "<",
}  # fmt: skip
_COLORS: Final = {"+": "32", "-": "31", "~": "33", ">": "36", "<": "36", "=": "34", "head": "1"}
_MOST_PLACES = 3
_COLUMNS = 80

Paint = Callable[[str, str], str]


def render_difference(difference: Difference, *, color: bool = False, width: int = _COLUMNS) -> str:
    """A summary, the changes by the definition that they stand in, modules and totals.

    It ends with a line end.
    """

    def paint(style: str, text: str) -> str:
        return f"\x1b[{_COLORS[style]}m{text}\x1b[0m" if color else text

    blocks = [[paint("head", one_line(str(difference)))]]
    if difference:
        blocks.append(list(_declared(difference, paint, width)))
        blocks += _scopes(difference.changes, paint, width)
        blocks.append(list(_modules(difference, paint)))
        blocks.append(list(_totals(difference, paint)))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _declared(difference: Difference, paint: Paint, width: int) -> Iterator[str]:
    if difference.declared:
        yield paint("head", "declared")
    for kind, value in difference.declared:
        yield from _item("~", f"{kind} {_values((value,))}", paint, width)


def _scopes(changes: Sequence[Change], paint: Paint, width: int) -> Iterator[list[str]]:
    """A block for the network, and one for each definition that was changed."""
    within: dict[str, list[tuple[Change, list[Scope]]]] = {"": []}
    for change in changes:
        for name in dict.fromkeys(scope.definition for scope in change.scopes):
            scopes = [scope for scope in change.scopes if scope.definition == name]
            within.setdefault(name, []).append((change, scopes))
    for name, found in within.items():
        if found:
            of = max(scope.of for _, scopes in found for scope in scopes)
            uses = f"in {name}, {of} use{'s' * (of != 1)}" if name else "in the network"
            lines = [paint("head", one_line(uses))]
            for change, scopes in found:
                lines += _item(_SIGNS[change.kind], _sentence(change, scopes), paint, width)
            yield lines


def _item(sign: str, text: str, paint: Paint, width: int) -> Iterator[str]:
    first, *rest = textwrap.wrap(
        one_line(text), max(width, 40) - 4, break_long_words=False, break_on_hyphens=False
    ) or [""]
    yield f"  {paint(sign, sign)} {first}"
    yield from (f"      {line}" for line in rest)


def _sentence(change: Change, scopes: list[Scope]) -> str:
    """`branch_2.conv_bn  filters 48 -> 64 (3 of 4 uses)`."""
    paths = [scope.at for scope in scopes if scope.at]
    at = ", ".join(paths[:_MOST_PLACES])
    if len(paths) > _MOST_PLACES:
        at += f" and {len(paths) - _MOST_PLACES} more"
    told = _told(change, at)
    first = scopes[0]
    if first.definition:
        some = first.uses != first.of
        return told + (f"  ({first.uses} of {first.of})" if some else "")
    places = sum(scope.uses for scope in scopes)
    return told + (f"  ({places} places)" if places > len(paths) else "")


def _told(change: Change, at: str) -> str:
    where = f"{at}  " if at else ""
    values = _values(change.values)
    match change.kind:
        case "added" | "removed":
            return f"{where}{change.what}"
        case "renamed":
            (value,) = change.values
            if not at:
                return f"{change.what} {value.before} -> {value.after}"
            above = at[: -len(value.after)] if value.after and at.endswith(value.after) else ""
            what = "" if change.what in (value.before, value.after) else f"  {change.what}"
            return f"{above}{value.before} -> {value.after}{what}"
        case "moved":
            (value,) = change.values
            return f"{where}moved: {value.before} -> {value.after}"
        case "wrapped" | "unwrapped":
            (value,) = change.values
            verb = "put around" if change.kind == "wrapped" else "taken away around"
            return f"{where}{change.what}, {verb} {value.after or value.before}"
        case "changed" if change.values[0].name == "operation":
            return f"{where}{change.values[0].before} -> {change.values[0].after}"
        case _:
            return f"{where}{values}" if _says(at, change) else f"{where}{change.what}: {values}"


def _says(at: str, change: Change) -> bool:
    """Whether a path already says what stands there."""
    return bool(re.fullmatch(re.escape(change.what) + r"_?(_\d+)?", at.rpartition(".")[2]))


def _values(values: Iterable[Value]) -> str:
    return ", ".join(f"{v.name} {v.before or '(none)'} -> {v.after or '(none)'}" for v in values)


def _modules(difference: Difference, paint: Paint) -> Iterator[str]:
    rows = [("module", "output", "parameters", "multiply-adds")]
    rows += [_row(module) for module in difference.modules]
    if len(rows) == 1:
        return
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    for number, row in enumerate(rows):
        name, output, *figures = row
        cells = [f"{name:{widths[0]}}", f"{output:{widths[1]}}"]
        cells += [f"{each:>{size}}" for each, size in zip(figures, widths[2:], strict=True)]
        line = "  ".join(cells).rstrip()
        sign = name[:1]
        if number == 0:
            yield paint("head", line)
        else:
            yield paint(sign, line) if sign in "+-" else line
    if difference.reshaped:
        count = difference.reshaped
        one = "operation that was not changed gives another shape"
        many = "operations that were not changed give another shape"
        yield f"{count:,} {one if count == 1 else many}"


def _row(module: Module) -> tuple[str, str, str, str]:
    a, b = module.a, module.b
    shown = b or a
    assert shown is not None
    sign = "  " if a and b else "+ " if b else "- "
    name = sign + one_line(shown.path) + (f" × {module.times}" if module.times > 1 else "")
    if shown.auxiliary:
        name += ", auxiliary"
    outputs = [str(each.output) for each in (a, b) if each is not None]
    output = " -> ".join(dict.fromkeys(outputs))
    params, macs = (_change(_of(a, name), _of(b, name)) for name in ("params", "macs"))
    return name, output, params, macs


def _of(figures: Figures | None, name: str) -> int:
    return int(getattr(figures.cost, name)) if figures is not None else 0


def _change(before: int, after: int) -> str:
    return f"{after - before:+,}" if after != before else ""


def _totals(difference: Difference, paint: Paint) -> Iterator[str]:
    (a, b), (old_aux, new_aux) = difference.costs, difference.auxiliary
    figures = [
        ("parameters", a.params, b.params),
        ("buffers", a.buffers, b.buffers),
        ("multiply-adds", a.macs, b.macs),
        ("depth", a.depth, b.depth),
        ("auxiliary parameters", old_aux.params, new_aux.params),
        ("auxiliary multiply-adds", old_aux.macs, new_aux.macs),
    ]
    rows = [
        (name, f"{old:,}", f"{new:,}", _change(old, new), _share(old, new))
        for name, old, new in figures
        if old or new
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(5)] if rows else []
    for name, old, new, change, share in rows:
        line = f"{name:{widths[0]}}  {old:>{widths[1]}} -> {new:>{widths[2]}}"
        yield f"{line}  {change:>{widths[3]}}  {share}".rstrip() if change else f"{line}  the same"


def _share(before: int, after: int) -> str:
    return f"({(after - before) / before:+.2%})" if before and after != before else ""
