"""Expressions as lines of source, laid out as ruff's formatter would lay them out.

What fits stays on one line; else the arguments of the outermost call move to a line of their own,
and to one line each where that is still too long. A comment asks for one line each.
"""

from __future__ import annotations

from collections.abc import Iterator

from inception_dsl.backends.torch.expressions import (
    Binary,
    Call,
    Comment,
    Expr,
    Items,
    Leaf,
    Method,
    Name,
    Rounds,
    Slice,
    Submodule,
    Subscript,
    walk,
)

__all__ = ["WIDTH", "flat", "literal", "render"]

WIDTH = 88
_STEP = "    "
_PRECEDENCE = {"+": 1, "-": 1, "*": 2, "/": 2, "//": 2, "%": 2}
_TIGHT = 3
_BRACKETS = {"list": ("[", "]"), "tuple": ("(", ")")}


def render(expr: Expr, indent: int, before: str = "", after: str = "") -> list[str]:
    """The lines of `before expr after`, indented by that many steps."""
    margin = _STEP * indent
    line = f"{margin}{before}{flat(expr)}{after}"
    tall = any(map(_is_tall, walk(expr)))
    if len(line) <= WIDTH and not tall:
        return [line]
    match expr:
        case Call(function, arguments, keywords) if arguments or keywords:
            opening, closing = f"{flat(function)}(", ")"
            parts = [("", part) for part in arguments]
            parts += [(f"{name}=", part) for name, part in keywords]
        case Items(items, kind) if items:
            opening, closing = _BRACKETS[kind]
            parts = [("", part) for part in items]
        case Rounds(element, count):
            body = render(element, indent + 1)
            rest = f"{margin}{_STEP}for _ in range({count})"
            return [f"{margin}{before}*[", *body, rest, f"{margin}]{after}"]
        case Binary():
            return _operands(expr, indent, before, after)
        case _:
            return [line]
    lines = [f"{margin}{before}{opening}", *_entries(parts, indent + 1, tall)]
    return [*lines, f"{margin}{closing}{after}"]


def _is_tall(expr: Expr) -> bool:
    """What stands on several lines even where one would do: commented parts, and chains."""
    chain = isinstance(expr, Call) and expr.function == Name("Chain") and len(expr.keywords) > 1
    return chain or isinstance(expr, Comment)


def _entries(parts: list[tuple[str, Expr]], indent: int, tall: bool) -> Iterator[str]:
    joined = _STEP * indent + ", ".join(before + flat(part) for before, part in parts)
    if len(joined) <= WIDTH and not tall:
        yield joined
        return
    comma = "," if tall or len(parts) > 1 else ""
    for before, part in parts:
        shown, text = (part.part, f"  # {part.text}") if isinstance(part, Comment) else (part, "")
        *lines, last = render(shown, indent, before, comma)
        if text and len(last + text) > WIDTH and not lines:
            yield _STEP * indent + text.lstrip()
            text = ""
        yield from (*lines, last + text)


def _operands(expr: Binary, indent: int, before: str, after: str) -> list[str]:
    """A sum over several lines, the operators leading."""
    terms: list[tuple[str, Expr]] = []
    rest: Expr = expr
    level = _PRECEDENCE[expr.operator]
    while isinstance(rest, Binary) and _PRECEDENCE[rest.operator] == level:
        terms.append((f"{rest.operator} ", rest.right))
        rest = rest.left
    first, *others = [("", rest), *reversed(terms)]
    lines = render(first[1], indent, before)
    for i, (operator, term) in enumerate(others, 1):
        lines += render(term, indent, operator, after if i == len(others) else "")
    return lines


def flat(expr: Expr) -> str:
    """The expression on one line."""
    match expr:
        case Name(text):
            return text
        case Leaf(value):
            return literal(value)
        case Submodule(segment, index):
            return f"self.{segment}" if index is None else f"self.{segment}[{index}]"
        case Call(function, arguments, keywords):
            parts = [*map(flat, arguments), *(f"{name}={flat(value)}" for name, value in keywords)]
            return f"{flat(function)}({', '.join(parts)})"
        case Method(operand, name):
            return f"{_inside(operand, _TIGHT)}.{name}"
        case Items(items, kind):
            opening, closing = _BRACKETS[kind]
            only = "," if kind == "tuple" and len(items) == 1 else ""
            return opening + ", ".join(map(flat, items)) + only + closing
        case Rounds(element, count):
            return f"*[{flat(element)} for _ in range({count})]"
        case Comment(part):
            return flat(part)
        case Binary(operator, left, right):
            level = _PRECEDENCE[operator]
            return f"{_inside(left, level)} {operator} {_inside(right, level + 1)}"
        case Subscript(operand, index):
            return f"{_inside(operand, _TIGHT)}[{', '.join(map(flat, index))}]"
        case Slice(first, last):
            colon = " : " if any(map(_dotted, (first, last))) else ":"
            ends = ["" if end is None else flat(end) for end in (first, last)]
            return colon.join(ends).strip()
        case _:
            raise AssertionError(f"{expr} has no source of its own")


def literal(value: object) -> str:
    """A value as source: `repr`, but for infinities, and in the quotes that ruff prefers."""
    if isinstance(value, float):
        return repr(float(value)) if value - value == 0 else f'float("{value}")'
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, int):
        return repr(int(value))
    if isinstance(value, tuple):
        inside = ", ".join(map(literal, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    assert isinstance(value, str), f"{value!r} has no literal"
    text = repr(str(value))
    if text[0] == "'" and value.count('"') <= value.count("'"):
        return '"' + text[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
    return text


def _inside(expr: Expr, level: int) -> str:
    """An operand, in parentheses where its own operator binds less than `level`."""
    text = flat(expr)
    loose = isinstance(expr, Binary) and _PRECEDENCE[expr.operator] < level
    negative = isinstance(expr, Leaf) and text.startswith("-") and level == _TIGHT
    return f"({text})" if loose or negative else text


def _dotted(expr: Expr | None) -> bool:
    return expr is not None and not isinstance(expr, Leaf)
