"""Planting one known fault in a valid spec, at a place that the checker is bound to look at.

A planter takes a random generator and a `Host`, picks a place by the syntax tree's spans, and gives
the edits that break it; `planter` registers it under its name, with the codes that would fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import Final, TypeVar

from tests.fuzz.planting.host import Host
from tests.fuzz.specs import Files

__all__ = ["PLANTERS", "Edits", "Fault", "Planter", "pick", "plant", "planter"]

T = TypeVar("T")


@dataclass(frozen=True)
class Edits:
    """What a planter does to the text: replacements of `start..end`, in any order.

    The error belongs on the line of the first one, or on one of those that `at` (offsets of the
    valid text) stand on; with `only_at`, on those alone. `codes` are other fitting codes than the
    planter's own.
    """

    changes: tuple[tuple[int, int, str], ...]
    at: tuple[int, ...] = ()
    only_at: bool = False
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    """A spec with one fault, where it is, and the codes that name it."""

    kind: str
    files: Files
    lines: frozenset[int]
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Planter:
    """One way to break a spec."""

    kind: str
    codes: tuple[str, ...]
    plan: Callable[[Random, Host], Edits | None]


PLANTERS: Final[dict[str, Planter]] = {}
"""Every kind of fault, by name."""

Plan = Callable[[Random, Host], Edits | None]


def planter(*codes: str) -> Callable[[Plan], Plan]:
    """Register a function as the planter of its name; `codes` are those that fit its fault."""

    def register(plan: Plan) -> Plan:
        kind = plan.__name__.removeprefix("_")
        assert kind not in PLANTERS, kind
        PLANTERS[kind] = Planter(kind, codes, plan)
        return plan

    return register


def plant(planter: Planter, random: Random, host: Host) -> Fault | None:
    """The host with that fault, or None if it has no place for it."""
    edits = planter.plan(random, host)
    if edits is None:
        return None
    text = host.text
    for start, end, new in sorted(edits.changes, reverse=True):
        text = text[:start] + new + text[end:]
    lines = {_line(text, _moved(offset, edits.changes)) for offset in edits.at}
    if not edits.only_at:
        start, _, new = edits.changes[0]
        first = _moved(start, edits.changes)
        begin, end = first + len(new) - len(new.lstrip()), first + len(new.rstrip())
        lines |= set(range(_line(text, begin), _line(text, end) + 1))
    files = {**host.files, host.name: text}
    return Fault(planter.kind, files, frozenset(lines), edits.codes or planter.codes)


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _moved(offset: int, changes: Iterable[tuple[int, int, str]]) -> int:
    """Where an offset of the valid text is after the changes before it."""
    return offset + sum(len(new) - (end - start) for start, end, new in changes if start < offset)


def pick(random: Random, items: Iterable[T]) -> T | None:
    """One of the items, or None if there is none."""
    found = list(items)
    return random.choice(found) if found else None
