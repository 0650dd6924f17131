"""`incept show --layout paper`: the tables that papers print, row by row."""

from __future__ import annotations

import csv
import io
import re

import pytest
from click.testing import CliRunner

import inception_dsl as idsl
from inception_dsl.backends.table import render, sheet
from inception_dsl.backends.table.rounding import rounded, unit_for
from inception_dsl.cli.main import incept
from inception_dsl.shipped import shipped_specs

pytestmark = pytest.mark.text

# Table 1 of "Going deeper with convolutions" as printed, but for the columns that it leaves empty
# and its last row, the softmax, which belongs to the loss.
TABLE_1 = """
type|patch size/stride|output size|depth|#1×1|#3×3 reduce|#3×3|#5×5 reduce|#5×5|pool proj|params|ops
convolution|7×7/2|112×112×64|1|||||||2.7K|34M
max pool|3×3/2|56×56×64|0||||||||
convolution|3×3/1|56×56×192|2||64|192||||112K|360M
max pool|3×3/2|28×28×192|0||||||||
inception (3a)||28×28×256|2|64|96|128|16|32|32|159K|128M
inception (3b)||28×28×480|2|128|128|192|32|96|64|380K|304M
max pool|3×3/2|14×14×480|0||||||||
inception (4a)||14×14×512|2|192|96|208|16|48|64|364K|73M
inception (4b)||14×14×512|2|160|112|224|24|64|64|437K|88M
inception (4c)||14×14×512|2|128|128|256|24|64|64|463K|100M
inception (4d)||14×14×528|2|112|144|288|32|64|64|580K|119M
inception (4e)||14×14×832|2|256|160|320|32|128|128|840K|170M
max pool|3×3/2|7×7×832|0||||||||
inception (5a)||7×7×832|2|256|160|320|32|128|128|1072K|54M
inception (5b)||7×7×1024|2|384|192|384|48|128|128|1388K|71M
avg pool|7×7/1|1×1×1024|0||||||||
dropout (40%)||1×1×1024|0||||||||
linear||1×1×1000|1|||||||1000K|1M
"""

# Operations that the table prints otherwise than its own filters give them.
PRINTED = {
    "convolution 112×112×64": ("34M", "118M"),  # a separable 7×7; Caffe's model has a plain one
    "inception (4a)": ("73M", "74M"),  # 73.6M, cut off
    "inception (5a)": ("54M", "51M"),  # no counting gives 54
}
# Parameters: its K is 1024, biases are not counted, and from 4c on the printed counts do not follow
# from the printed filters by any one rule. None is farther off than this.
FARTHEST = 0.09


def lines(name: str) -> list[tuple[str, ...]]:
    return [line.cells for line in sheet(idsl.load(name).graph, layout="paper").lines]


def test_googlenet_is_table_1_of_its_paper() -> None:
    head, *printed = [tuple(line.split("|")) for line in TABLE_1.split("\n")[1:-1]]
    found = sheet(idsl.load("googlenet").graph, layout="paper")
    assert tuple(heading.text for heading in found.headings) == head
    ours = [line.cells for line in found.lines]
    assert [row[:10] for row in ours] == [row[:10] for row in printed]
    differing = {
        row[0] if "(" in row[0] else f"{row[0]} {row[2]}": (theirs[11], row[11])
        for row, theirs in zip(ours, printed, strict=True)
        if row[11] != theirs[11]
    }
    assert differing == PRINTED


def test_googlenets_parameters_are_those_printed_as_far_as_those_follow_from_the_filters() -> None:
    net = idsl.load("googlenet", bias=False)
    weights = csv.DictReader(io.StringIO(render(net.graph, "csv", layout="paper")))
    for row, theirs in zip(weights, TABLE_1.split("\n")[2:-1], strict=False):
        if not (printed := theirs.split("|")[10]) or printed == "2.7K":  # the separable 7×7
            assert row["params"] in ("0", "9408")
            continue
        ours = int(row["params"]) / 1024
        assert ours == pytest.approx(float(printed[:-1]), rel=FARTHEST)
        if printed in ("112K", "159K"):
            assert int(ours) == int(printed[:-1])


def test_bn_inception_has_the_columns_of_figure_5() -> None:
    found = sheet(idsl.load("bn_inception").graph, layout="paper")
    assert [heading.text for heading in found.headings[4:-2]] == [
        "#1×1", "#3×3 reduce", "#3×3", "double #3×3 reduce", "double #3×3", "pool proj",
    ]  # fmt: skip
    rows = {line.cells[0]: line.cells for line in found.lines}
    assert rows["inception (3a)"][2:10] == (
        "28×28×256", "3", "64", "64", "64", "64", "96", "avg + 32",
    )  # fmt: skip
    assert rows["inception_stride_2 (3c)"][4:10] == (
        "", "128", "160", "64", "96", "max + pass through",
    )  # fmt: skip
    assert rows["inception (5b)"][9] == "max + 128"
    assert "& max + 128 &" in render(idsl.load("bn_inception").graph, "latex", layout="paper")


def test_resnet_50_is_its_column_of_table_1() -> None:
    rows = {cells[0]: cells for cells in lines("resnet50")}
    assert rows["convolution"][:3] == ("convolution", "7×7/2", "112×112×64")
    for name, filters, times in (
        ("conv2_x", "64, 64, 256", 3),
        ("conv3_x", "128, 128, 512", 4),
        ("conv4_x", "256, 256, 1024", 6),
        ("conv5_x", "512, 512, 2048", 3),
    ):
        row = rows[f"bottlenecks ({name})"]
        assert row[1] == "1×1, 3×3, 1×1"
        assert row[3:5] == (str(3 * times), f"({filters}) × {times}")


