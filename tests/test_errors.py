"""Faulty specs, each with the errors it must give written behind the lines that they are on.

In `tests/errors/*.incept`, `#! E0402 cannot join` at a line's end expects one diagnostic of that
code on that line whose title, label, notes or help contain the words; several are separated by
`;`. Anything that is not expected fails. `tests/errors/imported/` holds what fixtures import.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from inception_dsl import Network, examine
from inception_dsl.diagnostics import Diagnostic
from inception_dsl.diagnostics.codes import CODES
from inception_dsl.diagnostics.text import render_text

pytestmark = pytest.mark.text

FOLDER = Path(__file__).parent / "errors"
FIXTURES = sorted(FOLDER.glob("*.incept"))

Expected = tuple[int, str, str]


def expected(text: str) -> list[Expected]:
    """The line, code and words of each prediction."""
    return [
        (number, *_prediction(part))
        for number, line in enumerate(text.split("\n"), 1)
        if "#!" in line
        for part in line.split("#!", 1)[1].split(";")
    ]


def _prediction(part: str) -> tuple[str, str]:
    code, _, words = part.strip().partition(" ")
    assert code in CODES, f"no such code: {code}"
    return code, words


@cache
def examined(path: Path) -> tuple[Network | None, tuple[Diagnostic, ...]]:
    return examine(path)


def said(record: Diagnostic) -> str:
    """Every word of a diagnostic."""
    beside = [label.message for label in record.labels] + [note.message for note in record.notes]
    return "\n".join([record.message, record.label, *beside, record.help or ""])


def unmet(text: str, records: tuple[Diagnostic, ...]) -> tuple[list[Expected], list[Diagnostic]]:
    """The predictions without a diagnostic, and the diagnostics without a prediction."""
    missing, left = [], list(records)
    for line, code, words in expected(text):
        for record in left:
            if (record.span.first.line, record.code) == (line, code) and words in said(record):
                left.remove(record)
                break
        else:
            missing.append((line, code, words))
    return missing, left


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_faulty_spec_gives_the_errors_written_on_its_lines_and_no_others(path: Path) -> None:
    network, records = examined(path)
    missing, unpredicted = unmet(path.read_text(encoding="utf-8"), records)
    assert (missing, unpredicted) == ([], []), f"\n{render_text(records)}"
    assert (network is None) == any(record.severity == "error" for record in records)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_no_message_asks_a_question_or_ends_in_a_full_stop(path: Path) -> None:
    for record in examined(path)[1]:
        assert not re.search(r"\?(\s|$)", said(record)), said(record)
        assert not record.message.endswith(".")
        assert record.message[0].islower() or not record.message[0].isalpha()


UNSEEN = {"E0109", "E0701", "E0702"}
"""Codes of files that no reader could follow here, which the pages in `explain/` show."""


def test_every_code_has_two_fixtures_with_the_mistake_in_two_forms() -> None:
    fixtures: dict[str, set[Path]] = {code: set() for code in CODES}
    forms: dict[str, set[str]] = {code: set() for code in CODES}
    for path in FIXTURES:
        text = path.read_text(encoding="utf-8")
        lines = text.split("\n")
        for number, code, _ in expected(text):
            fixtures[code].add(path)
            statement = " ".join(line.split("#!")[0] for line in lines[number - 1 : number + 3])
            words = re.findall(r"[^\W\d]+", statement)
            forms[code].add(" ".join(words))
    assert [code for code in CODES if len(fixtures[code]) < 2 and code not in UNSEEN] == []
    assert [code for code in CODES if len(forms[code]) < 2 and code not in UNSEEN] == []
    assert len(FIXTURES) >= 150
