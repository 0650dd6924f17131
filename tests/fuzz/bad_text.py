"""Bad texts: specs with bytes, words and lines out of place, cut, mixed, wrongly encoded, or noise.

Every text is a function of the generator that it is given, so that a seed names it on any Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

__all__ = ["KINDS", "bad_text"]

Kind = Callable[[Random, Sequence[str]], bytes]

_WORD = re.compile(r'"[^"\n]*"|#[^\n]*|\w+|->|\.\.|[=!<>]=|//|\s+|.', re.DOTALL)

_SPARE: Final = (
    "{", "}", "(", ")", "[", "]", "->", "..", ",", ":", "=", "==", "-", "*", "/", "//", "%", ".",
    '"', "#", "##", "_", "0", "1", "-1", "64", "3x3", "0x0", "1x", "1e400", "0.5", "9" * 30, "3X3",
    "true", "none", "input", "if", "then", "else", "repeat", "in", "concat", "add", "mul", "branch",
    "residual", "shortcut", "stem", "head", "stage", "aux", "let", "expect", "from", "import", "on",
    "as", "network", "module", "layer", "param", "preprocess", "recipe", "conv2d", "relu", "linear",
    "max_pool", "same", "valid", "stride", "padding", "x", "_x_x_", "\u00d7", "\u2192", "\x00",
    "\t", "\r", "\n", "\r\n", "\u2028", "\x0b", "\x1b[31m", "\u202e", "\ufeff", "e\u0301", "\u6f22",
    "\U0001f980", ";", "@", "\\",
)  # fmt: skip


def bad_text(random: Random, corpus: Sequence[str]) -> bytes:
    """A text that is probably no spec, as the bytes of its file."""
    return random.choice(KINDS)(random, corpus)


def _words(random: Random, corpus: Sequence[str]) -> bytes:
    """A spec with a few words deleted, doubled, swapped or replaced."""
    words = _WORD.findall(random.choice(corpus))
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        if not words:
            break
        at, other = random.randrange(len(words)), random.randrange(len(words))
        match random.randrange(5):
            case 0:
                del words[at]
            case 1:
                words.insert(at, words[at])
            case 2:
                words[at], words[other] = words[other], words[at]
            case 3:
                words[at] = words[other]
            case _:
                words[at] = random.choice(_SPARE)
    return _encoded("".join(words))


def _lines(random: Random, corpus: Sequence[str]) -> bytes:
    """A spec with a few lines deleted, doubled, swapped, joined or indented."""
    lines = random.choice(corpus).split("\n")
    for _ in range(random.choice((1, 1, 2, 5))):
        at, other = random.randrange(len(lines)), random.randrange(len(lines))
        match random.randrange(5):
            case 0 if len(lines) > 1:
                del lines[at]
            case 1:
                lines.insert(other, lines[at])
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3 if at + 1 < len(lines):
                lines[at : at + 2] = [lines[at] + lines[at + 1]]
            case _:
                lines[at] = " " * random.randrange(12) + lines[at].strip()
    return _encoded("\n".join(lines))


def _bytes(random: Random, corpus: Sequence[str]) -> bytes:
    """A spec with a few of its bytes flipped, lost or made up."""
    data = bytearray(_encoded(random.choice(corpus)) or b"\n")
    for _ in range(random.choice((1, 1, 2, 4, 16))):
        at = random.randrange(len(data))
        match random.randrange(4):
            case 0:
                data[at] ^= 1 << random.randrange(8)
            case 1:
                data[at] = random.randrange(256)
            case 2:
                data.insert(at, random.randrange(128))
            case _ if len(data) > 1:
                del data[at]
    return bytes(data)


def _spliced(random: Random, corpus: Sequence[str]) -> bytes:
    """The beginning of one spec, and the end of another."""
    first, second = random.choice(corpus), random.choice(corpus)
    head = first[: random.randrange(len(first) + 1)]
    tail = second[random.randrange(len(second) + 1) :]
    return _encoded(head + tail)


def _inserted(random: Random, corpus: Sequence[str]) -> bytes:
    """A piece of one spec in the middle of another."""
    host, guest = random.choice(corpus), random.choice(corpus)
    at, start = random.randrange(len(host) + 1), random.randrange(len(guest) + 1)
    return _encoded(host[:at] + guest[start : start + random.randrange(200)] + host[at:])


def _truncated(random: Random, corpus: Sequence[str]) -> bytes:
    """A spec without its end, in the middle of a character perhaps, or without its beginning."""
    data = _encoded(random.choice(corpus))
    at = random.randrange(len(data) + 1)
    return data[:at] if random.random() < 0.7 else data[at:]


def _misencoded(random: Random, corpus: Sequence[str]) -> bytes:
    """A spec in another encoding, or with bytes that no text in UTF-8 has."""
    text = random.choice(corpus)
    at = random.randrange(len(text) + 1)
    accented = text[:at] + random.choice(("é", "ß", "ÿ", "漢字", "🦀", "")) + text[at:]
    head, tail = _encoded(text[:at]), _encoded(text[at:])
    match random.randrange(7):
        case 0:
            return accented.encode("latin-1", "replace")
        case 1:
            return accented.encode(random.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32")))
        case 2:
            return b"\xef\xbb\xbf" + _encoded(accented)
        case 3:
            return head + b"\xed\xa0\x80" + tail  # half of a surrogate pair
        case 4:
            return (
                head + random.choice((b"\xc0\xaf", b"\xe0\x80\xaf", b"\xf8\x88\x80\x80\x80")) + tail
            )
        case 5:
            return head + b"\x00" * random.choice((1, 2, 40)) + tail
        case _:
            return _encoded(text.replace("\n", random.choice(("\r\n", "\r", "\u2028", "\x85"))))


def _noise(random: Random, corpus: Sequence[str]) -> bytes:
    """Words of the language in any order, or bytes of any kind."""
    length = random.choice((0, 1, 3, 10, 60, 300))
    match random.randrange(3):
        case 0:
            return bytes(random.randrange(256) for _ in range(length))
        case 1:
            return _encoded("".join(chr(random.randrange(32, 0x250)) for _ in range(length)))
        case _:
            pieces = (random.choice(_SPARE) + random.choice(" \n") for _ in range(length))
            return _encoded("".join(pieces))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


KINDS: Final[tuple[Kind, ...]] = (
    _words, _words, _words, _lines, _bytes, _spliced, _inserted, _truncated, _misencoded, _noise,
)  # fmt: skip
"""How a text goes bad; the likeliest mistakes more than once."""
