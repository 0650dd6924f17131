"""`incept show`: rows that add up, and text that stays text in every format."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

import inception_dsl as idsl
from inception_dsl.backends.table import FORMATS, Table, render, rows, sheet
from inception_dsl.backends.table.terminal import to_rich
from inception_dsl.cli.main import incept

pytestmark = pytest.mark.text

ZOO = """
## Small, with everything that a table may meet.
layer conv(filters: int, kernel: size, stride: size = 1) {
    conv2d(filters, kernel, stride=stride, padding=same, bias=false)
    batch_norm()
    relu()
}
module twin(n: int) {
    concat {
        branch conv(n, 1x1)
        branch wide = conv(n, 1x3) -> conv(n, 3x1)
    }
}
block skip(scale_by: float) {
    residual(scale=scale_by) { conv(16, 3x3) }
}
head side(classes: int) { flatten() -> linear(classes) }
network zoo(classes: int = 10) {
    input image: 3x32x32
    stem { conv(16, 7x7, stride=2) }
    mixed = twin(8)
    aux helper(weight=0.4) = side(classes)
    repeat 3 { skip(0.1) }
    head { global_avg_pool() -> linear(classes) }
}
"""

HOSTILE = (r"<b>\N</b> | & {x} $a_b$ `c` \textbf{d}", r"# % ~ ^ _e_ *f* 'g' -- [h](i) &lt; \ ")


@pytest.fixture(scope="module")
def zoo() -> idsl.Network:
    return idsl.load(ZOO)


def hostile_network(text: str) -> idsl.Network:
    return idsl.load(
        f"block named(text: string) {{ conv1d(8, 3) }}\n"
        f'network n {{ input x: 1x40   named("{text}") }}'
    )


def figures(table: Table, aux: bool) -> tuple[int, int]:
    """The sums of the columns, over the rows that have numbers."""
    shown = [row.figures for row in table.rows if row.figures and row.aux == aux]
    return sum(params for params, _ in shown), sum(macs for _, macs in shown)


@pytest.mark.parametrize("depth", [0, 1, 2, None])
@pytest.mark.parametrize("spec", [ZOO, "googlenet", "inception_v3"], ids=lambda s: s[:12].strip())
def test_the_rows_add_up_to_the_totals_at_every_depth(spec: str, depth: int | None) -> None:
    net = idsl.load(spec)
    table = rows(net.graph, depth)
    (_, main), (_, aux) = table.totals
    assert figures(table, aux=False) == (net.params, net.macs) == main
    assert figures(table, aux=True) == aux
    assert aux[0] == net.aux_params


def test_modules_are_one_row_each_and_sections_are_open(zoo: idsl.Network) -> None:
    found = [(row.level, row.name, row.operation) for row in rows(zoo.graph).rows]
    assert found == [
        (0, "image", "input"),
        (0, "stem", ""),
        (1, "conv", "conv(16, 7x7, stride=2)"),
        (0, "mixed", "twin(8)"),
        (0, "helper", "side(10)"),
        (0, "repeat × 3", ""),
        (1, "skip", "skip(0.1)"),
        (0, "head", ""),
        (1, "global_avg_pool", "global avg pool"),
        (1, "linear", "linear 10"),
    ]


def test_a_deeper_table_shows_branches_and_then_operations(zoo: idsl.Network) -> None:
    one = [row.path for row in rows(zoo.graph, 1).rows]
    assert one[one.index("mixed") :][:6] == [
        "mixed", "mixed.branch_1", "mixed.branch_1.conv",
        "mixed.wide", "mixed.wide.conv", "mixed.wide.conv_2",
    ]  # fmt: skip
    everything = {row.path for row in rows(zoo.graph, None).rows if row.figures}
    assert everything == {node.path for node in zoo.graph.graph}


def test_json_has_exactly_the_keys_that_other_programs_rely_on(zoo: idsl.Network) -> None:
    found = json.loads(render(zoo.graph, "json"))
    assert list(found) == [
        "name", "input", "output", "params", "aux_params", "buffers", "macs", "depth", "convs",
        "linears", "layers", "nodes",
    ]  # fmt: skip
    assert all(
        list(node) == ["path", "op", "inputs", "output", "params", "macs"]
        for node in found["nodes"]
    )
    assert (found["name"], found["input"], found["output"]) == ("zoo", [3, 32, 32], [10])


def test_json_lists_every_node_with_its_operands_in_order(zoo: idsl.Network) -> None:
    nodes = {node["path"]: node for node in json.loads(render(zoo.graph, "json"))["nodes"]}
    assert nodes["image"]["inputs"] == []
    assert nodes["mixed.concat"] == {
        "path": "mixed.concat",
        "op": "concat",
        "inputs": ["mixed.branch_1.conv.relu", "mixed.wide.conv_2.relu"],
        "output": [16, 16, 16],
        "params": 0,
        "macs": 0,
    }
    assert nodes["helper.linear"]["params"] == 16 * 16 * 16 * 10 + 10  # heads are nodes, too
    body = "repeat.0.skip.residual.conv.conv2d"
    assert nodes[body]["macs"] == 16 * 16 * 16 * 16 * 9


def test_json_is_the_same_at_every_depth(zoo: idsl.Network) -> None:
    assert len({render(zoo.graph, "json", depth) for depth in (0, 1, None)}) == 1


def test_csv_has_plain_numbers_that_a_spreadsheet_adds_up(zoo: idsl.Network) -> None:
    lines = list(csv.DictReader(io.StringIO(render(zoo.graph, "csv", 1))))
    main = [line for line in lines if line["auxiliary"] == "no"]
    assert main[-1]["operation"] == "total"
    assert not main[-1]["path"]
    for column, expected in (("params", zoo.params), ("macs", zoo.macs)):
        assert (
            sum(int(line[column] or 0) for line in main[:-1]) == int(main[-1][column]) == expected
        )


def test_people_get_thousands_separators(zoo: idsl.Network) -> None:
    for format in ("table", "markdown", "latex"):
        assert f"{zoo.macs:,}" in render(zoo.graph, format)
    assert f"{zoo.macs:,}" not in render(zoo.graph, "csv")


def test_a_terminal_of_eighty_columns_is_enough() -> None:
    from rich.console import Console

    screen = io.StringIO()
    Console(file=screen, width=80).print(to_rich(sheet(idsl.load("googlenet").graph)))
    lines = screen.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    text = " ".join(" ".join(lines).split())
    for shown in ("inception_5b", "1,444,080", "70,697,984", "6,998,552", "1,582,671,872"):
        assert shown in text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_markdown_shows_hostile_text_literally(hostile: str) -> None:
    page = render(hostile_network(hostile).graph, "markdown")
    cells = []
    for token in MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(page):
        if token.type == "inline":
            kinds = {child.type for child in token.children or ()}
            cells.append(("".join(child.content for child in token.children or ()), kinds))
    text, kinds = next(cell for cell in cells if cell[0].startswith("named("))
    assert text == f'named("{hostile}")'
    assert kinds <= {"text", "text_special"}
    assert len(cells) == 1 + 5 * 4  # the caption, then four lines of five cells


@pytest.mark.parametrize("hostile", HOSTILE)
def test_latex_escapes_hostile_text(hostile: str) -> None:
    page = render(hostile_network(hostile).graph, "latex")
    line = next(line for line in page.splitlines() if line.strip().startswith("named"))
    commands = r"\\(text[a-z]+|times|quad|ldots|allowbreak)\b(\{\})?|\\symbol\{34\}|\\[{}$&#%_]"
    bare = re.sub(commands, "", line.removesuffix(r"\\").replace(r"$\times$", ""))
    assert bare.count("&") == 4  # between the five columns
    assert not set(re.sub(r"\{[-*[\]]\}", "", bare)) & set("\\{}$#%_^~<>\"'`")


def test_latex_uses_booktabs_and_escapes_underscores() -> None:
    page = render(idsl.load("googlenet").graph, "latex")
    assert r"\toprule" in page
    assert r"\bottomrule" in page
    assert (
        r"inception\_3a & inception(64, 96, 128, 16, 32, 32) & "
        r"256$\times$28$\times$28 & 163,696 & 128,049,152 \\"
    ) in page


def test_no_format_lets_control_characters_through() -> None:
    net = hostile_network("\x1b[31mred\x07 \x9b2J")
    for format in FORMATS:
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", render(net.graph, format)), format


def test_markup_of_rich_in_a_spec_is_text() -> None:
    assert '"[red]x[/red]"' in render(hostile_network("[red]x[/red]").graph, "table")


@pytest.mark.parametrize("format", FORMATS)
def test_a_table_ends_with_one_line_end(zoo: idsl.Network, format: str) -> None:
    text = render(zoo.graph, format)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_a_table_is_text_in_a_notebook_too(
    zoo: idsl.Network, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = zoo.summary()
    monkeypatch.setattr("rich.console._is_jupyter", lambda: True)
    assert zoo.summary() == plain
    assert capsys.readouterr().out == ""


def test_blanks_between_columns_say_nothing() -> None:
    spaced, plain = (
        CliRunner().invoke(incept, ["show", "lenet5", "--columns", columns]).stdout
        for columns in ("params, macs", "params,macs")
    )
    assert spaced == plain != ""
