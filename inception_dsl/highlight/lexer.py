"""The rules as a Pygments lexer, which `pygmentize`, Sphinx and rich find by the name `incept`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from pygments.lexer import RegexLexer
from pygments.token import (
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Whitespace,
)

from inception_dsl.highlight.rules import Kind, rules

__all__ = ["TOKENS", "InceptLexer"]

TOKENS: Final[Mapping[Kind, Any]] = {
    "doc": String.Doc,
    "comment": Comment.Single,
    "string": String.Double,
    "float": Number.Float,
    "size": Number,
    "integer": Number.Integer,
    "any": Number,
    "declaration": Keyword.Declaration,
    "definition": Name.Class,
    "type": Keyword.Type,
    "constant": Keyword.Constant,
    "word_operator": Operator.Word,
    "keyword": Keyword,
    "argument": Name.Attribute,
    "function": Name.Builtin,
    "operation": Name.Builtin,
    "call": Name.Function,
    "choice": Name.Constant,
    "name": Name,
    "operator": Operator,
    "punctuation": Punctuation,
}


class InceptLexer(RegexLexer):  # type: ignore[misc]  # Pygments has no types
    """Specs of inception-dsl."""

    name = "Incept"
    aliases: ClassVar[list[str]] = ["incept"]
    filenames: ClassVar[list[str]] = ["*.incept"]
    mimetypes: ClassVar[list[str]] = ["text/x-incept"]
    flags = 0
    tokens: ClassVar[dict[str, list[tuple[str, Any]]]] = {
        "root": [
            (r"[ \t\r\n]+", Whitespace),
            *((rule.pattern, TOKENS[rule.kind]) for rule in rules()),
        ]
    }
