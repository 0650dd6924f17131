"""The page of each code: the smallest faulty spec, why it is one, and the smallest fix."""

from __future__ import annotations

from importlib.resources import files

from inception_dsl.diagnostics.codes import CODES

__all__ = ["explain"]


def explain(code: str) -> str | None:
    """The page of `code` in Markdown, in any case of its letter; None for what is no code."""
    code = code.upper()
    if code not in CODES:
        return None
    page = files("inception_dsl.diagnostics") / "explain" / f"{code}.md"
    return page.read_text(encoding="utf-8")
