"""What the tree knows of single words, by the offsets at which they begin."""

from __future__ import annotations

from dataclasses import dataclass, field

from inception_dsl.syntax import tree
from inception_dsl.syntax.walk import children

__all__ = ["Line", "Marks", "marks"]

Line = (
    tree.Statement | tree.Branch | tree.BranchIf | tree.BranchRepeat | tree.Setting | tree.Item
)  # fmt: skip


@dataclass
class Marks:
    """Where statements, branches, settings and items begin, and which words stand close.

    `notes` are the first words of shape notes, `keywords` those of keyword arguments, and
    `sources` the last ones of published figures.
    """

    lines: dict[int, Line] = field(default_factory=dict)
    notes: set[int] = field(default_factory=set)
    keywords: set[int] = field(default_factory=set)
    sources: set[int] = field(default_factory=set)


def marks(file: tree.File) -> Marks:
    """The marks of a file, without recursion.

    The tree cannot tell `else if` from `else { if }`: both are marked.
    """
    found = Marks()
    pending: list[tree.Node] = list(file.items)
    while pending:
        node = pending.pop()
        inside = list(children(node))
        if isinstance(node, Line):
            found.lines.setdefault(node.span.start, node)
        if isinstance(node, tree.Branch) and not node.braces:
            (apply,) = node.body.statements
            inside.remove(node.body)
            inside.extend(children(apply))
        elif isinstance(node, tree.InputDecl):
            inside.clear()  # its shape is no note
        elif isinstance(node, tree.Import):
            inside = [setting.value for setting in node.settings]
        elif isinstance(node, tree.Argument) and node.keyword:
            found.keywords.add(node.span.start)
        elif isinstance(node, tree.Expect) and node.source is not None:
            found.sources.add(node.span.end - len(node.source) - 2)
        elif isinstance(node, tree.ShapeNote):
            found.notes.add(node.span.start)
        pending.extend(inside)
    return found
