"""Slips of the pen: characters, words and brackets that no spec has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import Final, NamedTuple

from inception_dsl.syntax import tree
from tests.fuzz.planting.host import Host
from tests.fuzz.planting.misspelling import misspelt
from tests.fuzz.planting.places import insertion
from tests.fuzz.planting.planter import Edits, pick, planter

_WORD = re.compile(r'(?P<string>"[^"\n]*")|(?P<comment>#[^\n]*)|[A-Za-z0-9_.]+|->|[=!<>]=|[^\s]')

KEYWORDS: Final = frozenset(
    ["concat", "add", "mul", "branch", "residual", "shortcut", "repeat", "stem", "head", "stage"]
    + ["aux", "let", "expect", "else", "module", "layer", "block", "reduction", "network", "param"]
    + ["import", "preprocess", "recipe", "then"]
)
_UNCLOSED: Final = ("E0102", "E0101")


class _Word(NamedTuple):
    text: str
    start: int
    end: int


def _words(host: Host) -> list[_Word]:
    """The words of the text, without strings and comments."""
    found = _WORD.finditer(host.text)
    plain = (match for match in found if not (match["string"] or match["comment"]))
    return [_Word(match[0], match.start(), match.end()) for match in plain]


def _one(random: Random, host: Host, *texts: str) -> _Word | None:
    return pick(random, (word for word in _words(host) if word.text in texts))


def _without(word: _Word | None, *at: int) -> Edits | None:
    return word and Edits(((word.start, word.end, ""),), at)


@planter("E0101")
def _misspelt_keyword(random: Random, host: Host) -> Edits | None:
    word = _one(random, host, *sorted(KEYWORDS))
    if word is None:
        return None
    after = (w.start for w in _words(host) if w.start > word.start)
    at = (next(after, word.end), next(after, word.end))
    return Edits(((word.start, word.end, misspelt(random, word.text, host)),), at)


@planter(*_UNCLOSED)
def _removed_closing_brace(random: Random, host: Host) -> Edits | None:
    pair = pick(random, _pairs(host, "{", "}"))
    if pair is None:
        return None
    opener, closer = pair
    items = [item for item in host.file.items if item.span.start > closer.start]
    heads = [i.span.start for i in items if isinstance(i, tree.Definition | tree.Network)]
    after = [word.start for word in _words(host) if word.start > closer.start]
    before = len(host.text[: closer.start].rstrip()) - 1
    end = len(host.text.rstrip()) - 2  # where the file ends once the last brace is gone
    last = heads[:1] or [len(host.text) - 1, len(host.text[:end].rstrip()) - 1]
    return _without(closer, opener.start, before, *after[:1], *last)


@planter("E0101", "E0102", "E0107")
def _removed_opening_brace(random: Random, host: Host) -> Edits | None:
    pair = pick(random, _pairs(host, "{", "}"))
    if pair is None:
        return None
    after = [word.start for word in _words(host) if word.start > pair[0].start]
    return _without(pair[0], *after[:1])


@planter(*_UNCLOSED)
def _removed_closing_parenthesis(random: Random, host: Host) -> Edits | None:
    return _unclosed(host, pick(random, _pairs(host, "(", ")")))


@planter("E0101", "E0107")
def _removed_opening_parenthesis(random: Random, host: Host) -> Edits | None:
    pair = pick(random, _pairs(host, "(", ")"))
    return _without(pair[0], pair[1].start) if pair else None


@planter(*_UNCLOSED)
def _removed_closing_bracket(random: Random, host: Host) -> Edits | None:
    return _unclosed(host, pick(random, _pairs(host, "[", "]")))


def _unclosed(host: Host, pair: tuple[_Word, _Word] | None) -> Edits | None:
    """Without the second bracket, which is missed at the first word that is none, at the latest."""
    if pair is None:
        return None
    after = [w.start for w in _words(host) if w.start > pair[1].start and w.text not in ")]"]
    return _without(pair[1], *after[:1])


def _pairs(host: Host, opening: str, closing: str) -> Iterator[tuple[_Word, _Word]]:
    """Matching brackets."""
    openers: list[_Word] = []
    for word in _words(host):
        if word.text == opening:
            openers.append(word)
        elif word.text == closing:
            yield openers.pop(), word


@planter("E0104")
def _removed_closing_quote(random: Random, host: Host) -> Edits | None:
    strings = (match for match in _WORD.finditer(host.text) if match["string"])
    found = pick(random, strings)
    return found and Edits(((found.end() - 1, found.end(), ""),))


@planter("E0101")
def _removed_comma(random: Random, host: Host) -> Edits | None:
    words = _words(host)
    triples = zip(words, words[1:], words[2:], strict=False)
    values = re.compile(r"[A-Za-z0-9_.]+")
    commas = (b for a, b, c in triples if b.text == "," and values.match(a.text + c.text))
    word = pick(random, (b for b in commas if values.fullmatch(host.text[b.end :].split()[0][0])))
    after = [w.start for w in words if word and w.start > word.start]
    return word and Edits(((word.start, word.end, " "),), tuple(after[:1]))


@planter("E0101")
def _comma_for_arrow(random: Random, host: Host) -> Edits | None:
    word = _one(random, host, "->")
    return word and Edits(((word.start, word.end, ","),))


@planter("E0101")
def _dot_for_arrow(random: Random, host: Host) -> Edits | None:
    word = _one(random, host, "->")
    return word and Edits(((word.start, word.end, "."),))


@planter("E0101")
def _equals_for_colon(random: Random, host: Host) -> Edits | None:
    notes = (note for note, site in host.find(tree.ShapeNote) if host.text[note.span.start] != "[")
    note = pick(random, notes)
    if note is None:
        return None
    colon = host.text.rindex(":", 0, note.span.start)
    return Edits(((colon, colon + 1, "="),))


@planter("E0101")
def _colon_for_equals(random: Random, host: Host) -> Edits | None:
    bind = pick(random, (bind for bind, _ in host.find(tree.Bind)))
    return bind and Edits(((at := host.text.index("=", bind.name.span.end), at + 1, ":"),))


@planter("E0107", "E0101")
def _brace_too_many(random: Random, host: Host) -> Edits | None:
    item = pick(random, (d for d in host.definitions.values()))
    return item and Edits(((item.span.end, item.span.end, "\n}"),))


@planter("E0107", "E0101")
def _parenthesis_too_many(random: Random, host: Host) -> Edits | None:
    call = pick(random, (call for call, _ in host.calls()))
    return call and Edits(((call.span.end, call.span.end, ")"),))


@planter("E0106", "E0101")
def _keyword_as_name(random: Random, host: Host) -> Edits | None:
    bind = pick(random, (bind for bind, _ in host.find(tree.Bind)))
    word = random.choice(("head", "stage", "branch", "concat", "repeat", "let", "on"))
    return bind and Edits(((bind.name.span.start, bind.name.span.end, word),))


@planter("E0205", "E0106", "E0101")
def _reserved_word_as_name(random: Random, host: Host) -> Edits | None:
    at = insertion(random, host)
    return None if at is None else Edits(((at, at, "\n    let valid = 3\n"),))


@planter("E0108")
def _name_with_underscore(random: Random, host: Host) -> Edits | None:
    binds = (bind for bind, _ in host.find(tree.Bind))
    bind = pick(random, (b for b in binds if not re.fullmatch(r"x[0-9]+", b.name.text)))  # a shape
    return bind and Edits(((bind.name.span.start, bind.name.span.start, "_"),))


@planter("E0103")
def _unknown_character(random: Random, host: Host) -> Edits | None:
    call = pick(random, (call for call, _ in host.calls()))
    text = random.choice(";@$!&|?\u00a0\u200b\u00d7\u2192")
    return call and Edits(((call.span.end, call.span.end, text),))


@planter("E0105")
def _malformed_number(random: Random, host: Host) -> Edits | None:
    digits = (w for w in _words(host) if re.fullmatch(r"[0-9]+", w.text))
    word = pick(random, (w for w in digits if host.text[w.start - 2 : w.start] != "e-"))
    text = random.choice(("0b1", "64k", "1__0", "3x", "2_"))
    return word and Edits(((word.start, word.end, text),))


@planter("E0105")
def _upper_case_size(random: Random, host: Host) -> Edits | None:
    words = (w for w in _words(host) if re.fullmatch(r"[0-9]+x[0-9]+", w.text))
    word = pick(random, words)
    return word and Edits(((word.start, word.end, word.text.upper()),))


@planter("E0101")
def _spaced_size(random: Random, host: Host) -> Edits | None:
    sizes = (size for size, site in host.find(tree.SizeLiteral))
    size = pick(random, (s for s in sizes if len(s.extents) == 2))
    if size is None:
        return None
    text = host.text[size.span.start : size.span.end].replace("x", " x ")
    return Edits(((size.span.start, size.span.end, text),))


@planter("E0706", "E0105")
def _huge_integer(random: Random, host: Host) -> Edits | None:
    digits = (w for w in _words(host) if re.fullmatch(r"[0-9]+", w.text))
    word = pick(random, (w for w in digits if host.text[w.start - 2 : w.start] != "e-"))
    return word and Edits(((word.start, word.end, "9" * 25),))


@planter("E0101")
def _assignment_for_comparison(random: Random, host: Host) -> Edits | None:
    word = _one(random, host, "==")
    return word and Edits(((word.start, word.end, "="),))


@planter("E0101")
def _operation_without_brackets(random: Random, host: Host) -> Edits | None:
    calls = (call for call, _ in host.calls() if not call.arguments)
    call = pick(random, (c for c in calls if host.text[: c.span.start].rstrip().endswith("->")))
    if call is None:
        return None
    after = [word.start for word in _words(host) if word.start >= call.span.end]
    return Edits(((call.name.span.end, call.span.end, ""),), tuple(after[:1]))


@planter("E0101")
def _branch_without_its_word(random: Random, host: Host) -> Edits | None:
    branch = pick(random, (b for b, _ in host.find(tree.Branch) if b.name is None))
    if branch is None:
        return None
    return Edits(((branch.span.start, branch.span.start + len("branch"), ""),), (branch.span.end,))


@planter("E0101")
def _equals_before_braces(random: Random, host: Host) -> Edits | None:
    branch = pick(random, (b for b, _ in host.find(tree.Branch) if b.braces))
    if branch is None:
        return None
    at = branch.body.span.start
    return Edits(((at, at, "= " if branch.name else "side = "),))


@planter("E0101")
def _colon_behind_a_heading(random: Random, host: Host) -> Edits | None:
    item = pick(random, [host.main, *host.definitions.values()])
    return item and Edits(((item.body.span.start, item.body.span.start, ": "),))


@planter("E0101", "E0103")
def _pythons_definition(random: Random, host: Host) -> Edits | None:
    item = pick(random, host.definitions.values())
    return item and Edits(((item.span.start, item.span.start + len(item.role), "def"),))


@planter("E0703")
def _nesting(random: Random, host: Host) -> Edits | None:
    arguments = (argument.value for call, _ in host.calls() for argument in call.arguments)
    value = pick(random, arguments)
    if value is None:
        return None
    text = host.text[value.span.start : value.span.end]
    return Edits(((value.span.start, value.span.end, "(" * 300 + text + ")" * 300),))
