"""`incept new`: what it writes is right in every way that the other commands know."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

import inception_dsl as idsl
from inception_dsl.cli.main import incept
from inception_dsl.cli.new import KINDS
from inception_dsl.diagnostics import Diagnostics
from inception_dsl.source import Source
from inception_dsl.syntax import tree
from inception_dsl.syntax.parse import parse
from inception_dsl.syntax.tables import tables
from inception_dsl.syntax.walk import children

pytestmark = pytest.mark.text


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(incept, arguments)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["a", "my_net", "relu", "n" * 100])
def test_a_new_spec_checks_and_has_its_form(name: str, kind: str) -> None:
    assert run("new", name, "--kind", kind).exit_code == 0
    text = Path(f"{name}.incept").read_text(encoding="utf-8")
    network, diagnostics = idsl.examine(f"{name}.incept")
    assert diagnostics == ()
    assert "NAME" not in text
    assert (network.name if network else None) == (None if kind == "library" else name)
    for command in ("fmt", "annotate"):
        assert run(command, "--check", f"{name}.incept").exit_code == 0


@pytest.mark.parametrize("kind", ["classifier", "minimal"])
def test_a_new_network_draws(kind: str) -> None:
    run("new", "my_net", "--kind", kind)
    assert run("draw", "my_net.incept").exit_code == 0
    assert ElementTree.parse("my_net.svg").getroot().tag.endswith("svg")


def test_a_new_classifier_shows_what_the_language_has() -> None:
    run("new", "my_net")
    source = Source("", Path("my_net.incept").read_text(encoding="utf-8"))
    file = parse(source, Diagnostics())
    found, pending = set(), list[tree.Node](file.items)
    while pending:
        node = pending.pop()
        pending += children(node)
        found |= {type(node).__name__.lower(), getattr(node, "role", ""), getattr(node, "kind", "")}
    wanted = {
        "layer",
        "module",
        "reduction",
        "residual",
        "aux",
        "preprocess",
        "expect",
        "shapenote",
    }
    assert wanted <= found
    definitions = [item for item in file.items if isinstance(item, tree.Definition | tree.Network)]
    assert all(item.doc for item in definitions if isinstance(item, tree.Definition))
    net = idsl.load("my_net.incept")
    assert net.output == (10,)
    assert net.aux_params == 320 * 10 + 10
    assert idsl.load("my_net.incept", classes=7, input=(3, 96, 96)).output == (7,)


def test_a_new_library_can_be_imported() -> None:
    run("new", "parts", "--kind", "library")
    Path("user.incept").write_text(
        'from "parts" (bn_eps = 0.001) import inception\n'
        "network user { input x: 3x8x8 inception(4, 2, 6, 2) }\n"
    )
    assert idsl.load("user.incept").output == (12, 8, 8)


def test_the_suffix_may_be_written() -> None:
    assert run("new", "my_net.incept").exit_code == 0
    assert idsl.load("my_net.incept").name == "my_net"


def test_what_is_there_is_never_written_over(folder: Path) -> None:
    Path("my_net.incept").write_text("mine")
    Path("gone.incept").symlink_to(folder / "nowhere")
    Path("full.incept").mkdir()
    for name in ("my_net", "gone", "full"):
        result = run("new", name)
        assert (result.exit_code, result.stderr) == (2, f"error: {name}.incept is there already\n")
    assert Path("my_net.incept").read_text() == "mine"
    assert not (folder / "nowhere").exists()


@pytest.mark.parametrize(
    "name", ["2nets", "_net", "a/b", "../net", "", "net work", "nét", "net\n", "a" * 101, "a.b"]
)
def test_a_bad_name_is_told_in_a_line(name: str, folder: Path) -> None:
    result = run("new", name)
    assert result.exit_code == 2
    assert "names are letters, digits and `_`" in result.stderr.splitlines()[-1]
    assert not list(folder.iterdir())


@pytest.mark.parametrize("name", ["module", "then", "same", "input", "true", *tables().keywords])
def test_a_word_of_the_language_is_no_name(name: str, folder: Path) -> None:
    result = run("new", name)
    assert result.exit_code == 2
    assert f"`{name}` is a word of the language" in result.stderr
    assert not list(folder.iterdir())
