"""`incept check --fix`: what it writes, what it leaves alone, and that nothing gets worse."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from inception_dsl import examine
from inception_dsl.cli.main import incept
from inception_dsl.diagnostics import Diagnostic, Edit
from inception_dsl.diagnostics.fixes import apply_edits, compatible_fixes
from inception_dsl.elaborate.limits import Limits
from inception_dsl.elaborate.request import Request
from inception_dsl.loading import examine_request
from inception_dsl.mend import mend
from inception_dsl.source import Source, Span
from inception_dsl.syntax.trivia import comments

pytestmark = pytest.mark.text

NOTES = """\
network tiny(n: int = 4) {
    input x: 3x9x9
    conv2d(8, 3x3)   : 8x9x9      # this one is stale
    conv2d(n, 3x3)   : [n, _, 6]
    stage s { conv2d(3, 1x1) } : 4x_x5
    flatten()        : 3x4
}
"""
RIGHT = (
    NOTES.replace("8x9x9", "8x7x7")
    .replace("_, 6", "_, 5")
    .replace("4x_x5", "3x_x5")
    .replace(": 3x4", ": 75")
)

FAULTY = sorted((Path(__file__).parent / "errors").glob("*.incept"))


def fix(*arguments: object) -> Result:
    return CliRunner().invoke(incept, ["check", "--fix", *map(str, arguments)])


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return tmp_path / "tiny.incept"


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_stale_notes_are_written_anew_in_the_author_s_form(spec: Path, ends: str) -> None:
    spec.write_bytes(NOTES.replace("\n", ends).encode())
    result = fix(spec)
    assert result.exit_code == 0
    assert result.stderr == f"mended 4 places in {spec}\n"
    assert result.stdout.startswith("ok  tiny")
    assert spec.read_bytes() == RIGHT.replace("\n", ends).encode()
    assert fix(spec).stderr == ""


def test_what_cannot_be_mended_is_reported_as_ever(spec: Path) -> None:
    spec.write_text(NOTES.replace("flatten()", "whatever()"), encoding="utf-8")
    result = fix(spec)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"mended 3 places in {spec}\nerror[E0201]")
    assert [record.code for record in examine(spec)[1]] == ["E0201"]


def test_what_changes_the_network_is_left_to_its_author(spec: Path) -> None:
    text = """\
