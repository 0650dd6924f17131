"""The DOT of figures: what it says, and where Graphviz puts it."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from graphviz_programs import PROGRAMS, laid_out

import inception_dsl as idsl
from inception_dsl.backends.figure import FigureOptions, UnknownPart
from inception_dsl.backends.figure.options import Mark
from inception_dsl.backends.figure.scene import Shape
from inception_dsl.backends.figure.themes import THEMES
from inception_dsl.backends.graphviz import to_graphviz
from inception_dsl.ir.regions import Region

EACH = [
    pytest.param(name, marks=pytest.mark.skipif(not path, reason=f"there is no {name} here"))
    for name, path in PROGRAMS.items()
]

BLOCKS = """
layer conv(filters: int, kernel: size, stride: size = 1) {
    conv2d(filters, kernel, stride=stride, padding=same, bias=false)
    batch_norm()
    relu()
}
"""

MODULE = (
    BLOCKS
    + """
## Inception module with dimension reduction.
module inception(n1x1: int, reduce3x3: int, n3x3: int, reduce5x5: int, n5x5: int, pool_proj: int) {
    concat {
        branch conv(n1x1, 1x1)
        branch conv(reduce3x3, 1x1) -> conv(n3x3, 3x3)
        branch conv(reduce5x5, 1x1) -> conv(n5x5, 5x5)
        branch max_pool(3x3, stride=1, padding=same) -> conv(pool_proj, 1x1)
    }
}
network one_module {
    input x: 192x28x28
    inception_3a = inception(64, 96, 128, 16, 32, 32)
}
"""
)

ZOO = (
    BLOCKS
    + """
module twin(n: int) {
    concat {
        branch conv(n, 1x1)
        branch wide = conv(n, 1x1) -> concat {
            branch conv(n, 1x3)
            branch conv(n, 3x1)
        }
    }
}
reduction shrink(n: int) {
    concat {
        branch conv(n, 3x3, stride=2)
        branch max_pool(3x3, stride=2, padding=same)
    }
}
block skip(scale_by: float) {
    residual(scale=scale_by) { conv(input.channels, 3x3) }
}
head side(classes: int) { flatten() -> linear(classes) }
network zoo(classes: int = 10) {
    input image: 3x32x32
    stem { conv(16, 7x7, stride=2) }
    mixed = twin(8)
    aux helper(weight=0.4) = side(classes)
    repeat 3 { skip(0.1) }
    shrink(8)
    head { global_avg_pool() -> linear(classes) }
}
"""
)

CELLS = (
    BLOCKS
    + """
