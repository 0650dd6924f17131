"""The command line as a person and a script meet it: streams, exit status, and plain words."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import shlex
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from inception_dsl import examine
from inception_dsl.cli import request
from inception_dsl.cli.main import COMMANDS, incept
from inception_dsl.shipped import shipped_specs

pytestmark = pytest.mark.text

INCEPT = (sys.executable, "-c", "from inception_dsl.cli.main import main; main()")
SMALL = """
## Two branches and a classifier.
network small(classes: int = 10, width: int = 8) {
    input image: 3x16x16
    concat {
        branch conv2d(width, 1x1)
        branch conv2d(width, 3x3, padding=same)
    }
    global_avg_pool()
    linear(classes)
}
"""
PARAMS = (3 * 8 + 8) + (3 * 8 * 9 + 8) + (16 * 10 + 10)
BROKEN = SMALL.replace("padding=same", "stride=2")


def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(incept, [str(each) for each in arguments], input=stdin)


def process(*arguments: object, **how: object) -> subprocess.CompletedProcess[str]:
    how = {"capture_output": True, "text": True} | how
    return subprocess.run([*INCEPT, *map(str, arguments)], **how)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.incept"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.incept"
    path.write_text(BROKEN, encoding="utf-8")
    return path


def refused(result: Result) -> str:
    """The words of a command that was not carried out: one line, no results, no traceback."""
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr


# check


def test_check_says_on_stdout_what_is_right(small: Path) -> None:
    result = run("check", small)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"ok  small  {PARAMS} parameters")
    assert result.stderr == ""


def test_check_says_on_stderr_what_is_wrong_and_goes_on(small: Path, broken: Path) -> None:
    result = run("check", broken, small)
    assert result.exit_code == 1
    assert "error[E0402]" in result.stderr
    assert "broken.incept:5:5" in result.stderr
    assert result.stdout.startswith("ok  small")
    assert "broken" not in result.stdout


def test_check_as_json_prints_one_list_for_all_specs(small: Path, broken: Path) -> None:
    result = run("check", small, broken, "--output-format", "json")
    assert result.exit_code == 1
    assert result.stderr == ""
    (found,) = json.loads(result.stdout)
    assert (found["code"], found["line"], found["column"]) == ("E0402", 5, 5)
    assert json.loads(run("check", small, "--output-format", "json").stdout) == []


def test_check_as_github_commands_and_as_sarif(broken: Path) -> None:
    github = run("check", broken, "--output-format", "github")
    assert github.exit_code == 1
    assert github.stdout.startswith("::error file=")
    sarif = run("check", broken, "--output-format", "sarif")
    assert sarif.exit_code == 1
    (results,) = [each["results"] for each in json.loads(sarif.stdout)["runs"]]
    assert [each["ruleId"] for each in results] == ["E0402"]


def test_check_evaluates_published_figures(tmp_path: Path) -> None:
    spec = tmp_path / "figures.incept"
    spec.write_text(SMALL.rstrip().removesuffix("}") + '    expect params == 7 "nobody"\n}\n')
    result = run("check", spec)
    assert result.exit_code == 1
    assert "E0801" in result.stderr
    assert str(PARAMS) in result.stderr


@pytest.mark.parametrize("name", shipped_specs())
def test_every_shipped_spec_checks(name: str) -> None:
    result = run("check", name)
    assert result.exit_code == 0, result.stderr


# SPEC, --set and --input


def test_a_spec_may_come_from_standard_input() -> None:
    result = run("check", "-", stdin=SMALL)
    assert result.exit_code == 0
    assert result.stdout.startswith("ok  small")
    assert "--> <stdin>:5:5" in run("check", "-", stdin=BROKEN).stderr
    assert "`<stdin>` holds nothing" in run("check", "-", stdin="").stderr
    assert "not UTF-8" in refused(run("check", "-", stdin=b"network \xff"))


def test_a_shipped_library_can_be_checked_and_not_shown() -> None:
    assert run("check", "blocks").stdout == "ok  blocks  a library: no network\n"
    result = run("show", "blocks")
    assert result.exit_code == 1
    assert "E0503" in result.stderr


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# nothing yet\n", "## Only a doc.\n\n# and a comment"]
)
def test_a_file_that_holds_nothing_is_no_library(tmp_path: Path, text: str) -> None:
    spec = tmp_path / "empty.incept"
    spec.write_text(text)
    result = run("check", spec)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[E0503]" in result.stderr
    assert "neither a network nor a definition" in result.stderr


def test_a_network_may_be_named(small: Path) -> None:
    assert run("check", f"{small}:small").exit_code == 0
    result = run("check", f"{small}:big")
    assert result.exit_code == 1
    assert "no network `big`" in result.stderr
    assert run("check", "googlenet:googlenet").exit_code == 0


def test_settings_and_input_change_the_network(small: Path) -> None:
    options = ("--set", "classes=3", "--set", "width=4", "--input", "1x8x9")
    found = json.loads(run("show", small, "--format", "json", *options).stdout)
    assert (found["input"], found["output"]) == ([1, 8, 9], [3])
    assert found["params"] == (4 + 4) + (9 * 4 + 4) + (8 * 3 + 3)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--set", "classes"], "NAME=VALUE"),
        (["--set", "=3"], "NAME=VALUE"),
        (["--input", "3x224x"], "no shape"),
        (["--input", "3x-1x5"], "no shape"),
        (["--depth", "-1"], "--depth"),
    ],
)
def test_a_wrong_option_is_a_matter_of_usage(small: Path, options: list[str], words: str) -> None:
    assert words in refused(run("show", small, *options))


@pytest.mark.parametrize(
    ("setting", "marked", "words"),
    [
        ("clases=3", "clases", "a similar name exists: `classes`"),
        ("classes=$", "$", "unknown character `$`"),
        ("classes=(4", "4", "`(` is not closed"),
        ("classes=", "", "one value is expected here"),
        ("classes=3 let y = 4", "3 let y = 4", "one value is expected here"),
        ("classes=many", "many", "no value is named `many`"),
        ("classes=true", "true", "declared int, found bool `true`"),
        ("classes=1.5", "1.5", "declared int, found float `1.5`"),
    ],
)
def test_a_setting_that_the_spec_refuses_is_one_error_shown_as_typed(
    small: Path, setting: str, marked: str, words: str
) -> None:
    result = run("check", small, "--set", setting)
    assert result.exit_code == 1
    assert words in result.stderr
    assert result.stderr.count("error[") == 1
    lines = result.stderr.splitlines()
    (shown,) = [
        index for index, line in enumerate(lines) if line == f"1 | --set {setting}".rstrip()
    ]
    under = lines[shown + 1]
    start, end = under.index("^"), under.rindex("^") + 1
    assert lines[shown][start:end] == marked


def test_settings_from_python_are_shown_the_same_way(small: Path) -> None:
    for value, words in (("$", "unknown character"), (True, "declared int, found bool")):
        network, (record,) = examine(small, settings={"classes": value})
        assert network is None
        assert words in record.message + record.label
        assert record.span.source.line(1).startswith("--set classes=")


def test_a_spec_that_is_not_there_is_answered_with_the_nearest(tmp_path: Path) -> None:
    assert "`googlenet`" in refused(run("check", "gogglenet"))
    assert "no file" in refused(run("show", tmp_path / "nowhere.incept"))


def test_what_cannot_be_read_is_said_in_a_line(tmp_path: Path) -> None:
    assert "cannot read" in refused(run("check", tmp_path))
    binary = tmp_path / "binary.incept"
    binary.write_bytes(b"network \xff\xfe")
    result = run("check", binary)
    assert result.exit_code in (1, 2)
    assert "UTF-8" in result.stderr


# show, list, explain


def test_show_prints_the_agreed_json(small: Path) -> None:
    found = json.loads(run("show", small, "--format", "json").stdout)
    assert list(found) == [
        "name", "input", "output", "params", "aux_params", "buffers", "macs", "depth", "convs",
        "linears", "layers", "nodes",
    ]  # fmt: skip
    assert all(
        list(node) == ["path", "op", "inputs", "output", "params", "macs"]
        for node in found["nodes"]
    )
    assert found["params"] == PARAMS == sum(node["params"] for node in found["nodes"])


@pytest.mark.parametrize("format", ["table", "csv", "markdown", "latex"])
def test_show_prints_the_total_in_every_format(small: Path, format: str) -> None:
    result = run("show", small, "--format", format)
    assert result.exit_code == 0
    assert str(PARAMS) in result.stdout
    assert result.stderr == ""
    if format == "csv":
        assert len({len(row) for row in csv.reader(io.StringIO(result.stdout))}) == 1


def test_list_names_every_shipped_spec() -> None:
    lines = run("list").stdout.splitlines()[1:]
    assert [line.split()[0] for line in lines] == shipped_specs()
    (googlenet,) = [line for line in lines if line.startswith("googlenet ")]
    assert {"3x224x224", "6,998,552", "1,582,671,872"} <= set(googlenet.split())


def test_explain_knows_codes_and_operations() -> None:
    assert run("explain", "e0402").stdout == run("explain", "E0402").stdout != ""
    page = run("explain", "conv2d").stdout
    assert page.startswith("conv2d(filters: int, kernel: size, stride: size = 1")
    assert re.search(r"^  conv2d\(8, 3x3\) +3x9x8 -> 8x7x6$", page, re.MULTILINE)
    assert "`conv2d`" in refused(run("explain", "conv2"))
    index = run("explain").stdout
    assert "conv2d" in index
    assert "E0402" in index


# draw


def test_draw_writes_every_format(small: Path, tmp_path: Path) -> None:
    magic = {
        "svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF", "dot": b"digraph", "tex": b"%",
        "html": b"<!DOCTYPE html>",
    }  # fmt: skip
    for suffix, start in magic.items():
        result = run("draw", small, "-o", tmp_path / f"x.{suffix}")
        assert result.exit_code == 0, result.stderr
        assert result.stdout == ""
        assert f"x.{suffix}" in result.stderr
        assert (tmp_path / f"x.{suffix}").read_bytes().startswith(start)
    ElementTree.parse(tmp_path / "x.svg")


def test_draw_names_the_figure_after_the_network(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert run("draw", small).exit_code == 0
    assert [path.name for path in Path.cwd().iterdir()] == ["small.svg"]


@pytest.mark.parametrize(
    ("output", "words"),
    [("x.gif", ".gif"), ("x", "svg"), ("nowhere/x.svg", "No such file"), ("folder.svg", "folder")],
)
def test_draw_refuses_a_place_it_cannot_write(
    small: Path, tmp_path: Path, output: str, words: str
) -> None:
    (tmp_path / "folder.svg").mkdir()
    before = sorted(tmp_path.rglob("*"))
    assert words in refused(run("draw", small, "-o", tmp_path / output))
    assert sorted(tmp_path.rglob("*")) == before


def test_draw_refuses_a_part_that_is_not_there(small: Path, tmp_path: Path) -> None:
    result = run("draw", small, "-o", tmp_path / "x.svg", "--expand", "nowhere")
    assert "nowhere" in refused(result)


def test_an_error_in_the_spec_leaves_the_old_figure(broken: Path, tmp_path: Path) -> None:
    figure = tmp_path / "x.svg"
    figure.write_text("old")
    result = run("draw", broken, "-o", figure)
    assert result.exit_code == 1
    assert "E0402" in result.stderr
    assert figure.read_text() == "old"


# the command itself


def test_help_has_every_command() -> None:
    page = run("--help").stdout
    assert all(f"  {name} " in page for name in COMMANDS)
    for name in COMMANDS:
        assert run(name, "--help").exit_code == 0


def test_an_unknown_command_is_answered_with_the_nearest() -> None:
    assert "`check`" in refused(run("chek"))
    assert "draw" in refused(run("zzzz"))


def test_our_own_mistake_is_not_blamed_on_the_spec(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "import sys; from inception_dsl.cli import main, request\n"
        "def examine(*_, **__): raise RuntimeError('a wheel came off')\n"
        "request.examine = examine; main.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "check", str(small)], capture_output=True, text=True
    )
    assert done.returncode == 70
    assert "a wheel came off" in done.stderr
    assert "not in your spec" in done.stderr
    assert request.examine is not None


def on_terminal(*arguments: object, **environment: str) -> str:
    """What a command writes to stderr where that is a terminal."""
    ours, theirs = pty.openpty()
    clean = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    program = subprocess.Popen(
        [*INCEPT, *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env=clean | {"TERM": "xterm"} | environment,
    )
    os.close(theirs)
    text = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux's way to say that the other end is closed
            break
        if not piece:
            break
        text += piece
    os.close(ours)
    program.wait()
    return text.decode()


def test_colour_is_for_terminals_and_can_be_refused(broken: Path) -> None:
    assert "\x1b[1;31m" in on_terminal("check", broken)
    assert "\x1b[1;31m" not in on_terminal("check", broken, NO_COLOR="1")
    assert "\x1b" not in process("check", broken).stderr


def test_a_reader_that_stops_early_is_no_failure() -> None:
    done = subprocess.run(
        f"{shlex.join(INCEPT)} show inception_v3 --format json | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "{\n"
    assert done.stderr == ""


def test_a_terminal_that_knows_ascii_only_is_no_failure(small: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    spec = small.rename(small.with_name("größe.incept"))
    spec.write_text(BROKEN.replace("small", "größe"), encoding="utf-8")
    done = process("check", spec, env=environment)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_said_in_a_line(small: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = process("show", small, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr
