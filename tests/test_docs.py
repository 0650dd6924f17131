"""The READMEs: what they show is what happens."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

import inception_dsl as idsl
from inception_dsl.cli.main import incept
from inception_dsl.diagnostics.codes import CODES
from inception_dsl.shipped import shipped_specs

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def fences(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_the_readme_shows_the_example() -> None:
    example = (ROOT / "examples" / "new_module.incept").read_text(encoding="utf-8")
    assert fences(README, "incept") == [example]


def test_the_picture_is_of_the_example(tmp_path: Path) -> None:
    spec, shown = ROOT / "examples" / "new_module.incept", ROOT / "examples" / "new_module.svg"
    drawn = tmp_path / "drawn.svg"
    CliRunner().invoke(incept, ["draw", str(spec), "--depth", "1", "-o", str(drawn)])
    words = [
        [text.text for text in ElementTree.parse(svg).iter("{http://www.w3.org/2000/svg}text")]
        for svg in (drawn, shown)
    ]
    assert len(words[0]) > 30
    assert words[0] == words[1]


def test_the_console_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (session,) = fences(README, "console")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    for step in session.split("$ ")[1:]:
        command, _, output = step.partition("\n")
        done = CliRunner().invoke(incept, shlex.split(command)[1:])
        assert done.exit_code == 0, done.output
        assert done.stdout == output
    source = (tmp_path / "looker.py").read_text()
    shown = next(block for block in fences(README, "python") if block.startswith("class"))
    assert re.sub(r"  # \d+x\d+x\d+$", "", source, flags=re.MULTILINE).count(shown) == 1


def _figure_commands() -> list[str]:
    lines = [
        line.partition("#")[0].strip()
        for block in fences(README, "sh")
        for line in block.splitlines()
    ]
    return [line for line in lines if re.match("incept (draw|show|diff) ", line)]


@pytest.mark.parametrize("command", _figure_commands())
def test_a_command_that_draws_or_compares(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if "HEAD" in command:  # two revisions of a file of the reader's
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run([*git, "init", "-q"], check=True)
        for filters in (8, 16):
            Path("my_net.incept").write_text(
                f"network n {{ input x: 3x8x8 conv2d({filters}, 3x3) }}", encoding="utf-8"
            )
            subprocess.run([*git, "add", "-A"], check=True)
            subprocess.run([*git, "commit", "-qm", "one more"], check=True)
    done = CliRunner().invoke(incept, shlex.split(command)[1:])
    assert done.exit_code == (command.startswith("incept diff")), done.output
    if "-o" in command:
        assert Path(command.split("-o")[1].split()[0]).stat().st_size > 1000


def test_the_python_session(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code = next(block for block in fences(README, "python") if block.startswith("import"))
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - our own page
    assert "aux_logits" in capsys.readouterr().out


def test_the_error_is_what_check_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (spec,) = fences(README, "incept")
    Path("look.incept").write_text(
        spec.replace("conv(width, 3x3)\n", "conv(width, 3x3, stride=2)\n", 1)
    )
    done = CliRunner().invoke(incept, ["check", "look.incept"])
    assert done.exit_code == 1
    (shown,) = fences(README, "text")
    assert done.stderr.startswith(shown)


def test_the_table_of_specs() -> None:
    cells = r"^\| \[(\w+)\]\S* \| (\S+) \| (\S*) ?\| (\S+) \| (\d+) \|$"
    rows = {name: figures for name, *figures in re.findall(cells, README, re.MULTILINE)}
    assert rows.keys() == set(shipped_specs())
    for name, figures in rows.items():
        net = idsl.load(name)
        total = f"{net.params + net.aux_params:,}" if net.aux_params else ""
        assert figures == [f"{net.params:,}", total, f"{net.macs:,}", str(net.cost.depth)], name


def test_every_network_is_shown() -> None:
    shown = re.findall(r'src="specs/figures/(\w+)\.svg"', README)
    assert sorted(shown) == sorted(path.stem for path in (ROOT / "specs/figures").glob("*.svg")
                                   if "." not in path.stem)  # fmt: skip


def test_the_table_of_figures_that_differ() -> None:
    printed = CliRunner().invoke(incept, ["audit", "--differs", "--format", "markdown"]).stdout
    assert printed.count("**differs**") >= 5
    assert printed in README


def test_the_spec_of_the_language_reference() -> None:
    reference = (ROOT / "specs" / "README.md").read_text(encoding="utf-8")
    spec, ignoring = fences(reference, "incept")
    found, diagnostics = idsl.examine(spec)
    assert diagnostics == ()
    assert found is not None
    assert found.output == (10,)
    assert idsl.examine(ignoring)[1] == ()
    unnamed = [code for code in CODES if code.startswith("W") and code not in reference]
    assert unnamed == []


def test_the_language_reference_names_every_spec() -> None:
    reference = (ROOT / "specs" / "README.md").read_text(encoding="utf-8")
    unnamed = [f.stem for f in (ROOT / "specs").glob("*.incept") if f"`{f.stem}`" not in reference]
    assert unnamed == []
