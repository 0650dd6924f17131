"""Warnings: what they point at, how they are turned off, and that what ships has none."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from inception_dsl import examine
from inception_dsl.diagnostics import Diagnostic
from inception_dsl.shipped import shipped_folder

pytestmark = pytest.mark.text

EXAMPLES = Path(__file__).parent.parent / "examples"
SHIPPED = sorted([*shipped_folder().glob("*.incept"), *EXAMPLES.glob("*.incept")])
CEIL = "network tiny {{\n    input x: 3x32x32\n    max_pool(3x3, stride=2, ceil=true){}\n}}\n"


def found(text: str, ignore: Collection[str] = ()) -> list[str]:
    return [record.code for record in examine(text, ignore=ignore)[1]]


def only(text: str, code: str) -> Diagnostic:
    (record,) = [record for record in examine(text)[1] if record.code == code]
    return record


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_specs_have_no_warnings(path: Path) -> None:
    assert examine(path)[1] == ()


@pytest.mark.parametrize("ignore", [["W0402"], ["W04"], ["W"], ["W0101", "W0402"], "W0402"])
def test_a_warning_is_turned_off_by_its_code_or_its_beginning(ignore: Collection[str]) -> None:
    assert found(CEIL.format("")) == ["W0402"]
    assert found(CEIL.format(""), ignore) == []


def test_a_pool_that_fits_by_rounding_up_alone_is_told_so() -> None:
    record = only("network tiny { input x: 3x2x2  max_pool(3, stride=2, ceil=true) }", "W0402")
    assert record.label == "the last windows read 1 row and 1 column beyond 2x2"
    assert "no window fits" in (record.help or "")


def test_an_error_is_not_ignored_by_its_code() -> None:
    assert found("network tiny { input x: 3x8x8 }", ["E", "E0515"]) == ["E0515"]


def test_an_ignore_holds_for_its_line_or_the_file() -> None:
    assert found(CEIL.format("  # ignore W0402: Caffe's pools round up")) == []
    assert found("# ignore W0402: Caffe's pools round up\n" + CEIL.format("")) == []
    assert found(CEIL.format("\n    relu()  # ignore W0402: not here")) == ["W0402", "W0107"]


@pytest.mark.parametrize(
    "comment", ["# ignored W0402: so", "## ignore W0402: so", "# see W0402: so", "# ignore it: so"]
)
def test_other_comments_are_only_comments(comment: str) -> None:
    assert found(f"{comment}\n\n" + CEIL.format("")) == ["W0402"]


def test_a_warning_in_an_imported_file_is_ignored_there(tmp_path: Path) -> None:
    library = "block pool() { max_pool(3x3, stride=2, ceil=true)WHY }\n"
    (tmp_path / "main.incept").write_text(
        'from "lib" import pool\nnetwork tiny { input x: 3x32x32\n pool() }\n', encoding="utf-8"
    )
    for why, codes in (("", ["W0402"]), ("\n# ignore W0402: Caffe's pools round up\n", [])):
        (tmp_path / "lib.incept").write_text(library.replace("WHY", why), encoding="utf-8")
        assert [record.code for record in examine(tmp_path / "main.incept")[1]] == codes
        assert examine(tmp_path / "lib.incept")[1] == ()  # a library alone has no grids


def test_an_ignore_that_another_input_does_not_need_is_no_mistake() -> None:
    text = CEIL.format("  # ignore W0402: Caffe's pools round up")
    assert examine(text, input="3x33x33")[1] == ()


def test_settings_decide_what_is_found_and_never_what_an_ignore_is_worth() -> None:
    text = """
        network tiny(ceil: bool = true) {
            input x: 3x32x32
            max_pool(3x3, stride=2, ceil=ceil)  # ignore W0402: Caffe's pools round up
        }
    """
    assert examine(text, settings={"ceil": False})[1] == ()
    assert found(text.replace("= true", "= false")) == ["W0107"]


def test_errors_come_without_warnings() -> None:
    text = CEIL.format('\n    expect depth == 7 "by hand"')
    assert found(text) == ["E0801"]


def test_a_warning_in_a_layer_points_at_the_call_that_chose_the_stride() -> None:
    text = """
        layer conv(n: int, stride: size = 1) { conv2d(n, 1x1, stride=stride) }
        block pair() { conv(4)  conv(8, stride=2) }
        network tiny { input x: 3x9x9  pair() }
    """
    record = only(text, "W0401")
    assert record.span.text == "conv(8, stride=2)"
    assert record.label == "rows and columns 2, 4, 6, 8 of 9 are never read"
    assert [note.message.partition(",")[0] for note in record.notes] == ["in: block `pair`"]


@pytest.mark.parametrize(
    ("shape", "call", "unread"),
    [
        ("3x9", "conv1d(4, 2, stride=3)", "cells 3, 6, 9 of 9"),
        ("3x9", "conv1d(4, 2, stride=3, padding=1)", "cells 2, 5, 8 of 9"),
        ("3x9", "max_pool(1, stride=5)", "cells 2, 3, 4, ..., 9 of 9"),
        ("3x9x9", "depthwise_conv2d(1x3, stride=2x3)", "rows 2, 4, 6, 8 of 9"),
        ("3x4x9x9", "avg_pool(1x2x2, stride=2)", "planes 2, 4 of 4"),
        (
            "3x4x4x8",
            "conv3d(4, 1, stride=1x2x3)",
            "rows 2, 4 of 4 and columns 2, 3, 5, ..., 8 of 8",
        ),
        ("3x1000000000000x4", "max_pool(1, stride=2x1)", "rows 2, 4, 6, ..., 1000000000000"),
    ],
)
def test_unread_cells_are_counted_from_one(shape: str, call: str, unread: str) -> None:
    record = only(f"network tiny {{ input x: {shape}  {call} }}", "W0401")
    assert record.label.startswith(unread)


@pytest.mark.parametrize(
    "call",
    ["conv2d(4, 3x3, stride=3)", "conv2d(4, 2, dilation=2, stride=3)", "avg_pool(1x1, stride=9)",
     "residual { conv2d(3, 3, stride=2, padding=1) } shortcut { conv2d(3, 1, stride=2) }"],
)  # fmt: skip
def test_windows_that_meet_skip_nothing(call: str) -> None:
    assert found(f"network tiny {{ input x: 3x9x9  {call} }}") == []


@pytest.mark.parametrize(
    ("call", "beyond"),
    [
        ("max_pool(3, stride=2, ceil=true)", "1 row and 1 column beyond 10x10"),
        ("max_pool(3, stride=2x1, ceil=true)", "1 row beyond 10x10"),
        ("avg_pool(5, stride=4, padding=1, ceil=true)", "1 row and 1 column beyond 10x10 and its"),
        ("max_pool(2, stride=2, ceil=true)", None),
        ("max_pool(3, stride=2, padding=same_upper)", None),
    ],
)
def test_cells_beyond_the_input_are_counted(call: str, beyond: str | None) -> None:
    text = f"network tiny {{ input x: 3x10x10  {call} }}"
    if beyond is None:
        assert found(text) == []
    else:
        assert beyond in only(text, "W0402").label