def test_mobilenet_v2_has_the_columns_of_table_2() -> None:
    found = sheet(idsl.load("mobilenet_v2").graph, layout="paper")
    assert [heading.text for heading in found.headings[4:-2]] == ["t", "c", "n", "s"]
    blocks = [line.cells[4:8] for line in found.lines if line.cells[0] == "bottleneck"]
    assert [" ".join(block) for block in blocks] == [
        "1 16 1 1", "6 24 2 2", "6 32 3 2", "6 64 4 2", "6 96 3 1", "6 160 3 2", "6 320 1 1",
    ]  # fmt: skip


def test_inception_v4_repeats_its_modules_as_figure_9_does() -> None:
    names = [cells[0] for cells in lines("inception_v4")]
    assert names == [
        "stem_v4", "inception_a × 4", "reduction_a", "inception_b × 7", "reduction_b",
        "inception_c × 3", "avg pool", "dropout (20%)", "linear",
    ]  # fmt: skip


@pytest.mark.parametrize("name", shipped_specs())
def test_exact_figures_add_up_to_the_network_at_every_depth(name: str) -> None:
    net = idsl.load(name)
    for depth in (0, 1, None):
        *body, total = csv.DictReader(io.StringIO(render(net.graph, "csv", depth, layout="paper")))
        assert total["type"] == "total"
        for column, expected in (("params", net.params), ("ops", net.macs)):
            assert sum(int(row[column] or 0) for row in body) == int(total[column]) == expected


@pytest.mark.parametrize("name", ["googlenet", "vgg16", "inception_v4", "nasnet_a_mobile"])
def test_depths_add_up_where_rows_follow_each_other(name: str) -> None:
    found = sheet(idsl.load(name).graph, layout="paper")
    deep = sum(int(line.cells[3]) for line in found.lines)
    assert deep == int(found.totals[0].cells[3])


def test_auxiliary_heads_are_left_out_and_the_caption_says_so() -> None:
    found = sheet(idsl.load("googlenet").graph, layout="paper")
    assert found.caption.endswith("without the auxiliary heads aux1, aux2 (6.4M)")
    assert not [line for line in found.lines if "auxiliary" in line.cells[0]]
    found = sheet(idsl.load("inception_v3").graph, layout="paper")
    assert "without the auxiliary head aux" in found.caption


def test_a_deeper_table_has_branches_and_their_layers() -> None:
    found = sheet(idsl.load("inception_v3").graph, 1, layout="paper").lines
    start = [line.cells[0] for line in found].index("inception_a (mixed_5b)")
    assert [(line.level, *line.cells[:2]) for line in found[start : start + 6]] == [
        (0, "inception_a (mixed_5b)", ""),
        (1, "branch 1", ""),
        (2, "convolution", "1×1/1"),
        (1, "branch 2", ""),
        (2, "convolution", "1×1/1"),
        (2, "convolution", "5×5/1"),
    ]


@pytest.mark.parametrize(
    ("number", "unit", "shown"),
    [
        (2_712, 10**6, "2.7K"), (114_688, 1_000, "115K"), (1_072_000, 1_000, "1072K"),
        (34_019_328, 10**6, "34M"), (1_024_000, 10**6, "1M"), (14_964_736, 1_000, "14,965K"),
        (9_999, 1_000, "10K"), (999, 1_000, "1K"), (949, 1_000, "949"), (840, 10**6, "840"),
    ],
)  # fmt: skip
def test_numbers_are_rounded_as_papers_do(number: int, unit: int, shown: str) -> None:
    assert rounded(number, unit) == shown


def test_a_columns_unit_follows_its_total() -> None:
    assert [unit_for(total) for total in (0, 60_850, 6_998_552, 1_582_671_872)] == [
        1, 1, 1_000, 10**6,
    ]  # fmt: skip


def test_figures_for_people_are_rounded_in_every_format() -> None:
    net = idsl.load("googlenet")
    for format in ("table", "markdown", "latex"):
        text = render(net.graph, format, layout="paper")
        assert "360M" in text
        assert "359,661,568" not in text


def test_the_terminal_shows_googlenets_table_whole() -> None:
    text = render(idsl.load("googlenet").graph, "table", layout="paper")
    assert "…" not in text
    assert re.search(
        r"inception \(5b\) +7×7×1024 +2 +384 +192 +384 +48 +128 +128 +1444K +71M", text
    )


@pytest.mark.parametrize("arguments", [["--format", "json"], ["--memory"]])
def test_what_has_no_layout_refuses_it(arguments: list[str]) -> None:
    result = CliRunner().invoke(incept, ["show", "lenet5", "--layout", "paper", *arguments])
    assert result.exit_code == 2
    assert "no --layout paper" in result.output


def test_what_joins_branches_is_told() -> None:
    net = idsl.load(
        """
        module cell(n: int) {
            concat {
                branch add { branch conv2d(n, 1x1)  branch input }
                branch mul { branch input  branch conv2d(2, 1x1) -> conv2d(input.channels, 1x1) }
                branch conv2d(n, 3x3, padding=same)
            }
        }
        module sum(n: int) { add { branch conv2d(n, 1x1)  branch conv2d(n, 3x3, padding=same) } }
        network n { input x: 8x16x16  cell(8)  sum(4) }
        """
    )
    found = sheet(net.graph, layout="paper")
    assert [heading.name for heading in found.headings].count("filters") == 1
    place = [heading.name for heading in found.headings].index("filters")
    assert [line.cells[place] for line in found.lines] == [
        "(8 + input) | (input × (2, 8)) | 8",
        "4 + 4",
    ]
