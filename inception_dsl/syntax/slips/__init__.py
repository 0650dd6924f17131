"""Common slips: what stands for what in other notations, and the edit that mends it.

Each slip of `SLIPS` looks at where the parser stopped and gives the mendings that might be meant,
if it recognises itself. The reader takes the first that the parser can go on behind, so a slip may
guess, and what it says is never wrong about the grammar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from inception_dsl.syntax.slips import braces, brackets, headings, keywords, marks, sizes
from inception_dsl.syntax.slips.mending import Found, Mending
from inception_dsl.syntax.stop import Stop

__all__ = ["SLIPS", "Mending", "mendings"]

SLIPS: Final[tuple[Callable[[Stop], Found], ...]] = (
    marks.comment,
    marks.no_chain_of_comparisons,
    marks.nothing_follows,
    keywords.keyword_as_name,
    keywords.foreign_word,
    keywords.capitals,
    keywords.misspelt,
    brackets.nothing_to_close,
    headings.nested_definition,
    headings.outside,
    keywords.rounds,
    headings.type_of_items,
    keywords.conditional,
    brackets.closed_before,
    braces.end,
    sizes.name_like_a_shape,
    sizes.size,
    sizes.shape,
    sizes.any_extent,
    headings.expected_source,
    headings.declared_input,
    headings.imported,
    braces.brace,
    braces.second_brace,
    headings.branch_first,
    brackets.doubled,
    brackets.unclosed_in_line,
    marks.mark,
    keywords.filler,
    brackets.call_without_brackets,
    headings.definition_heading,
    headings.argument,
    brackets.braces_around,
    marks.list_item,
    marks.named_with_dots,
    marks.extra_comma,
    marks.extra_word,
    marks.only_choice,
)
"""The slips, those that look at more before those that guess."""


def mendings(stop: Stop) -> Iterator[Mending]:
    """The mendings that might be meant, likelier ones first."""
    for slip in SLIPS:
        yield from slip(stop)