block cell(n: int) on (prev, cur) {
    add {
        branch cur -> conv(n, 3x3)
        branch prev -> conv(n, 5x5)
    }
}
network cells {
    input image: 8x16x16
    prev = conv(8, 1x1)
    cur = prev
    repeat 6 {
        next = from (prev, cur) -> cell(8)
        prev = cur
        cur = next
    }
}
"""
)


class Drawn:
    """A figure as Graphviz laid it out."""

    def __init__(
        self,
        net: idsl.Network,
        program: str = "graphviz-pure",
        marks: dict[str, Mark] | None = None,
        **options: Any,
    ) -> None:
        self.net = net
        figure = to_graphviz(net.graph, FigureOptions(**options), marks)
        self.turned = options.get("direction") == "LR"
        self.layout = json.loads(laid_out(figure.source, "json", program))
        objects = self.layout["objects"]
        at = {item["name"]: item for item in objects if "pos" in item}
        self.boxes = {name: item for name, item in at.items() if not name.startswith("legend ")}
        self.legend = [item for name, item in at.items() if name.startswith("legend ")]
        self.clusters = {
            item["name"].removeprefix("cluster_"): item
            for item in objects
            if item["name"].startswith("cluster_")
        }
        names = {item["_gvid"]: item["name"] for item in objects}
        self.arrows = [
            ((names[edge["tail"]], names[edge["head"]]), edge)
            for edge in self.layout.get("edges", [])
            if edge.get("style") != "invis"
        ]
        self.edges = dict(self.arrows)

    def at(self, name: str) -> tuple[float, float]:
        """Its place across and along the direction of the figure."""
        x, y = map(float, self.boxes[name]["pos"].split(","))
        return (-y, x) if self.turned else (x, -y)

    def lines(self, name: str) -> list[str]:
        """The text of a box, from the top."""
        return said(self.boxes[name])

    def in_order(self, *names: str) -> bool:
        """Whether they stand side by side: left to right, or from the top where it runs right."""
        across = [self.at(name)[0] for name in names]
        return across == sorted(across)

    def box_of(self, path: str) -> str | None:
        """The box that shows a node, if any does: equal rounds are drawn once."""
        while path and path not in self.boxes:
            path = path.rpartition(".")[0]
        return None if path in self.clusters or not path else path

    def disorder(self) -> Iterator[tuple[str, str]]:
        """Neighbouring branches, by their first boxes, that do not stand in the spec's order."""
        for region in self.net.graph.graph.root.walk():
            for kind, run in groupby(region.children, kind_of):
                starts = [start for each in run if (start := self._start(each))]
                if kind == "branch":
                    yield from (pair for pair in pairwise(starts) if not self.in_order(*pair))

    def _start(self, branch: Region | str) -> str | None:
        """The box that a branch begins with, or the title of the frame that it begins with."""
        first = next(branch.nodes(), "") if isinstance(branch, Region) else ""
        around = (
            [
                frame
                for frame in self.clusters
                if first.startswith(f"{frame}.") and len(frame) > len(branch.path)
            ]
            if first
            else []
        )
        return min(around, key=len) if around else self.box_of(first)


def kind_of(child: Region | str) -> str:
    return child.kind if isinstance(child, Region) else "node"


def said(item: dict[str, Any]) -> list[str]:
    return str(item["label"]).replace("&amp;", "&").split(r"\n")


@pytest.fixture(scope="module")
def module() -> idsl.Network:
    return idsl.load(MODULE)


@pytest.fixture(scope="module")
def zoo() -> idsl.Network:
    return idsl.load(ZOO)


def test_every_operation_is_drawn_with_shape_and_parameters(module: idsl.Network) -> None:
    drawn = Drawn(module, depth=None)
    graph = module.graph.graph
    assert {node.path for node in graph} <= set(drawn.boxes)
    for node in graph:
        assert str(node.out).replace("x", "×") in " ".join(drawn.lines(node.path))
    conv = "inception_3a.branch_2.conv_2.conv2d"
    assert drawn.lines(conv) == ["conv 3×3, 128", "128×28×28 · 110,592 params"]
    assert drawn.lines("x") == ["x", "192×28×28"]
    for node in graph:
        for operand in graph.operands(node.path):
            direct = (operand, node.path) in drawn.edges
            assert direct or (operand, "inception_3a") in drawn.edges


def test_a_layer_is_one_box(module: idsl.Network) -> None:
    drawn = Drawn(module, depth=1)
    assert len(drawn.boxes) == 1 + 1 + 7 + 1  # input, title, six layers and a pool, concat
    path = "inception_3a.branch_3.conv_2"
    assert drawn.lines(path) == ["conv 5×5, 32", "32×28×28 · 12,864 params"]


@pytest.mark.parametrize("program", EACH)
@pytest.mark.parametrize("direction", ["TB", "LR"])
def test_branches_stand_side_by_side_in_the_order_of_the_spec(
    module: idsl.Network, direction: str, program: str
) -> None:
    drawn = Drawn(module, program, depth=1, direction=direction)
    heads = [f"inception_3a.branch_{i}.{'conv' if i < 4 else 'max_pool'}" for i in range(1, 5)]
    assert drawn.in_order(*heads)
    seconds = [f"inception_3a.branch_{i}.conv{'_2' * (i < 4)}" for i in (2, 3, 4)]
    assert drawn.in_order(*seconds)


