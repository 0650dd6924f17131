"""Sizes and shapes in the manner of other languages: `(3, 3)`, `3 x 3`, `64, 56, 56`."""

from __future__ import annotations

from inception_dsl.syntax.lexical import shortened
from inception_dsl.syntax.slips.mending import Found, Mending, replaced
from inception_dsl.syntax.stop import Stop

__all__ = ["any_extent", "name_like_a_shape", "shape", "size"]


def size(stop: Stop) -> Found:
    """`3 x 3`, `3x 3`, `3 x3` for a size, and `(3, 3)`."""
    for first in range(max(stop.begun, stop.at - 2), stop.at + 1):
        last, text = _spaced_size(stop, first)
        if text and last > stop.at:
            yield replaced(stop, first, last, text, f"write sizes in one word: `{text}`")
    for first in (stop.at - 2, stop.at - 1, stop.at):
        if 0 <= first < len(stop.words) and stop.words[first].type == "LPAR":
            yield from _listed_size(stop, first)


def _spaced_size(stop: Stop, first: int) -> tuple[int, str]:
    """The place behind a size with spaces in it, and the size; none where there is none."""
    text, at = "", first
    while at < len(stop.words) and (at == first or not stop.words[at].leads):
        word = stop.words[at]
        joins = word.type in ("INT", "SIZE", "OPEN_SIZE", "ANY") or word.text.lower() == "x"
        joins = joins or (word.type == "NAME" and word.text[0] in "xX" and word.text[1:].isdigit())
        joins = joins or (word.type == "STAR" and stop.words[at + 1].type in ("INT", "ANY"))
        if not joins or (
            text and text[-1].isalnum() and text[-1] != "x" and word.text[0].isdigit()
        ):
            break
        text += "x" if word.type == "STAR" else word.text.lower()
        at += 1
    parts = text.split("x")
    plain = len(parts) > 1 and at > first + 1 and all(p.isdigit() or p == "_" for p in parts)
    return (at, text) if plain else (at, "")


def _listed_size(stop: Stop, first: int) -> Found:
    """`(3, 3)` for `3x3`."""
    last = stop.closed_at(first)
    if last is None:
        return
    inside = stop.words[first + 1 : last]
    numbers = [word.text for word in inside if word.type != "COMMA"]
    whole = all(word.type in ("INT", "COMMA", "ANY") for word in inside)
    if whole and len(numbers) > 1:
        size = "x".join(numbers)
        yield replaced(stop, first, last + 1, size, f"write sizes in one word: `{size}`")
    elif len(numbers) > 1:
        text = f"[{stop.span(first + 1, last).text}]"
        yield replaced(stop, first, last + 1, text, "lists stand between `[` and `]`")


def shape(stop: Stop) -> Found:
    """A shape note with commas: `: 64, 56, 56`."""
    first = stop.at - 1
    if stop.word().type == "COMMA" and stop.word(-1).type == "INT" and first > stop.begun:
        last, numbers = stop.at, [stop.word(-1).text]
        while stop.words[last].type == "COMMA" and stop.words[last + 1].type == "INT":
            numbers.append(stop.words[last + 1].text)
            last += 2
        if len(numbers) > 1 and stop.words[first - 1].type == "COLON":
            shape = "x".join(numbers)
            yield replaced(stop, first, last, shape, f"write shapes in one word: `{shape}`")


def any_extent(stop: Stop) -> Found:
    """`?`, `*`, `-1` and `None` for an extent of a shape."""
    if "OPEN_SIZE" not in stop.accepts:
        return
    last, text = stop.at, ""
    while last < stop.line_end(stop.at) and (last == stop.at or stop.adjoin(last)):
        text += stop.words[last].text
        last += 1
    for unknown in ("None", "none", "-1", "*", "?"):
        text = text.replace(unknown, "_")
    if text and all(part.isdigit() or part == "_" for part in text.split("x")):
        yield replaced(stop, stop.at, last, text, f"any extent is `_`: `{text}`")


def name_like_a_shape(stop: Stop) -> Found:
    """`_x2 = conv(1)`: what reads as a shape was meant as a name."""
    word = stop.word()
    named = word.leads or stop.word(1).type == "EQUAL" or stop.accepts == {"NAME"}
    if word.type == "OPEN_SIZE" and word.text[0] == "_" and "NAME" in stop.accepts and named:
        message = f"the name `{shortened(word.text)}` starts with `_`"
        help_, text = "names start with a letter", f"a{word.text}"
        at, span = stop.at, word.span
        yield Mending(help_, (), at, at + 1, text, message=message, span=span, code="E0108")
