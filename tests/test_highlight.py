"""Specs in colour: every word of the language has its own, in Pygments and in TextMate alike."""

from __future__ import annotations

import json
import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from pygments.lexer import LexerMeta
from pygments.token import Error, Keyword, Name, Operator, Token, Whitespace, _TokenType

from inception_dsl.diagnostics import Diagnostics
from inception_dsl.elaborate.arithmetic import FUNCTIONS
from inception_dsl.elaborate.values import TYPES, WORDS
from inception_dsl.highlight import InceptLexer
from inception_dsl.highlight.lexer import TOKENS
from inception_dsl.highlight.textmate import PLACE, SCOPES, textmate
from inception_dsl.ops import operation_names
from inception_dsl.source import Source
from inception_dsl.syntax.parse import parse, words
from inception_dsl.syntax.tables import tables

pytestmark = pytest.mark.text

ROOT = Path(__file__).parents[1]
SPECS = sorted((ROOT / "specs").glob("*.incept")) + sorted((ROOT / "examples").glob("*.incept"))
CODE = ROOT / "editors" / "vscode"
KINDS = {f"{scope}.incept": kind for kind, scope in SCOPES.items()}


def tokens(text: str) -> list[tuple[_TokenType, str]]:
    return list(InceptLexer(stripnl=False, ensurenl=False).get_tokens(text))


def token_of(word: str, before: str = "", behind: str = "") -> _TokenType:
    found = [token for token, text in tokens(before + word + behind) if text == word]
    assert found, f"{word} is no word in {before + word + behind}"
    return found[0]


def scopes(line: str) -> list[tuple[str, str]]:
    """The words of a line as an editor finds them: the leftmost match, of those the first rule."""
    patterns = json.loads((CODE / "syntaxes/incept.tmLanguage.json").read_text())["patterns"]
    compiled = [(rule["name"], re.compile(rule["match"])) for rule in patterns]
    found, at = [], 0
    while True:
        matches = [(name, match) for name, rule in compiled if (match := rule.search(line, at))]
        if not matches:
            return found
        name, match = min(matches, key=lambda pair: pair[1].start())
        found.append((name, match[0]))
        at = match.end()


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_every_character_of_a_spec_has_a_colour(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = tokens(text)
    assert "".join(written for _, written in found) == text
    assert not [written for token, written in found if token in Error]


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_colours_end_where_the_parsers_words_end(path: Path) -> None:
    source = Source(path.name, path.read_text(encoding="utf-8"))
    colored = [text for token, text in tokens(source.text) if not is_blank(token)]
    assert colored == [word.text for word in words(source)]
    comments = [text.rstrip() for token, text in tokens(source.text) if is_comment(token)]
    assert comments == [comment.text for comment in parse(source, Diagnostics()).comments]


def is_comment(token: _TokenType) -> bool:
    return token in Token.Comment or token in Token.Literal.String.Doc


def is_blank(token: _TokenType) -> bool:
    return token in Whitespace or is_comment(token)


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_editors_find_what_pygments_finds(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").split("\n"):
        by_pygments = [(token, text) for token, text in tokens(line) if token not in Whitespace]
        by_editor = [(TOKENS[KINDS[scope]], text) for scope, text in scopes(line)]
        assert by_editor == by_pygments


def test_every_keyword_is_one() -> None:
    for word in tables().keywords:
        token = token_of(word)
        assert token in Keyword or token in Operator.Word, word


def test_every_operation_is_known() -> None:
    for name in operation_names():
        if name not in tables().keywords:
            assert token_of(name, behind="(3)") is Name.Builtin, name


def test_every_type_word_and_function_is_known() -> None:
    assert all(token_of(name, before="x: ") is Keyword.Type for name in TYPES)
    assert all(token_of(name) is Name.Constant for name in WORDS)
    assert all(token_of(name, behind="(3)") is Name.Builtin for name in FUNCTIONS)


def test_words_that_merely_begin_alike_are_names() -> None:
    begun = (*tables().keywords, *operation_names(), *WORDS)
    assert all(token_of(f"{word}_2") is Name for word in begun)
    assert all(token_of(f"x{word}") is Name for word in begun)


def test_what_a_name_is_depends_on_its_place() -> None:
    assert token_of("size", before="f(k: ", behind=" = 3x3)") is Keyword.Type
    assert token_of("size", before="preprocess { ", behind=" = 299 }") is Name
    assert token_of("same", before="padding=") is Name.Constant
    assert token_of("padding", before="conv2d(8, 3, ", behind="=same)") is Name.Attribute
    assert token_of("tower", before="module ", behind="(n: int) {}") is Name.Class
    assert token_of("tower", before="a = ", behind="(3)") is Name.Function


def test_what_is_no_word_is_an_error() -> None:
    assert token_of("@", before="a ") is Error


def test_the_grammar_of_the_editors_is_that_of_the_language() -> None:
    assert PLACE == CODE / "syntaxes" / "incept.tmLanguage.json"
    assert PLACE.read_text(encoding="utf-8") == textmate()


def test_every_kind_has_a_scope_and_scopes_tell_kinds_apart() -> None:
    assert SCOPES.keys() == TOKENS.keys()
    assert len(KINDS) == len(SCOPES)


def test_the_extension_leads_to_its_files() -> None:
    extension = json.loads((CODE / "package.json").read_text())
    (language,) = extension["contributes"]["languages"]
    (grammar,) = extension["contributes"]["grammars"]
    assert language["extensions"] == [".incept"]
    assert grammar["language"] == language["id"]
    configuration = json.loads((CODE / language["configuration"]).read_text())
    assert configuration["comments"]["lineComment"] == "#"
    shown = json.loads((CODE / grammar["path"]).read_text())
    assert shown["scopeName"] == grammar["scopeName"]


def test_the_entry_point_leads_to_the_lexer() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    place = project["entry-points"]["pygments.lexers"]["incept"]
    module, _, name = place.partition(":")
    found = getattr(import_module(module), name)
    assert isinstance(found, LexerMeta)
    assert found.aliases == ["incept"]
    assert found.filenames == ["*.incept"]
