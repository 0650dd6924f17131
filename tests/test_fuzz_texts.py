"""Bad texts: whatever the bytes of a file, the checker answers, and says where each fault is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from inception_dsl.cli.main import incept
from inception_dsl.diagnostics import Diagnostic
from inception_dsl.source import Source, Span
from tests.fuzz.rendered import broken_promises
from tests.fuzz.shrink import shrunk
from tests.fuzz.texts import SECONDS, fault_of, run, sample

BATCH = 1_000  # four of them here, which take half a minute; `make fuzz` goes on from there
FORMATS = ("text", "json", "github", "sarif")


def _check(seeds: range) -> None:
    for seed in seeds:
        failure = run(seed)
        if failure:
            small = failure.files
            if failure.still_fails:
                small = shrunk(small, failure.still_fails)
            pytest.fail(f"seed {seed}: {failure.message}\n{small}")


@pytest.mark.parametrize("batch", range(1, 4))
def test_every_text_gets_an_answer_with_places_inside_the_file(batch: int) -> None:
    _check(range(batch * BATCH, (batch + 1) * BATCH))


@pytest.mark.text
def test_on_every_python() -> None:
    _check(range(BATCH))


@pytest.mark.text
@pytest.mark.parametrize("seed", range(0, 200, 2))
def test_the_command_ends_with_0_or_1(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "bad.incept"
    path.write_bytes(sample(seed))
    for format in FORMATS:
        done = CliRunner().invoke(incept, ["check", str(path), "--output-format", format])
        assert done.exit_code in (0, 1), f"seed {seed}, {format}: {done.output}"
        assert done.exception is None or isinstance(done.exception, SystemExit), f"seed {seed}"
        assert "Traceback" not in done.output


@pytest.mark.parametrize("seed", range(20_000, 20_012))
def test_the_process_ends_with_0_or_1(tmp_path: Path, seed: int) -> None:
    command = [Path(sys.executable).with_name("incept"), "check"]
    path = tmp_path / "bad.incept"
    path.write_bytes(sample(seed))
    for given, stdin in ((str(path), b""), ("-", sample(seed))):
        done = subprocess.run(
            [*command, given], input=stdin, capture_output=True, timeout=4 * SECONDS
        )
        refused = given == "-" and done.returncode == 2 and b"not UTF-8" in done.stderr
        assert done.returncode in (0, 1) or refused, f"seed {seed}: {done.stderr!r}"
        assert b"Traceback" not in done.stderr


@pytest.mark.text
def test_a_seed_names_the_same_text_on_every_python() -> None:
    assert sample(7) == sample(7)
    assert len({sample(seed) for seed in range(100)}) > 90


@pytest.mark.text
def test_a_diagnostic_outside_its_file_is_seen() -> None:
    source = Source("spec", "network")
    outside = Diagnostic("E0101", "found", Span(source, 0, 99))
    unknown = Diagnostic("E9999", "", Span(source, 0, 1))
    promises = list(broken_promises([outside]))
    assert any("0..99" in promise for promise in promises)
    assert any("no such code" in promise for promise in broken_promises([unknown]))


@pytest.mark.text
def test_an_exception_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("tests.fuzz.texts.examine", fail)
    assert fault_of(b"network") == "RecursionError: too deep"
