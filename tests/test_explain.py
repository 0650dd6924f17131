"""The page of every code: its first spec shows the error, its last one is the fix."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import pytest

from inception_dsl import examine
from inception_dsl.diagnostics import Diagnostic
from inception_dsl.diagnostics.codes import CODES
from inception_dsl.diagnostics.pages import explain
from inception_dsl.elaborate.limits import Limits

pytestmark = pytest.mark.text

FENCE = re.compile(r"^```incept(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Shown:
    """One spec of a page, with the files that it imports and the bounds it is read under."""

    text: str
    limits: Limits
    encoding: str
    files: dict[str, str] = field(default_factory=dict)


def specs(page: str) -> list[Shown]:
    """The faulty spec of a page and the fixed one.

    A fence `file=NAME` is an imported file; one that a page shows again is what the fix imports.
    """
    shown: list[Shown] = []
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for fence in FENCE.finditer(page):
        words = dict(word.split("=") for word in fence["info"].split())
        name = words.pop("file", None)
        encoding = words.pop("encoding", "utf-8")
        if name is not None:
            after[name] = fence["text"]
            before.setdefault(name, fence["text"])
            continue
        limits = {word.removeprefix("limit."): int(value) for word, value in words.items()}
        shown.append(Shown(fence["text"], Limits(**limits), encoding))
    for spec, imported in zip(shown, (before, after), strict=True):
        spec.files = imported
    return shown


def found(spec: Shown, folder: Path) -> tuple[Diagnostic, ...]:
    for name, text in spec.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    path = folder / "tiny.incept"
    path.write_text(spec.text, encoding=spec.encoding)
    return examine(path, limits=spec.limits)[1]


def page_of(code: str) -> str:
    page = explain(code)
    assert page is not None
    return page


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    folder = files("inception_dsl.diagnostics") / "explain"
    assert {page.name for page in folder.iterdir()} == {f"{code}.md" for code in CODES}


@pytest.mark.parametrize("code", CODES)
def test_a_page_begins_with_its_code_and_title(code: str) -> None:
    assert page_of(code).startswith(f"# {code}: {CODES[code]}\n\n")


@pytest.mark.parametrize("code", CODES)
def test_the_first_spec_of_a_page_has_this_fault_alone(code: str, tmp_path: Path) -> None:
    faulty, _ = specs(page_of(code))
    assert {record.code for record in found(faulty, tmp_path)} == {code}


@pytest.mark.parametrize("code", CODES)
def test_the_last_spec_of_a_page_is_a_fix(code: str, tmp_path: Path) -> None:
    _, fixed = specs(page_of(code))
    assert found(fixed, tmp_path) == ()


def test_a_page_is_found_by_its_code_in_any_case() -> None:
    assert explain("e0402") == explain("E0402")


@pytest.mark.parametrize("name", ["E9999", "conv2d", "", "../codes", "E0402.md"])
def test_what_is_no_code_has_no_page(name: str) -> None:
    assert explain(name) is None