@pytest.mark.parametrize("program", EACH)
@pytest.mark.parametrize(
    "spec", ["googlenet", "inception_v3", "inception_resnet_v2", "nasnet_a_mobile"]
)
def test_branches_of_whole_networks_keep_their_order(spec: str, program: str) -> None:
    net = idsl.load(spec)
    for direction in ("TB", "LR"):
        assert not list(Drawn(net, program, depth=1, direction=direction).disorder())
    if spec in ("googlenet", "inception_v3"):
        assert not list(Drawn(net, program, depth=None).disorder())


def random_network(seed: int) -> str:
    """Nested combinations that read the current tensor or an earlier one by its name."""
    chance = random.Random(seed)
    names: list[str] = []

    def step(depth: int) -> str:
        kind = chance.random()
        if depth and kind < 0.4:
            return combination(depth - 1)
        return chance.choice(("conv(4, 1x1)", "conv(4, 3x3)", "twin(4)", "skip(0.5)", "relu()"))

    def combination(depth: int) -> str:
        branches = []
        for _ in range(chance.randint(2, 4)):
            start = f"{chance.choice(names)} -> " if names and chance.random() < 0.3 else ""
            steps = " -> ".join(step(depth) for _ in range(chance.randint(1, 3)))
            branches.append(f"branch {start}{steps}")
        return "concat {\n" + "\n".join(branches) + "\n}"

    body = []
    for number in range(chance.randint(2, 4)):
        body.append(f"t{number} = {combination(2)}")
        names.append(f"t{number}")
    definitions = ZOO[: ZOO.index("head side")]
    return definitions + "network n {\ninput x: 3x16x16\n" + "\n".join(body) + "\n}"


@pytest.mark.parametrize("program", EACH)
@pytest.mark.parametrize("seed", range(8))
def test_branches_of_random_networks_keep_their_order(seed: int, program: str) -> None:
    net = idsl.load(random_network(seed))
    direction = "LR" if seed % 2 else "TB"
    for depth in (0, 1, None):
        assert not list(Drawn(net, program, depth=depth, direction=direction).disorder()), depth


def test_branches_are_ordered_where_they_read_different_tensors() -> None:
    net = idsl.load(CELLS)
    for depth in (1, None):
        drawn = Drawn(net, depth=depth)
        assert "repeat.1.next" in drawn.clusters
        assert not list(drawn.disorder())


def test_stem_modules_reductions_and_heads_are_clusters_told_apart(zoo: idsl.Network) -> None:
    drawn = Drawn(zoo, depth=1)
    assert set(drawn.clusters) == {"stem", "mixed", "helper", "repeat.0.skip", "shrink", "head"}
    told_by = {
        path: (cluster["fillcolor"], cluster["style"], cluster["penwidth"])
        for path, cluster in drawn.clusters.items()
    }
    assert len(set(told_by.values())) == len(told_by)
    assert "dashed" in drawn.clusters["helper"]["style"]
    left, bottom, right, top = map(float, drawn.clusters["mixed"]["bb"].split(","))
    for path in drawn.boxes:
        across, down = drawn.at(path)
        inside = left < across < right and bottom < -down < top
        assert inside == (path == "mixed" or path.startswith("mixed."))


def test_folded_sections_and_modules_are_one_box_each(zoo: idsl.Network) -> None:
    drawn = Drawn(zoo)
    assert list(drawn.boxes) == [
        "image",
        "stem",
        "mixed",
        "repeat.0.skip",
        "shrink",
        "head",
        "helper",
    ]
    assert not drawn.clusters
    assert drawn.lines("mixed") == ["mixed", "twin(8)", "24×16×16 · 704 params"]
    assert set(drawn.edges) == {
        ("image", "stem"), ("stem", "mixed"), ("mixed", "helper"), ("mixed", "repeat.0.skip"),
        ("repeat.0.skip", "shrink"), ("shrink", "head"),
    }  # fmt: skip