module features(filters: int) {
    concat {
        branch conv2d(filters, 1x1)
        branch conv2d(filters, 3x3, stride=2, padding=same)
    }
}
network tiny {
    input x: 3x8x8
    features(8)
    rellu()
}
"""
    spec.write_text(text, encoding="utf-8")
    first, second, *_ = fix(spec).stderr.splitlines()
    assert first == f"mended 1 place in {spec}"
    assert second == "left one fault to you: what mends shapes changes the network"
    assert spec.read_text(encoding="utf-8") == text.replace("rellu", "relu")
    (left,) = examine(spec)[1]
    assert (left.code, bool(left.fix)) == ("E0402", True)


def test_a_right_spec_is_not_touched(spec: Path) -> None:
    spec.write_text(RIGHT, encoding="utf-8")
    before = spec.stat()
    assert fix(spec).exit_code == 0
    assert (spec.stat().st_ino, spec.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_the_mode_of_a_file_stays(spec: Path) -> None:
    spec.write_text(NOTES, encoding="utf-8")
    spec.chmod(0o640)
    fix(spec)
    assert spec.stat().st_mode & 0o777 == 0o640


def test_what_is_no_file_of_the_user_is_refused(spec: Path) -> None:
    for arguments, words in (
        (["googlenet"], "shipped spec"),
        (["-"], "standard input"),
        ([spec, "--input", "3x9x9"], "--input"),
        ([spec, "--set", "n=5"], "--set"),
    ):
        spec.write_text(NOTES, encoding="utf-8")
        result = fix(*arguments)
        assert result.exit_code == 2
        assert words in result.stderr
        assert spec.read_text(encoding="utf-8") == NOTES


def test_a_folder_that_cannot_be_written_leaves_the_old_file(
    spec: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec.write_text(NOTES, encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    result = fix(spec)
    assert result.exit_code == 2
    assert "No space left" in result.stderr
    assert spec.read_text(encoding="utf-8") == NOTES
    assert [path.name for path in spec.parent.iterdir()] == ["tiny.incept"]


@pytest.mark.parametrize("path", FAULTY, ids=lambda path: path.stem)
def test_mending_a_fixture_leaves_fewer_errors_or_the_text_and_every_comment(path: Path) -> None:
    text = path.read_bytes().decode()
    mended = mend(Request(Source(path.name, text), path), Limits())
    before, after = (Source(path.name, each) for each in (text, mended.text))
    assert (mended.text != text) == (mended.fixes > 0)
    assert [each.text for each in comments(before) if each.text not in mended.text] == []
    if mended.fixes:
        found, left = (first_errors(each, path) for each in (before, after))
        assert left < found


def first_errors(source: Source, path: Path) -> tuple[int, ...]:
    """How many errors each stage has: syntax, names, arguments and so on; warnings last."""
    records = examine_request(Request(source, path), Limits())[1]
    stages = [record.code[:3] for record in records]
    return (*(stages.count(f"E0{stage}") for stage in range(1, 9)), stages.count("W01"))


SOURCE = Source("x.incept", "abcdef")


def record(*edits: tuple[int, int, str], source: Source = SOURCE) -> Diagnostic:
    made = tuple(Edit(Span(source, start, end), text) for start, end, text in edits)
    return Diagnostic("E0101", "title", Span(source, 0, 1), fix=made)


def test_a_fix_is_carried_out_whole_or_not_at_all() -> None:
    two, between, behind = (
        record((0, 1, "A"), (4, 5, "E")),
        record((4, 4, "!")),
        record((2, 3, "C")),
    )
    chosen = compatible_fixes([between, two, behind], SOURCE)
    assert chosen == [two.fix, behind.fix]
    assert apply_edits(SOURCE.text, (edit for fix in chosen for edit in fix)) == "AbCdEf"


def test_fixes_of_other_files_and_fixes_that_touch_wait() -> None:
    other = record((0, 1, "A"), source=Source("y.incept", "abc"))
    assert compatible_fixes([other, record((1, 2, "")), record((2, 2, "x"))], SOURCE) == [
        (Edit(Span(SOURCE, 1, 2), ""),)
    ]


def request(text: str) -> Request:
    return Request(Source("x.incept", text))


def examined(monkeypatch: pytest.MonkeyPatch, says: dict[str, list[Diagnostic]]) -> None:
    """Let the check say of each text what it is told to."""

    def check(asked: Request, *_: object) -> tuple[None, tuple[Diagnostic, ...]]:
        return None, tuple(says[asked.source.text])

    monkeypatch.setattr("inception_dsl.mend.examine_request", check)


def fault(code: str, text: str, new: str | None = None) -> Diagnostic:
    span = Span(Source("x.incept", text), 0, len(text))
    return Diagnostic(code, "title", span, fix=() if new is None else (Edit(span, new),))


def test_fixes_that_add_errors_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    worse = [fault("E0402", "b"), fault("E0404", "b")]
    examined(monkeypatch, {"a": [fault("E0407", "a", "b")], "b": worse})
    mended = mend(request("a"), Limits())
    assert (mended.text, mended.fixes, mended.refused) == ("a", 0, True)


def test_a_mended_comma_may_show_the_shapes_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = [fault("E0402", "b"), fault("E0404", "b")]
    examined(monkeypatch, {"a": [fault("E0101", "a", "b")], "b": shown})
    mended = mend(request("a"), Limits())
    assert (mended.text, mended.fixes, mended.refused) == ("b", 1, False)


def test_fixes_that_undo_each_other_end_and_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    says = {"a": [fault("E0407", "a", "b")], "b": [fault("E0407", "b", "a")]}
    examined(monkeypatch, says)
    mended = mend(request("a"), Limits())
    assert (mended.text, mended.fixes, mended.refused) == ("a", 0, True)


def test_a_fix_that_only_helps_together_with_the_next_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    says = {"a": [fault("E0101", "a", "b")], "b": [fault("E0101", "b", "c")], "c": []}
    examined(monkeypatch, says)
    mended = mend(request("a"), Limits())
    assert (mended.text, mended.fixes, mended.refused) == ("c", 2, False)
