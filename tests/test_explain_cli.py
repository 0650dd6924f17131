"""`incept explain` of operations, passes and the definitions of a spec."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import inception_dsl as idsl
from inception_dsl.cli.explain import command
from inception_dsl.cli.main import incept
from inception_dsl.diagnostics.codes import CODES
from inception_dsl.ops import operation, operation_names
from inception_dsl.passes.pipelines import PASSES

pytestmark = pytest.mark.text


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(incept, ["explain", *map(str, arguments)])


def page(*arguments: str | Path) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*arguments: str | Path) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr


@pytest.mark.parametrize("name", operation_names())
def test_the_page_of_an_operation(name: str) -> None:
    shown = page(name)
    found = operation(name)
    assert found is not None
    assert shown.startswith(name)
    assert "\nShape: " in shown
    assert max(map(len, shown.splitlines())) <= 100
    for example in found.EXAMPLES:
        assert re.search(
            f"^  {re.escape(example.text)} .*-> {example.output}$", shown, re.MULTILINE
        )


def test_a_signature_has_types_and_defaults() -> None:
    assert page("conv2d").startswith(
        "conv2d(filters: int, kernel: size, stride: size = 1, padding: padding = valid,\n"
        "       dilation: size = 1, groups: int = 1, bias: bool = true)\n\n"
    )
    assert page("upsample").startswith("upsample(factor: size, mode: nearest | bilinear = nearest)")
    assert page("relu").startswith("relu()\n\n")


@pytest.mark.parametrize("name", PASSES)
def test_the_page_of_a_pass(name: str) -> None:
    shown = page(name)
    assert shown.startswith(f"{name}\n\n")
    assert len(shown.splitlines()) > 3


def test_the_index_lists_everything() -> None:
    listed = {line.split()[0] for line in page().splitlines() if line.startswith("  ")}
    assert listed == {*operation_names(), *PASSES, *CODES}


USES = re.compile(r"^  (\S+) +(\S.*?)  +(\S+) -> (\S+) +([\d,]+) +([\d,]+)$", re.MULTILINE)


def test_the_page_of_a_definition() -> None:
    shown = page("inception_a", "--in", "inception_v3")
    assert shown.startswith("module inception_a(pool_proj: int)\n\nFigure 5: ")
    assert "        branch conv(64, 1x1) -> conv(96, 3x3) -> conv(96, 3x3)\n" in shown
    assert "3 uses in inception_v3:\n" in shown
    # torchvision's InceptionA: 255,904, 277,472 and 285,152 trained numbers
    assert USES.findall(shown) == [
        ("mixed_5b", "inception_a(32)", "192x35x35", "256x35x35", "255,904", "312,345,600"),
        ("mixed_5c", "inception_a(64)", "256x35x35", "288x35x35", "277,472", "338,688,000"),
        ("mixed_5d", "inception_a(64)", "288x35x35", "288x35x35", "285,152", "348,096,000"),
    ]


def test_the_uses_of_what_all_of_a_network_is_made_of_are_all_of_it() -> None:
    rows = USES.findall(page("conv", "--in", "bn_inception"))
    network = idsl.load("bn_inception")
    linear = 1024 * 1000
    macs = sum(int(row[5].replace(",", "")) for row in rows)
    assert macs == network.macs - linear


def test_settings_and_input_reach_the_uses() -> None:
    shown = page("auxiliary_classifier", "--in", "inception_v3", "--set", "classes=7")
    assert " -> 7 " in shown
    shown = page("inception", "--in", "googlenet", "--input", "3x112x112")
    assert "192x14x14 -> 256x14x14" in shown
    assert "--in" in refused("conv2d", "--set", "classes=7")


def test_an_import_is_found_by_its_name_here_and_by_its_own() -> None:
    by_alias = page("conv", "--in", "inception_v3")
    assert by_alias.startswith("layer conv_bn(filters: int, kernel: size, stride: size = 1,\n")
    assert by_alias == page("conv_bn", "--in", "inception_v3")


def test_operands_and_defaults_are_part_of_a_signature(tmp_path: Path) -> None:
    spec = tmp_path / "a.incept"
    spec.write_text(
        "block cell(width: int, rate: float =\n  1.5) on (prev, cur) { concat {\n"
        "  branch prev -> conv2d(width, 1x1) branch cur -> relu() } }\n"
        "network n { input x: 3x8x8 a = relu() b = from (x, a) -> cell(4) }\n"
    )
    shown = page("cell", "--in", spec)
    assert shown.startswith("block cell(width: int, rate: float = 1.5) on (prev, cur)\n")
    assert "b     cell(4)  3x8x8, 3x8x8 -> 7x8x8" in shown


def test_a_library_has_pages_without_uses(tmp_path: Path) -> None:
    shown = page("conv_relu", "--in", "blocks")
    assert "Convolution, then ReLU" in shown
    assert "use" not in shown.splitlines()[-1]
    listed = page("--in", "blocks")
    assert "conv_relu  Convolution, then ReLU" in listed


def test_a_definition_that_nothing_uses_says_so(tmp_path: Path) -> None:
    spec = tmp_path / "a.incept"
    spec.write_text("block f() { relu() }\nnetwork n { input x: 3x8x8 relu() }\n")
    assert page("f", "--in", spec).endswith("No use in n\n")


def test_unknown_names_get_the_nearest() -> None:
    assert "`conv2d`" in refused("conv2")
    assert "`fold_batchnorm`" in refused("fold_batch_norms")
    assert "`inception_a`" in refused("inception_aa", "--in", "inception_v3")
    assert "--in" in refused("inception_a")
    assert "`inception_v3`" in refused("inception_a", "--in", "inception_v33")


def test_a_spec_with_a_mistake_is_told(tmp_path: Path) -> None:
    spec = tmp_path / "a.incept"
    spec.write_text("block f() { rellu() }\n")
    result = run("f", "--in", spec)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[E02" in result.stderr


def test_nothing_of_a_spec_steers_the_terminal(tmp_path: Path) -> None:
    spec = tmp_path / "a.incept"
    spec.write_text(
        '## red \x1b[31m\nblock f(s: string = "\x1b[2J") { relu() } # \x1b]0;t\x07\n'
        'network n { input x: 3x8x8 f("\x1b[1m") }\n'
    )
    result = run("f", "--in", spec)
    assert "\x1b" not in result.output
    assert "\\x1b" in result.output


def test_a_terminal_gets_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inception_dsl.cli.explain.colored", lambda stream: True)
    colored = CliRunner().invoke(command, ["inception_a", "--in", "inception_v3"], color=True)
    plain = re.sub(r"\x1b\[[\d;]*m", "", colored.stdout)
    assert colored.stdout.count("\x1b[") > 50
    assert plain == page("inception_a", "--in", "inception_v3")