def test_the_figures_of_a_box_are_those_of_the_torch_model(zoo: idsl.Network) -> None:
    pytest.importorskip("torch")
    model = zoo.to_torch()
    drawn = Drawn(zoo)
    for name in ("stem", "mixed", "shrink", "head", "helper"):
        count = sum(parameter.numel() for parameter in getattr(model, name).parameters())
        assert f"{count:,} params" in " ".join(drawn.lines(name))


def test_equal_rounds_of_a_repeat_are_drawn_once(zoo: idsl.Network) -> None:
    drawn = Drawn(zoo, depth=1)
    one = 24 * 24 * 9 + 2 * 24
    assert drawn.lines("repeat.0.skip") == ["skip(0.1) × 3", f"24×16×16 · 3 × {one:,} params"]
    assert drawn.lines("repeat.0.skip.residual.conv")[-1].endswith(f" {one:,} params")
    assert Drawn(zoo).boxes["repeat.0.skip"]["peripheries"] == "2"
    assert "repeat.2.skip.add" in Drawn(zoo, depth=None).boxes


def test_rounds_of_several_things_get_a_frame_that_counts_them() -> None:
    text = (
        BLOCKS
        + """
        network nested {
            input x: 8x8x8
            repeat 2 { repeat 3 { pair = conv(8, 3x3) -> conv(8, 1x1) } }
            repeat 2 { repeat 4 { conv(8, 3x3) } }
        }
    """
    )
    drawn = Drawn(idsl.load(text), depth=1)
    outer, inner = drawn.clusters
    count = 8 * 8 * 9 + 2 * 8 + 8 * 8 + 2 * 8
    assert drawn.lines(outer) == ["× 2", f"8×8×8 · 2 × {3 * count:,} params"]
    assert drawn.lines(inner) == ["× 3", f"8×8×8 · 3 × {count:,} params"]
    assert drawn.lines("repeat_2.0.repeat.0.conv")[0] == "conv 3×3, 8 (× 8)"


def test_a_repeat_that_hands_on_two_tensors_shows_what_enters_its_first_round() -> None:
    drawn = Drawn(idsl.load(CELLS))
    assert set(drawn.edges) == {
        ("image", "prev"),
        ("prev", "repeat.0.next"),  # as both of its inputs
        ("prev", "repeat.1.next"),
        ("repeat.0.next", "repeat.1.next"),
    }
    assert drawn.lines("repeat.1.next")[:2] == ["next × 5", "cell(8)"]


def test_expanding_opens_one_more_part(zoo: idsl.Network) -> None:
    drawn = Drawn(zoo, expand=("mixed",))
    assert set(drawn.clusters) == {"mixed"}
    assert "mixed.branch_1.conv" in drawn.boxes
    deeper = Drawn(zoo, expand=("mixed.branch_1.conv",))
    assert "mixed.branch_1.conv.batch_norm" in deeper.boxes
    assert "mixed.wide.conv" in deeper.boxes
    third = Drawn(zoo, expand=("repeat.1.skip",))
    assert "repeat.1.skip.add" in third.boxes
    assert {"repeat.0.skip", "repeat.2.skip"} <= set(third.boxes)


def test_expanding_an_unknown_part_names_the_nearest(zoo: idsl.Network) -> None:
    with pytest.raises(UnknownPart, match=r"`mixd`.*`mixed`"):
        zoo.to_graphviz(expand=["mixd"])


