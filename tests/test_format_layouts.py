"""Any layout of a spec: formatting keeps words, comments and tree, and has nothing to do twice."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from layouts import assert_formats, comments, format_text, laid_out, respaced

from inception_dsl.diagnostics import Diagnostics
from inception_dsl.source import Source
from inception_dsl.syntax.parse import parse

pytestmark = pytest.mark.text

ROOT = Path(__file__).parents[1]
FILES = [
    path
    for folder in ("specs", "examples", "tests/errors")
    for path in sorted((ROOT / folder).rglob("*.incept"))
]
SHARES = 8


def _texts(share: int) -> list[str]:
    """A share of our specs and of the fixtures that have no mistake of syntax."""
    texts = []
    for path in FILES[share::SHARES]:
        text = path.read_bytes().decode(errors="replace")
        diagnostics = Diagnostics()
        parse(Source(path.name, text), diagnostics)
        if not diagnostics.failed:
            texts.append(text)
    assert len(texts) >= 5
    return texts


@pytest.mark.parametrize("share", range(SHARES))
def test_any_layout(share: int) -> None:
    random = Random(share)
    for text in _texts(share):
        assert_formats(text)
        assert_formats(laid_out(text, random))
        assert_formats(laid_out(text, random, comments=random.choice((0.03, 0.4))))


@pytest.mark.parametrize("share", range(SHARES))
def test_blanks_on_a_line_mean_nothing(share: int) -> None:
    random = Random(share)
    for text in _texts(share):
        for layout in (text, laid_out(text, random, comments=0.05)):
            other = respaced(layout, random)
            assert comments(other) == comments(layout)
            assert format_text(other) == format_text(layout)
