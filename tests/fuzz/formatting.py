"""The campaign against the formatter: it changes layout alone, and nothing the second time."""

from __future__ import annotations

import re
from random import Random

from inception_dsl.diagnostics import Diagnostics
from inception_dsl.format import formatted
from inception_dsl.source import Source
from inception_dsl.syntax import tree
from inception_dsl.syntax.parse import parse
from tests.fuzz.campaign import Failure
from tests.fuzz.generator import random_spec
from tests.fuzz.specs import Files

__all__ = ["respaced", "run", "wrong"]

_PIECE = re.compile(r'"[^"\n]*"|(?P<comment>#[^\n]*)|(?P<space>\s+)|[A-Za-z0-9_]+|\S')


def run(seed: int) -> Failure | None:
    """A random spec as it is written, or with other white space."""
    random = Random(f"formatting {seed}")
    files = random_spec(seed).files
    if random.random() < 0.5:
        files = {name: respaced(random, text) for name, text in files.items()}

    def first_wrong(files: Files) -> str:
        return next(filter(None, map(wrong, files.values())), "")

    message = first_wrong(files)
    return Failure(message, files, lambda files: bool(first_wrong(files))) if message else None


def wrong(text: str) -> str:
    """What formatting a valid text breaks, or nothing."""
    before = _parsed(text)
    once = formatted(before.source, Diagnostics())
    if once is None:
        return "the formatter refuses a valid spec"
    after = _parsed(once)
    if before.items != after.items or before.doc != after.doc:
        return "the formatter changes what is said"
    if _comments(text) != _comments(once):
        return "the formatter moves, changes or drops a comment"
    if formatted(after.source, Diagnostics()) != once:
        return "formatting twice is not formatting once"
    return ""


def _parsed(text: str) -> tree.File:
    mistakes = Diagnostics()
    file = parse(Source("random", text), mistakes)
    if mistakes.failed:
        raise ValueError("no valid spec")
    return file


def _comments(text: str) -> list[tuple[str, str, str]]:
    """Every comment with the words around it; commas at the end of a list come and go."""
    pieces = [found for found in _PIECE.finditer(text) if not found["space"] and found[0] != ","]
    words = [(0, ""), *((at, each[0]) for at, each in enumerate(pieces) if not each["comment"])]
    return [
        (
            each[0].rstrip(),
            next((word for place, word in reversed(words) if place < at), ""),
            next((word for place, word in words if place > at), ""),
        )
        for at, each in enumerate(pieces)
        if each["comment"]
    ]


def respaced(random: Random, text: str) -> str:
    """The text with its white space drawn anew; docs keep the lines that make them docs."""
    parts = []
    for found in _PIECE.finditer(text):
        piece = found[0]
        if found["comment"] and piece.startswith("##"):
            parts.append(piece)
        elif found["space"] and not (parts and parts[-1].startswith("#")):
            near = text[found.end() : found.end() + 2]
            ends = "\n" in piece and near == "##"
            parts.append(piece if ends else random.choice((" ", "  ", "\n", "\n\n", "\t", piece)))
        else:
            parts.append(piece)
    return "".join(parts)
