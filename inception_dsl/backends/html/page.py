"""The page in one piece: markup, style, script and data, which asks no other file of anyone."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from string import Template
from typing import Final

from inception_dsl.backends.figure.options import FigureOptions
from inception_dsl.backends.html.colors import theme_rules
from inception_dsl.backends.html.data import page_data
from inception_dsl.backends.html.escape import embedded, html_text
from inception_dsl.backends.html.spec_text import SpecText
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.pause import collector_paused

__all__ = ["page"]

_SCRIPTS: Final = (
    "model", "settle", "tracks", "layout", "boxes", "lines", "figure", "tree", "view", "spec",
    "card", "search", "page",
)  # fmt: skip
"""In the order in which they need each other."""


_FOLDED: Final = FigureOptions()


@collector_paused()
def page(checked: CheckedGraph, options: FigureOptions = _FOLDED) -> str:
    """One HTML file: the figure to fold and unfold, and the spec beside it.

    `depth` and `expand` say what is open to begin with. The theme follows the reader's system
    unless `options` ask for another than the light one.

    Raises: UnknownPart (a ValueError) for a path or definition that is not there.
    """
    spec = SpecText()
    data = page_data(checked, options, spec)
    style, script = _style(), _script()
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    )
    return Template(_asset("page.html")).substitute(
        policy=html_text(policy),
        title=html_text(data["name"]),
        description=html_text(". ".join(data["summary"])),
        theme=f' data-theme="{options.theme}"' if options.theme != "light" else "",
        style=style,
        script=script,
        data=embedded(data),
        summary="".join(f"<span>{html_text(line)}</span>" for line in data["summary"][1:]),
        heading=html_text(data["summary"][0]),
        doc=html_text(data["doc"]),
        tabs=spec.tabs(),
        panels=spec.panels(),
    )


@cache
def _style() -> str:
    return theme_rules() + _asset("page.css")


@cache
def _script() -> str:
    """All scripts in one scope of their own."""
    scripts = "\n".join(_asset(f"{name}.js") for name in _SCRIPTS)
    return f'(() => {{\n"use strict";\n{scripts}}})();\n'


def _asset(name: str) -> str:
    return (files("inception_dsl.backends.html") / "assets" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """What a content security policy lets an element with exactly this text run by."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
