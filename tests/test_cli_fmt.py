"""`incept fmt`: what it writes, what it leaves alone, and what it says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from inception_dsl.cli.main import incept

pytestmark = pytest.mark.text

RAW = "let a=1\nblock f(){relu( )}\n"
FORM = "let a = 1\nblock f() { relu() }\n"
LONG_AGO = 10**18  # in nanoseconds, so that a rewritten file is seen to be


def fmt(*arguments: str | Path, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(incept, ["fmt", *map(str, arguments)], input=stdin)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return written(tmp_path / "raw.incept", RAW)


def written(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    os.utime(path, ns=(LONG_AGO, LONG_AGO))
    return path


def is_untouched(path: Path, text: str) -> bool:
    return path.read_bytes() == text.encode() and path.stat().st_mtime_ns == LONG_AGO


def test_a_file_is_rewritten_once(raw: Path) -> None:
    raw.chmod(0o640)
    first = fmt(raw)
    assert (first.exit_code, first.stdout) == (0, "")
    assert first.stderr == f"reformatted {raw}\n1 file reformatted\n"
    assert raw.read_text() == FORM
    assert raw.stat().st_mode & 0o777 == 0o640
    os.utime(raw, ns=(LONG_AGO, LONG_AGO))
    second = fmt(raw)
    assert (second.exit_code, second.stderr) == (0, "1 file left unchanged\n")
    assert is_untouched(raw, FORM)


def test_a_folder_stands_for_its_specs(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / ".hidden").mkdir()
    raw = written(tmp_path / "below" / "raw.incept", RAW)
    formed = written(tmp_path / "formed.incept", FORM)
    hidden = written(tmp_path / ".hidden" / "raw.incept", RAW)
    result = fmt(tmp_path, raw)
    assert result.stderr == f"reformatted {raw}\n1 file reformatted, 1 file left unchanged\n"
    assert raw.read_text() == FORM
    assert is_untouched(formed, FORM)
    assert is_untouched(hidden, RAW)


def test_check_only_tells(raw: Path) -> None:
    result = fmt(raw, "--check")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"would reformat {raw}\n1 file would be reformatted\n"
    assert is_untouched(raw, RAW)
    assert fmt("--check", written(raw, FORM)).exit_code == 0


def test_diff_shows_what_a_patch_needs(raw: Path) -> None:
    written(raw, RAW.rstrip("\n"))
    result = fmt(raw, "--diff")
    assert result.exit_code == 1
    assert result.stdout == (
        f"--- {raw}\n+++ {raw}\n@@ -1,2 +1,2 @@\n-let a=1\n-block f(){{relu( )}}\n"
        "\\ No newline at end of file\n+let a = 1\n+block f() { relu() }\n"
    )
    assert is_untouched(raw, RAW.rstrip("\n"))
    assert fmt("--diff", written(raw, FORM)).stdout == ""


def test_standard_input_becomes_standard_output() -> None:
    result = fmt("-", stdin=RAW.replace("\n", "\r\n").encode())
    assert result.exit_code == 0
    assert result.stdout_bytes == FORM.replace("\n", "\r\n").encode()
    assert fmt("-", "--check", stdin=RAW).stdout == ""
    assert fmt("-", "--check", stdin=RAW).exit_code == 1
    assert fmt("-", stdin=b"\xff").exit_code == 2


def test_a_mistake_leaves_its_file_and_not_the_others(
    raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(raw.parent)
    bad = written(Path("bad.incept"), "let a=\n")
    result = fmt(bad, raw.name)
    assert result.exit_code == 1
    assert "error[E0101]" in result.stderr
    assert "--> bad.incept:" in result.stderr
    assert result.stderr.endswith("1 file reformatted, 1 file with errors\n")
    assert is_untouched(bad, "let a=\n")
    assert raw.read_text() == FORM
    assert fmt("-", stdin="let a=").stdout == ""


def test_what_is_no_text_or_becomes_too_large_is_left(tmp_path: Path) -> None:
    latin = tmp_path / "latin.incept"
    latin.write_bytes(b"# caf\xe9\nlet a=1")
    nested = "block f(){" + "repeat 2{" * 98 + "relu()" + "}" * 98 + "}\n"
    large = written(tmp_path / "large.incept", nested * 200)
    result = fmt(latin, large)
    assert result.exit_code == 1
    assert "E0109" in result.stderr
    assert "E0701" in result.stderr
    assert latin.read_bytes() == b"# caf\xe9\nlet a=1"
    assert is_untouched(large, nested * 200)


def test_shipped_specs_are_only_looked_at(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fmt("--check", "inception_v3").exit_code == 0
    by_name = fmt("inception_v3")
    assert by_name.exit_code == 2
    assert "look at it with --check or --diff" in by_name.stderr
    monkeypatch.setattr("inception_dsl.cli.in_place._PACKAGE", raw.parent)
    assert fmt(raw).exit_code == 2
    assert is_untouched(raw, RAW)


def test_nothing_is_written_where_something_is_missing(raw: Path) -> None:
    missing = fmt(raw, "inception_v33")
    assert missing.exit_code == 2
    assert "`inception_v3`" in missing.stderr
    assert fmt(raw.parent / "nowhere.incept", raw).exit_code == 2
    empty = raw.parent / "empty"
    empty.mkdir()
    assert fmt(raw, empty).exit_code == 2
    assert is_untouched(raw, RAW)


def test_a_link_leads_to_its_file(raw: Path) -> None:
    link = raw.with_name("link.incept")
    link.symlink_to(raw)
    assert fmt(link, raw).exit_code == 0
    assert link.is_symlink()
    assert raw.read_text() == FORM
