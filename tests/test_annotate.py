"""`incept annotate`: notes that are missing, notes that are stale, and all that it leaves alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import inception_dsl as idsl
from inception_dsl.annotate import annotate
from inception_dsl.cli.main import incept
from inception_dsl.diagnostics import Diagnostics, Edit, SpecError
from inception_dsl.diagnostics.fixes import apply_edits
from inception_dsl.elaborate.limits import Limits
from inception_dsl.elaborate.request import Request
from inception_dsl.loading import examine_request
from inception_dsl.source import Source, Span
from inception_dsl.syntax import tree
from inception_dsl.syntax.parse import parse, words
from inception_dsl.syntax.walk import children
from tests.fuzz.generator import random_spec
from tests.fuzz.specs import written

pytestmark = pytest.mark.text

ROOT = Path(__file__).parents[1]
SPECS = sorted((ROOT / "specs").glob("*.incept")) + sorted((ROOT / "examples").glob("*.incept"))
NETWORKS = [path for path in SPECS if "\nnetwork " in path.read_text(encoding="utf-8")]


def annotated(text: str, path: Path | None = None) -> str:
    return annotate(Request(Source("a.incept", text), path), Limits())


def notes(text: str) -> list[tree.ShapeNote]:
    found, pending = [], list[tree.Node](parse(Source("", text), Diagnostics()).items)
    while pending:
        node = pending.pop()
        found += [node] if isinstance(node, tree.ShapeNote) else []
        pending += [] if isinstance(node, tree.InputDecl) else children(node)
    return sorted(found, key=lambda note: note.span.start)


def without_notes(text: str) -> str:
    edits = []
    for note in notes(text):
        colon = text.rindex(":", 0, note.span.start)
        edits.append(Edit(Span(note.span.source, colon, note.span.end), ""))
    return apply_edits(text, edits)


def with_stale_notes(text: str) -> str:
    """Every number of every note is off by seven; names and `_` stay."""
    wrong = {
        number.span.start: Edit(number.span, str(int(number.span.text) + 7))
        for note in notes(text)
        for number in note.extents
        if isinstance(number, tree.Literal)
    }
    return apply_edits(text, wrong.values())


def rest(text: str) -> list[str]:
    """The words and comments of a text beside its notes."""
    source = Source("", without_notes(text))
    comments = [comment.text for comment in parse(source, Diagnostics()).comments]
    return [word.text for word in words(source)] + comments


def network(body: str, before: str = "", parameters: str = "") -> str:
    return f"{before}network n{parameters} {{\n    input x: 3x32x32\n{body}}}\n"


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_shipped_specs_without_notes_get_notes_and_check(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    result = annotated(without_notes(text), path)
    assert annotated(result, path) == result
    assert rest(result) == rest(text)
    found, diagnostics = examine_request(Request(Source(str(path), result), path), Limits())
    assert diagnostics == ()
    assert (found is not None) == (path in NETWORKS)


@pytest.mark.parametrize("seed", range(12))
def test_random_specs_keep_all_but_their_notes_and_check(seed: int) -> None:
    spec = random_spec(seed)
    with written(spec.files) as path:
        for start in (without_notes(spec.text), with_stale_notes(spec.text)):
            result = annotated(start, path)
            assert annotated(result, path) == result
            assert rest(result) == rest(spec.text)
            diagnostics = examine_request(Request(Source("", result), path), Limits())[1]
            assert not [record for record in diagnostics if record.severity == "error"]


@pytest.mark.parametrize("path", NETWORKS, ids=lambda path: path.stem)
def test_stale_notes_become_the_notes_they_were(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    stale = with_stale_notes(text)
    assert annotated(stale, path) == annotated(text, path)


def test_the_notes_of_inception_v3_come_back_as_they_are_shipped() -> None:
    path = ROOT / "specs" / "inception_v3.incept"
    text = path.read_text(encoding="utf-8")
    bare = without_notes(text)
    assert len(notes(bare)) == 0
    restored = annotated(bare, path)
    for line in re.findall(r"^ +mixed_.*$|^ +linear\(classes\) +:.*$", text, re.MULTILINE):
        assert line.split() in [shown.split() for shown in restored.split("\n")]


def test_instances_and_section_ends_get_notes_in_one_column() -> None:
    text = network(
        "    stem {\n        conv2d(8, 3x3, padding=same)\n        max_pool(2x2)\n    }\n"
        "    a = conv2d(16, 3x3, padding=same) # wide\n"
        "    relu()\n"
        "    bc = max_pool(2x2)\n"
        "    same_as_bc = bc\n"
        "    head {\n        global_avg_pool()\n        linear(10)\n    }\n"
    )
    assert annotated(text) == network(
        "    stem {\n        conv2d(8, 3x3, padding=same)\n"
        "        max_pool(2x2)   : 8x16x16\n    }\n"
        "    a = conv2d(16, 3x3, padding=same)   : 16x16x16   # wide\n"
        "    relu()\n"
        "    bc = max_pool(2x2)                  : 16x8x8\n"
        "    same_as_bc = bc\n"
        "    head {\n        global_avg_pool()\n        linear(10)                      : 10\n"
        "    }\n"
    )


def test_a_note_says_the_name_that_sets_the_channels() -> None:
    text = network("    head { flatten() linear(classes) }\n", parameters="(classes: int = 7)")
    assert "linear(classes)   : [classes]\n" in annotated(text)


def test_right_notes_stay_as_they_are_written() -> None:
    body = "    a = conv2d(w, 3x3, padding=same)   : [2 * w - w, _, 32]\n    b = relu()   : _x_x_\n"
    text = network(body, parameters="(w: int = 8)")
    result = annotated(text)
    assert "[2 * w - w, _, 32]" in result
    assert "_x_x_" in result


def test_only_the_wrong_axis_of_a_note_changes() -> None:
    body = "    a = conv2d(w, 3x3)   : [w, 31, _]\n    b = relu()   : 8x_x31\n"
    result = annotated(network(body, parameters="(w: int = 8)"))
    assert "[w, 30, _]" in result
    assert "8x_x30" in result


def test_a_note_of_another_rank_is_written_anew() -> None:
    result = annotated(network("    a = flatten()   : [3, 32, 32]\n    b = relu()   : 3x32x32\n"))
    assert re.findall(r": (\S+)$", result, re.MULTILINE)[1:] == ["[3072]", "3072"]


DEFINITION = (
    "block f(w: int) {\n    inner = conv2d(8, 3x3, padding=same)\n    conv2d(w, 1x1)\n}\n\n"
)


def test_a_definition_leaves_the_grid_open() -> None:
    text = network("    f(4) max_pool(2x2) f(6)\n", DEFINITION)
    result = annotated(text)
    assert "inner = conv2d(8, 3x3, padding=same)   : 8x_x_\n" in result
    assert idsl.load(result, input=(3, 64, 64)).output == (6, 32, 32)


def test_a_definition_whose_uses_differ_gets_no_note() -> None:
    before = "block f(w: int) {\n    inner = conv2d(2 * w, 1x1)\n    relu()\n}\n\n"
    text = network("    f(4)\n    f(6)\n", before)
    assert annotated(text) == text


def test_a_definition_calls_its_channels_by_the_parameter() -> None:
    before = "block f(w: int) {\n    inner = conv2d(w, 1x1)\n    relu()\n}\n\n"
    result = annotated(network("    f(4) f(6)\n", before))
    assert "inner = conv2d(w, 1x1)   : [w, _, _]\n" in result


def test_a_definition_gets_no_note_that_another_setting_makes_wrong() -> None:
    before = "block f(w: int) {\n    inner = conv2d(2 * w, 1x1)\n    relu()\n}\n\n"
    text = network("    f(width)\n", before, parameters="(width: int = 4)")
    assert annotated(text) == text
    assert idsl.load(annotated(text), width=6).output == (12, 32, 32)


def test_a_stale_note_is_opened_where_uses_differ() -> None:
    before = "block f(w: int) {\n    conv2d(w, 1x1)   : 5x9x32\n}\n\n"
    result = annotated(network("    f(4) f(6)\n", before))
    assert "conv2d(w, 1x1)   : _x32x32\n" in result


def test_what_no_use_executes_is_left_alone() -> None:
    body = "    if wide { a = conv2d(9, 1x1)   : 1x1x1 }\n    b = relu()   : 3x32x32\n"
    text = network(body, parameters="(wide: bool = false)")
    assert ": 1x1x1" in annotated(text)


def test_a_repeat_has_the_note_of_its_last_instance_behind_its_brace() -> None:
    result = annotated(network("    repeat 2 { a = conv2d(8, 1x1) }\n"))
    assert "repeat 2 { a = conv2d(8, 1x1) }   : 8x32x32\n" in result


def test_line_ends_and_comments_stay() -> None:
    text = "# first\r\n" + network("    a = relu() # last\n").replace("\n", "\r\n")
    result = annotated(text)
    assert "a = relu()   : 3x32x32   # last\r\n" in result
    assert "\n" not in result.replace("\r\n", "")


def test_other_mistakes_are_told_and_nothing_else() -> None:
    with pytest.raises(SpecError) as raised:
        annotated(network("    a = relu()   : 1x1x1\n    b = conv2d(8)\n"))
    assert {record.code for record in raised.value.diagnostics} == {"E0302"}


def test_a_note_that_no_form_makes_right_is_told() -> None:
    before = "block f(flat: bool) {\n    if flat { flatten() }   : 3x32x32\n}\n\n"
    with pytest.raises(SpecError) as raised:
        annotated(network("    f(false) f(true)\n", before))
    assert {record.code for record in raised.value.diagnostics} == {"E0407"}


def run(*arguments: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(incept, ["annotate", *map(str, arguments)], input=stdin)


RAW = network("    a = relu()\n")
NOTED = network("    a = relu()   : 3x32x32\n")


def test_the_command_rewrites_once(tmp_path: Path) -> None:
    path = tmp_path / "raw.incept"
    path.write_text(RAW)
    assert run(path, "--check").exit_code == 1
    shown = run(path, "--diff")
    assert (shown.exit_code, path.read_text()) == (1, RAW)
    assert "+    a = relu()   : 3x32x32\n" in shown.stdout
    first = run(path)
    assert (first.exit_code, path.read_text()) == (0, NOTED)
    assert first.stderr == f"annotated {path}\n1 file annotated\n"
    assert run(path, "--check").stderr == "1 file left unchanged\n"


def test_the_command_writes_standard_input_to_standard_output() -> None:
    assert run("-", stdin=RAW).stdout == NOTED


def test_the_command_leaves_what_is_wrong_or_shipped(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.incept"
    wrong.write_text(network("    a = rellu()\n"))
    result = run(wrong)
    assert result.exit_code == 1
    assert "error[E02" in result.stderr
    assert wrong.read_text() == network("    a = rellu()\n")
    assert run("inception_v3").exit_code == 2