@pytest.mark.parametrize("program", EACH)
@pytest.mark.parametrize("direction", ["TB", "LR"])
def test_an_auxiliary_head_hangs_on_a_dashed_edge_beside_the_main_path(
    zoo: idsl.Network, direction: str, program: str
) -> None:
    drawn = Drawn(zoo, program, depth=1, direction=direction)
    dashed = [pair for pair, edge in drawn.edges.items() if edge.get("style") == "dashed"]
    assert dashed == [("mixed.concat", "helper")]
    beside = max(drawn.at(path)[0] for path in drawn.boxes if "helper" not in path)
    assert drawn.at("helper")[0] > beside
    assert "auxiliary, weight 0.4" in " ".join(drawn.lines("helper"))


def test_adding_a_tensor_to_itself_keeps_both_edges() -> None:
    net = idsl.load("network n {\ninput x: 3x8x8\na = relu()\nadd { branch a branch a }\n}")
    assert [pair for pair, _ in Drawn(net).arrows].count(("a", "add")) == 2


def test_a_concat_is_a_bar_as_wide_as_its_branches(module: idsl.Network) -> None:
    for direction, side in (("TB", "width"), ("LR", "height")):
        drawn = Drawn(module, depth=1, direction=direction)
        heads = [f"inception_3a.branch_{i}.{'conv' if i < 4 else 'max_pool'}" for i in range(1, 5)]
        together = sum(float(drawn.boxes[head][side]) for head in heads)
        assert float(drawn.boxes["inception_3a.concat"][side]) >= together


def test_a_scaled_residual_is_a_factor_and_a_sum(zoo: idsl.Network) -> None:
    drawn = Drawn(zoo, depth=1)
    inside = [said(item) for path, item in drawn.boxes.items() if ".skip." in path]
    assert inside[1:] == [["× 0.1"], ["+"]]
    assert drawn.boxes["repeat.0.skip.add"]["shape"] == "circle"


def test_a_module_drawn_alone_has_what_it_is_given() -> None:
    drawn = Drawn(idsl.load(CELLS), module="repeat.1.next")
    assert [drawn.lines(path)[0] for path in list(drawn.boxes)[:2]] == ["prev", "cur"]
    assert not drawn.clusters


def test_the_dot_has_the_words_and_colours_of_the_drawn_figure() -> None:
    for options in ({"depth": 1}, {"heat": "macs"}, {"depth": None, "theme": "dark"}):
        net = idsl.load("inception_resnet_v2")
        drawn = Drawn(net, **options)
        shapes = {
            shape.path: shape
            for shape in net.figure(**options).items
            if isinstance(shape, Shape) and shape.path and shape.kind != "frame"
        }
        assert set(shapes) == set(drawn.boxes)
        for path, shape in shapes.items():
            words = " ".join(text.text for text in shape.texts).split()
            assert " ".join(drawn.lines(path)).replace(": ", " ").split() == words
            if shape.kind != "header":
                assert drawn.boxes[path]["fillcolor"] == shape.style.fill
                assert drawn.boxes[path]["color"] == shape.style.line


def test_the_legend_explains_the_colours_below_everything(zoo: idsl.Network) -> None:
    drawn = Drawn(zoo)
    assert [said(entry) for entry in drawn.legend] == [
        ["stem"], ["module"], ["reduction"], ["block"], ["head"], ["auxiliary head"],
    ]  # fmt: skip
    for path, entry in zip(
        ("stem", "mixed", "shrink", "repeat.0.skip", "head", "helper"), drawn.legend, strict=True
    ):
        assert drawn.boxes[path]["fillcolor"] == entry["fillcolor"]
    places = [tuple(map(float, entry["pos"].split(","))) for entry in drawn.legend]
    assert places == sorted(places)
    assert max(y for _, y in places) < min(-drawn.at(path)[1] for path in drawn.boxes)
    assert not Drawn(zoo, legend=False).legend


def test_heat_has_a_scale_up_to_the_largest_share(zoo: idsl.Network) -> None:
    drawn = Drawn(zoo, heat="params")
    title, *scale = map(said, drawn.legend)
    assert title == ["share of all parameters"]
    closed = [path for path in drawn.boxes if path != "image"]
    counts = {path: parameters(drawn.lines(path)) for path in closed}
    hottest = max(counts, key=lambda path: counts[path])
    assert scale[-1] == [f"{100 * counts[hottest] / sum(counts.values()):.3g} %"]
    assert drawn.boxes[hottest]["fillcolor"] == drawn.legend[-1]["fillcolor"]


