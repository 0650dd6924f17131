"""Hostile strings and names: in every slot of a spec, and read back from every output."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from inception_dsl.cli.main import incept
from inception_dsl.loading import load
from inception_dsl.source import Source
from tests.fuzz.hostile import faults_of, run
from tests.fuzz.hostile.outputs import figure_faults, table_faults
from tests.fuzz.hostile.python_tree import differences
from tests.fuzz.hostile.strings import TEXTS, filled, harmless, hostile

CASES = 120
BATCH = 10


@pytest.mark.parametrize("batch", range(CASES // BATCH))
def test_a_string_is_a_string_in_every_output(batch: int) -> None:
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        failure = run(seed)
        if failure:
            pytest.fail(f"seed {seed}: {failure.message}\n{failure.files}")


@pytest.mark.parametrize("seed", range(3))
def test_what_it_computes_does_not_depend_on_its_names(seed: int) -> None:
    assert list(faults_of(hostile(Random(seed)), slow=True)) == []


NAMES = (
    "a b", "a'b", 'a"b', "a%0Ab", "a::b", "a,b", "$(id)", "`id`", "<b>", "&amp;", "a\nb", "{0}",
    "\u202ecod", "\x1b[31m", "=cmd()", "-o", "--help", "%s", "caf\u00e9", "\u6f22", "\\N", "#",
    "a:b", "..b",
)  # fmt: skip
"""What a file may be called."""


@pytest.mark.parametrize("name", NAMES)
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    values = hostile(Random(1))
    right, wrong = tmp_path / f"{name}.incept", tmp_path / f"{name}_.incept"
    right.write_text(filled(values), encoding="utf-8")
    wrong.write_text(filled(values).replace("in 0..1_000_000", "== 1"), encoding="utf-8")
    figure = tmp_path / f"{name}.svg"

    assert "ok  " in _printed(_invoke("check", right))
    assert "total" in _printed(_invoke("show", right))
    _printed(_invoke("draw", right, "-o", figure))
    ElementTree.parse(figure)
    for format in ("text", "json", "github", "sarif"):
        done = _invoke("check", wrong, "--output-format", format)
        assert done.exit_code == 1, done.output
        _printed(done)
    found = json.loads(_invoke("check", wrong, "--output-format", "json").stdout)
    assert {entry["file"] for entry in found} == {str(wrong)}


@pytest.mark.parametrize("value", [text for text in TEXTS if "\x00" not in text])
def test_a_setting_may_have_any_value(tmp_path: Path, value: str) -> None:
    path = tmp_path / "spec.incept"
    path.write_text(
        "block named(text: string) { conv1d(8, 3) }\n"
        'network n(label: string = "a") { input x: 1x40   named(label) }',
        encoding="utf-8",
    )
    for command in (("check",), ("show", "--format", "markdown"), ("show", "--format", "csv")):
        done = _invoke(command[0], path, *command[1:], "--set", f"label={value}")
        assert done.exit_code in (0, 1), done.output
        _printed(done)
    refused = _invoke("check", path, "--set", f"{value}=1")
    assert refused.exit_code in (1, 2)
    _printed(refused)


@pytest.mark.parametrize("word", [text for text in TEXTS if text[0] != "-" and "\x00" not in text])
def test_a_word_to_explain_may_be_anything(word: str) -> None:
    done = _invoke("explain", word)
    assert done.exit_code in (0, 1, 2)
    _printed(done)


def _invoke(*arguments: object) -> Result:
    done = CliRunner().invoke(incept, list(map(str, arguments)))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def _printed(done: Result) -> str:
    """What a command printed, without a character that steers a terminal."""
    for line in done.output.split("\n"):
        assert line.isprintable(), repr(line)
    return done.output


def test_another_tree_is_seen() -> None:
    assert list(differences("import os\nx = 1", "x = 1"))
    assert list(differences("x = torch.save(y)", "x = torch.cat(y)"))
    assert list(differences('"""a"""; x()', '"""b"""'))
    assert not list(differences('"""a"""\nq = nn.ReLU()', '"""b"""\nz = nn.ReLU()'))
    assert list(differences("x = (", "x = 1"))


@pytest.mark.parametrize(
    "sink", ["graphviz.boxes.tip", "table.markdown.escape", "table.latex.escape_latex"]
)
def test_an_escaper_that_does_nothing_is_seen(monkeypatch: pytest.MonkeyPatch, sink: str) -> None:
    values = hostile(Random(0)) | {"module_doc": "a\x07<b>", "note": "a|b <b> \\x $y$"}
    network, twin = (load(Source("a", filled(each))) for each in (values, harmless(values)))
    monkeypatch.setattr(f"inception_dsl.backends.{sink}", lambda text: text)
    assert [*table_faults(network, twin), *figure_faults(network, twin)]
