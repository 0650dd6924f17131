"""The rules as a TextMate grammar, which editors read.

`python -m inception_dsl.highlight.textmate` writes the one of editors/vscode, after a change of the
language.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from inception_dsl.highlight.rules import Kind, rules

__all__ = ["SCOPES", "textmate"]

PLACE: Final = Path(__file__).parents[2] / "editors/vscode/syntaxes/incept.tmLanguage.json"

SCOPES: Final[Mapping[Kind, str]] = {
    "doc": "comment.line.documentation",
    "comment": "comment.line.number-sign",
    "string": "string.quoted.double",
    "float": "constant.numeric.float",
    "size": "constant.numeric.size",
    "integer": "constant.numeric.integer",
    "any": "constant.language.any",
    "declaration": "storage.type",
    "definition": "entity.name.type",
    "type": "support.type",
    "constant": "constant.language",
    "word_operator": "keyword.operator.word",
    "keyword": "keyword.control",
    "argument": "variable.parameter",
    "function": "support.function.builtin",
    "operation": "support.function",
    "call": "entity.name.function",
    "choice": "support.constant",
    "name": "variable.other",
    "operator": "keyword.operator",
    "punctuation": "punctuation",
}
"""The usual names, which colour themes know."""


def textmate() -> str:
    """The grammar as JSON."""
    grammar = {
        "name": "Incept",
        "scopeName": "source.incept",
        "fileTypes": ["incept"],
        "patterns": [
            {"name": f"{SCOPES[rule.kind]}.incept", "match": rule.pattern} for rule in rules()
        ],
    }
    return json.dumps(grammar, indent=2) + "\n"


if __name__ == "__main__":
    PLACE.write_text(textmate(), encoding="utf-8")