def test_a_box_in_a_frame_of_many_is_as_hot_as_all_of_them() -> None:
    net = idsl.load("inception_resnet_v2")
    drawn = Drawn(net, depth=1, heat="macs")
    (widest,) = (item for item in drawn.boxes.values() if said(item)[0] == "conv 1×1, 1088")
    share = 20 * 384 * 1088 * 17 * 17 / net.macs
    assert said(drawn.legend[-1]) == [f"{100 * share:.3g} %"]
    assert widest["fillcolor"] == drawn.legend[-1]["fillcolor"]


def parameters(lines: list[str]) -> int:
    """What a box says of its parameters, times its number."""
    found = re.search(r"(?:(\d+) × )?([\d,]+) params", " ".join(lines))
    return int(found[1] or 1) * int(found[2].replace(",", "")) if found else 0


def test_marks_take_the_place_of_roles(zoo: idsl.Network) -> None:
    marks: dict[str, Mark] = {"mixed": "removed", "head": "added"}
    drawn = Drawn(zoo, marks=marks)
    colors = THEMES["light"].marks
    for path in ("stem", "mixed", "head"):
        mark = marks.get(path, "same")
        assert drawn.boxes[path]["fillcolor"] == colors[mark].fill
        assert ("dashed" in drawn.boxes[path]["style"]) == (mark == "removed")
    assert [said(entry) for entry in drawn.legend] == [["added"], ["removed"]]


def test_the_dark_theme_has_a_dark_page_and_light_type(zoo: idsl.Network) -> None:
    layout = Drawn(zoo, theme="dark").layout
    assert layout["bgcolor"] == THEMES["dark"].background
    assert layout["fontcolor"] == THEMES["dark"].ink


def test_the_caption_has_the_totals() -> None:
    net = idsl.load("googlenet")
    caption = Drawn(net).layout["label"]
    for total in ("6,998,552", "6,379,728", "1,582,671,872", "depth 22", "3×224×224"):
        assert total in caption
    assert "label" not in Drawn(net, caption=False).layout


HOSTILE = (
    r"<b>x</b>", r"\N \G \L", "&lt;&amp;&#65;", "trailing \\", r"\\", "]]> </text>", "a\x1b[31mb",
    "{a|b}", "日本 é", "%s {0} $x",
)  # fmt: skip


@pytest.mark.parametrize("program", EACH)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_shown_literally(hostile: str, program: str) -> None:
    net = idsl.load(
        f"## {hostile}\nblock named(text: string) {{ conv1d(8, 3) }}\n"
        f'network n {{ input x: 1x40   named("{hostile}") }}'
    )
    page = ElementTree.fromstring(laid_out(net.to_graphviz().source, "svg", program))
    texts = [element.text for element in page.iter("{http://www.w3.org/2000/svg}text")]
    shown = hostile.replace("\x1b", "\N{REPLACEMENT CHARACTER}")
    assert f'named("{shown}")' in texts
    tips = [link.get("{http://www.w3.org/1999/xlink}title") for link in page.iter()]
    assert any(tip and shown.strip() in tip for tip in tips)


def test_the_same_spec_gives_the_same_bytes() -> None:
    program = (
        "import sys, inception_dsl as idsl\n"
        "sys.stdout.write(idsl.load('inception_v3').to_graphviz(depth=1).source)\n"
    )
    written = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(written) == 1


def test_a_file_holds_the_source(module: idsl.Network, tmp_path: Path) -> None:
    module.draw(tmp_path / "x.dot", depth=1)
    source = (tmp_path / "x.dot").read_text(encoding="utf-8")
    assert source == module.to_graphviz(depth=1).source
