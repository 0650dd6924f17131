"""Shrinking: from a spec that breaks a promise to a small one that breaks it too.

It works on the text, by the spans of its syntax tree, whatever made the text: what stands in a
list is dropped, what holds a body is replaced by the body, an expression by a part of it. Text
without a tree loses lines.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Final, NamedTuple

from inception_dsl.diagnostics import Diagnostics
from inception_dsl.source import Source
from inception_dsl.syntax import tree
from inception_dsl.syntax.parse import parse
from tests.fuzz.specs import Files

__all__ = ["shrunk"]


class _Edit(NamedTuple):
    """A piece of the text, and what stands there afterwards."""

    start: int
    end: int
    text: str

    @property
    def gain(self) -> int:
        return self.end - self.start - len(self.text)


def shrunk(files: Files, still_fails: Callable[[Files], bool], seconds: float = 20) -> Files:
    """Files that still fail, and of which nothing more can be dropped, or time was up."""
    attempt = _Attempt(dict(files), still_fails, time.monotonic() + seconds)
    smaller = True
    while smaller and not attempt.late:
        smaller = attempt.drop_files()
        for name in list(attempt.files):
            smaller |= attempt.reduce(name, _without_lines)
            smaller |= attempt.reduce(name, _by_the_tree)
    return attempt.files


class _Attempt:
    def __init__(
        self, files: dict[str, str], still_fails: Callable[[Files], bool], until: float
    ) -> None:
        self.files, self.until = files, until
        self._still_fails = still_fails

    @property
    def late(self) -> bool:
        """Whether time is up."""
        return time.monotonic() > self.until

    def drop_files(self) -> bool:
        """Drop the files but the first that are not needed."""
        before = len(self.files)
        for name in list(self.files)[1:]:
            self._take({each: text for each, text in self.files.items() if each != name})
        return len(self.files) < before

    def reduce(self, name: str, edits: Callable[[str], Iterator[_Edit]]) -> bool:
        """Make every edit of a file that leaves the failure, the largest first."""
        smaller, at = False, 0
        found = _largest_first(edits(self.files[name]))
        while at < len(found) and not self.late:
            edit, text = found[at], self.files[name]
            changed = text[: edit.start] + edit.text + text[edit.end :]
            if self._take({**self.files, name: changed}):
                smaller = True
                found = _largest_first(edits(changed))
            else:
                at += 1
        return smaller

    def _take(self, files: dict[str, str]) -> bool:
        try:
            taken = self._still_fails(files)
        except Exception:  # noqa: BLE001  these files are no case
            taken = False
        if taken:
            self.files = files
        return taken


def _largest_first(edits: Iterator[_Edit]) -> list[_Edit]:
    return sorted({edit for edit in edits if edit.gain > 0}, key=lambda edit: (-edit.gain, edit))


def _without_lines(text: str) -> Iterator[_Edit]:
    """Runs of lines: the halves, the quarters, and so on to single lines; and all comments."""
    starts = [0, *(found.end() for found in re.finditer("\n", text)), len(text)]
    length = len(starts) - 1
    while length > 1:
        length = (length + 1) // 2
        for first in range(0, len(starts) - 1, length):
            yield _Edit(starts[first], starts[min(first + length, len(starts) - 1)], "")
    plain = re.sub(r'("[^"\n]*")|[ \t]*#[^\n]*', r"\1", text)
    yield _Edit(0, len(text), re.sub(r"\n\s*\n", "\n", plain))


def _by_the_tree(text: str) -> Iterator[_Edit]:
    file = parse(Source("shrinking", text), Diagnostics())
    yield from _dropped(file.items)
    for item in file.items:
        for node in _walk(item):
            yield from _smaller(node, text)


def _walk(node: tree.Node) -> Iterator[tree.Node]:
    yield node
    for child in _children(node):
        yield from _walk(child)


def _children(node: tree.Node) -> Iterator[tree.Node]:
    for field in fields(node):
        value = getattr(node, field.name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, tree.Node):
                yield each


def _smaller(node: tree.Node, text: str) -> Iterator[_Edit]:
    start, end = node.span.start, node.span.end
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, tuple):
            yield from _dropped(tuple(each for each in value if isinstance(each, tree.Node)))
        elif isinstance(value, tree.Node):
            yield _with_its_mark(value, text)
    if isinstance(node, tree.Expr):
        yield _Edit(start, end, "1")
        yield from (_Edit(start, end, each.span.text) for each in _children(node))
    for child in _children(node):
        inner = child.body if isinstance(child, tree.Branch) else child
        if isinstance(inner, tree.Block):
            yield _Edit(start, end, inner.span.text.removeprefix("{").removesuffix("}").strip())


def _dropped(items: tuple[tree.Node, ...]) -> Iterator[_Edit]:
    """Each item, with what separates it from the next, or from the one before."""
    for index, item in enumerate(items):
        start, end = item.span.start, item.span.end
        if index + 1 < len(items):
            end = items[index + 1].span.start
        elif index:
            start = items[index - 1].span.end
        yield _Edit(start, max(start, end), "")


_BEFORE: Final = re.compile(r"(:|=|\belse\b|\bshortcut\b)?\s*$")
_BEHIND: Final = re.compile(r"\s*=\s*")


def _with_its_mark(node: tree.Node, text: str) -> _Edit:
    """An optional part with the word or sign before it, a name with the `=` behind it."""
    start, end = node.span.start, node.span.end
    behind = _BEHIND.match(text, end)
    if isinstance(node, tree.Ident) and behind:
        return _Edit(start, behind.end(), "")
    near = text[max(0, start - 20) : start]
    before = _BEFORE.search(near)
    return _Edit(start - len(before[0] if before else ""), end, "")
