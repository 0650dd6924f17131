"""Specs in colour: one list of rules, for Pygments and for editors that read TextMate grammars."""

from inception_dsl.highlight.lexer import InceptLexer

__all__ = ["InceptLexer"]
