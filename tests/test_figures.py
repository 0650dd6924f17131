"""Figures: what is drawn, where it stands, and files that come whole or not at all."""

from __future__ import annotations

import io
import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import graphviz
import pytest

import inception_dsl as idsl
from inception_dsl.backends.graphviz import (
    RenderError,
    UnknownPart,
    draw,
    render,
    to_graphviz,
)

pytestmark = pytest.mark.text

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

    def __init__(self, net: idsl.Network, **options: Any) -> None:
        self.figure = to_graphviz(net.graph, **options)
        self.layout = json.loads(draw(self.figure, "json"))
        objects = self.layout["objects"]
        self.boxes = {item["name"]: item for item in objects if "pos" in item}
        self.clusters = {
            item["name"].removeprefix("cluster_"): item
            for item in objects
            if item["name"].startswith("cluster_")
        }
        names = {item["_gvid"]: item["name"] for item in objects}
        self.edges = {
            (names[edge["tail"]], names[edge["head"]]): edge
            for edge in self.layout.get("edges", [])
            if edge.get("style") != "invis"
        }
        self.chains = [
            (names[edge["tail"]], names[edge["head"]])
            for edge in self.layout.get("edges", [])
            if edge.get("style") == "invis"
        ]

    def at(self, name: str) -> tuple[float, float]:
        x, y = self.boxes[name]["pos"].split(",")
        return float(x), float(y)

    def lines(self, name: str) -> list[str]:
        """The text of a box, from the top."""
        return self.boxes[name]["label"].replace("&amp;", "&").split(r"\n")

    def left_to_right(self, *names: str) -> bool:
        across = [self.at(name)[0] for name in names]
        return across == sorted(across)


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
        assert str(node.out) in drawn.lines(node.path)
    conv = "inception_3a.branch_2.conv_2.conv2d"
    assert drawn.lines(conv) == ["conv 3x3, 128", "128x28x28", "110,592 params"]
    assert drawn.lines("x") == ["input x", "192x28x28"]
    for node in graph:
        for operand in graph.operands(node.path):
            direct = (operand, node.path) in drawn.edges
            assert direct or (operand, "inception_3a") in drawn.edges


def test_a_layer_is_one_box(module: idsl.Network) -> None:
    drawn = Drawn(module)
    assert len(drawn.boxes) == 1 + 1 + 7 + 1  # input, title, six layers and a pool, concat
    path = "inception_3a.branch_3.conv_2"
    assert drawn.lines(path) == ["conv(32, 5x5)", "32x28x28", "12,864 params"]


def test_branches_stand_side_by_side_in_the_order_of_the_spec(module: idsl.Network) -> None:
    drawn = Drawn(module)
    heads = [f"inception_3a.branch_{i}.{'conv' if i < 4 else 'max_pool'}" for i in range(1, 5)]
    assert drawn.left_to_right(*heads)
    assert len({drawn.at(head)[1] for head in heads}) == 1
    seconds = [f"inception_3a.branch_{i}.conv{'_2' * (i < 4)}" for i in (2, 3, 4)]
    assert drawn.left_to_right(*seconds)


@pytest.mark.parametrize("depth", [1, 2, None])
@pytest.mark.parametrize("spec", ["googlenet", "inception_v3"])
def test_branches_of_whole_networks_keep_their_order(spec: str, depth: int | None) -> None:
    drawn = Drawn(idsl.load(spec), depth=depth)
    assert len(drawn.chains) >= 27
    for left, right in drawn.chains:
        assert drawn.left_to_right(left, right), (left, right)


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


@pytest.mark.parametrize("seed", range(12))
def test_branches_of_random_networks_keep_their_order(seed: int) -> None:
    net = idsl.load(random_network(seed))
    for depth in (0, 1, None):
        drawn = Drawn(net, depth=depth)
        assert drawn.chains
        for left, right in drawn.chains:
            assert drawn.left_to_right(left, right), (depth, left, right)


def test_branches_are_ordered_where_they_read_different_tensors() -> None:
    for depth in (1, None):
        drawn = Drawn(idsl.load(CELLS), depth=depth)
        assert drawn.chains
        assert all(drawn.left_to_right(*pair) for pair in drawn.chains)


def test_stem_modules_reductions_and_heads_are_clusters_told_apart(zoo: idsl.Network) -> None:
    drawn = Drawn(zoo)
    assert set(drawn.clusters) == {"stem", "mixed", "helper", "repeat.0.skip", "shrink", "head"}
    told_by = {
        path: (cluster["fillcolor"], cluster["style"], cluster["penwidth"])
        for path, cluster in drawn.clusters.items()
    }
    assert len(set(told_by.values())) == len(told_by)
    assert "dashed" in drawn.clusters["helper"]["style"]
    left, bottom, right, top = map(float, drawn.clusters["mixed"]["bb"].split(","))
    for path in drawn.boxes:
        across, up = drawn.at(path)
        inside = left < across < right and bottom < up < top
        assert inside == (path == "mixed" or path.startswith("mixed."))


def test_folded_sections_and_modules_are_one_box_each(zoo: idsl.Network) -> None:
    drawn = Drawn(zoo, depth=0)
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
    assert drawn.lines("mixed") == ["mixed", "twin(8)", "24x16x16 · 704 params"]
    assert set(drawn.edges) == {
        ("image", "stem"), ("stem", "mixed"), ("mixed", "helper"), ("mixed", "repeat.0.skip"),
        ("repeat.0.skip", "shrink"), ("shrink", "head"),
    }  # fmt: skip


def test_the_figures_of_a_box_are_those_of_the_torch_model(zoo: idsl.Network) -> None:
    pytest.importorskip("torch")
    model = zoo.to_torch()
    drawn = Drawn(zoo, depth=0)
    for name in ("stem", "mixed", "shrink", "head", "helper"):
        count = sum(parameter.numel() for parameter in getattr(model, name).parameters())
        assert f"{count:,} params" in drawn.lines(name)[-1]


def test_equal_rounds_of_a_repeat_are_drawn_once(zoo: idsl.Network) -> None:
    title, facts = Drawn(zoo).lines("repeat.0.skip")
    assert title == "skip(0.1) × 3"
    one = 24 * 24 * 9 + 2 * 24
    assert facts == f"24x16x16 · 3 × {one:,} params"
    assert Drawn(zoo).lines("repeat.0.skip.residual.conv")[-1] == f"{one:,} params"
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
    drawn = Drawn(idsl.load(text))
    outer, inner = drawn.clusters
    count = 8 * 8 * 9 + 2 * 8 + 8 * 8 + 2 * 8
    assert drawn.lines(outer) == ["× 2", f"8x8x8 · 2 × {3 * count:,} params"]
    assert drawn.lines(inner) == ["× 3", f"8x8x8 · 3 × {count:,} params"]
    assert drawn.lines("repeat_2.0.repeat.0.conv")[0] == "conv(8, 3x3) × 8"


def test_only_neighbours_that_are_equal_are_drawn_once() -> None:
    text = (
        BLOCKS
        + """
        network growing {
            input x: 3x8x8
            repeat i in 0..5 {
                concat { branch identity()  branch conv(4, 3x3) }
                conv(if i < 1 then 8 else 16, 1x1)
            }
        }
    """
    )
    drawn = Drawn(idsl.load(text), depth=0)
    rounds = {path.split(".")[1] for path in drawn.boxes if "." in path}
    assert rounds == {"0", "1", "2"}  # the first differs, the second has another input
    assert drawn.lines("repeat.2")[0] == "× 3"


def test_a_repeat_that_hands_on_two_tensors_shows_what_enters_its_first_round() -> None:
    drawn = Drawn(idsl.load(CELLS), depth=0)
    assert set(drawn.edges) == {
        ("image", "prev"),
        ("prev", "repeat.0.next"),  # as both of its inputs
        ("prev", "repeat.1.next"),
        ("repeat.0.next", "repeat.1.next"),
    }
    assert drawn.lines("repeat.1.next")[1] == "cell(8) × 5"


def test_expanding_opens_one_more_part(zoo: idsl.Network) -> None:
    drawn = Drawn(zoo, depth=0, expand=["mixed"])
    assert set(drawn.clusters) == {"mixed"}
    assert "mixed.branch_1.conv" in drawn.boxes
    deeper = Drawn(zoo, depth=0, expand=["mixed.branch_1.conv"])
    assert "mixed.branch_1.conv.batch_norm" in deeper.boxes
    assert "mixed.wide.conv" in deeper.boxes
    third = Drawn(zoo, depth=0, expand=["repeat.1.skip"])
    assert "repeat.1.skip.add" in third.boxes
    assert {"repeat.0.skip", "repeat.2.skip"} <= set(third.boxes)


def test_expanding_an_unknown_part_names_the_nearest(zoo: idsl.Network) -> None:
    with pytest.raises(UnknownPart, match=r"`mixd`.*`mixed`"):
        to_graphviz(zoo.graph, expand=["mixd"])


def test_an_auxiliary_head_hangs_on_a_dashed_edge_beside_the_main_path(zoo: idsl.Network) -> None:
    drawn = Drawn(zoo)
    dashed = [pair for pair, edge in drawn.edges.items() if edge.get("style") == "dashed"]
    assert dashed == [("mixed.concat", "helper")]
    right_of_main = max(drawn.at(path)[0] for path in drawn.boxes if "helper" not in path)
    assert drawn.at("helper")[0] > right_of_main
    assert "auxiliary head, weight 0.4" in drawn.lines("helper")


def test_adding_a_tensor_to_itself_keeps_both_edges() -> None:
    net = idsl.load("network n {\ninput x: 3x8x8\na = relu()\nadd { branch a branch a }\n}")
    source = to_graphviz(net.graph).source
    assert len(re.findall(r"\ba -> add\b", source)) == 2


def test_the_caption_has_the_totals() -> None:
    caption = Drawn(idsl.load("googlenet")).layout["label"]
    for total in ("6,998,552", "6,379,728", "1,582,671,872", "depth 22", "3x224x224"):
        assert total in caption


HOSTILE = (
    r"<b>x</b>", r"\N \G \L", "&lt;&amp;&#65;", "trailing \\", r"\\", "]]> </text>", "a\x1b[31mb",
    "{a|b}", "日本 é", "%s {0} $x",
)  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_shown_literally(hostile: str) -> None:
    net = idsl.load(
        f"## {hostile}\nblock named(text: string) {{ conv1d(8, 3) }}\n"
        f'network n {{ input x: 1x40   named("{hostile}") }}'
    )
    page = ElementTree.fromstring(draw(to_graphviz(net.graph, depth=0), "svg"))
    texts = [element.text for element in page.iter("{http://www.w3.org/2000/svg}text")]
    shown = hostile.replace("\x1b", "\N{REPLACEMENT CHARACTER}")
    assert f'named("{shown}")' in texts
    tips = [link.get("{http://www.w3.org/1999/xlink}title") for link in page.iter()]
    assert any(tip and shown.strip() in tip for tip in tips)


def test_the_same_spec_gives_the_same_bytes() -> None:
    program = (
        "import sys, inception_dsl as idsl\n"
        "from inception_dsl.backends.graphviz import draw\n"
        "figure = idsl.load('inception_v3').to_graphviz()\n"
        "sys.stdout.buffer.write(draw(figure, 'dot') + draw(figure, 'svg'))\n"
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


def test_drawing_imports_neither_torch_nor_numpy() -> None:
    program = (
        "import sys, inception_dsl as idsl\n"
        "idsl.load('googlenet').to_graphviz()\n"
        "print([name for name in ('torch', 'numpy', 'onnx') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"


def test_svg_is_one_drawing_with_all_its_text(module: idsl.Network, tmp_path: Path) -> None:
    render(to_graphviz(module.graph), tmp_path / "x.svg")
    page = ElementTree.parse(tmp_path / "x.svg").getroot()
    texts = [element.text for element in page.iter("{http://www.w3.org/2000/svg}text")]
    assert "inception_3a = inception(64, 96, 128, 16, 32, 32)" in texts
    assert "164,064 params" in " ".join(filter(None, texts))


def test_png_shows_its_text(module: idsl.Network, tmp_path: Path) -> None:
    Image = pytest.importorskip("PIL.Image")  # noqa: N806 - a module with a class's name
    render(to_graphviz(module.graph), tmp_path / "x.PNG")
    with Image.open(tmp_path / "x.PNG") as picture:
        dark = picture.convert("L").point(lambda level: level < 60, "1")
        titled = sum(dark.crop((0, 0, dark.width, dark.height // 3)).tobytes())
    bare = re.sub(r'label="[^"]*"', 'label=""', to_graphviz(module.graph).source)
    without = Image.open(io.BytesIO(draw(graphviz.Source(bare), "png"))).convert("L")
    without_dark = without.point(lambda level: level < 60, "1")
    assert titled > 3 * sum(without_dark.crop((0, 0, without.width, without.height // 3)).tobytes())


def test_pdf_comes_without_a_system_dot_the_same_each_time(
    module: idsl.Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("svglib")
    monkeypatch.setenv("PATH", str(tmp_path))
    written = set()
    for name in ("a.pdf", "b.pdf"):
        render(to_graphviz(module.graph), tmp_path / name)
        written.add((tmp_path / name).read_bytes())
    (only,) = written
    assert only.startswith(b"%PDF-")
    assert only.rstrip().endswith(b"%%EOF")


def test_dot_is_the_source(module: idsl.Network, tmp_path: Path) -> None:
    figure = to_graphviz(module.graph)
    render(figure, tmp_path / "x.dot")
    assert (tmp_path / "x.dot").read_text(encoding="utf-8") == figure.source


@pytest.mark.parametrize(("name", "word"), [("x.gif", r"`\.gif`"), ("x", "no suffix")])
def test_an_unknown_suffix_is_answered_with_the_known_ones(
    module: idsl.Network, tmp_path: Path, name: str, word: str
) -> None:
    with pytest.raises(RenderError, match=rf"{word}.*\.svg, \.pdf, \.png, \.dot"):
        render(to_graphviz(module.graph), tmp_path / name)
    assert not list(tmp_path.iterdir())


def fake_dot(folder: Path, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `dot` of our own on the path, in place of any other Graphviz."""
    program = folder / "dot"
    program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def no_bundled_graphviz(monkeypatch: pytest.MonkeyPatch) -> None:
    renderer = sys.modules["inception_dsl.backends.graphviz.render"]
    monkeypatch.setattr(renderer, "_bundled", lambda: None)


def test_a_layout_that_takes_too_long_is_ended_with_advice(
    module: idsl.Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_dot(tmp_path, "exec sleep 30", monkeypatch)
    no_bundled_graphviz(monkeypatch)
    monkeypatch.setattr(sys.modules["inception_dsl.backends.graphviz.render"], "SECONDS", 0.1)
    with pytest.raises(RenderError, match="depth"):
        render(to_graphviz(module.graph), tmp_path / "x.svg")
    assert not (tmp_path / "x.svg").exists()


def test_a_failure_leaves_the_old_file(
    module: idsl.Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.svg").write_text("old", encoding="utf-8")
    fake_dot(tmp_path, "echo half a drawing; echo out of luck >&2; exit 1", monkeypatch)
    no_bundled_graphviz(monkeypatch)
    with pytest.raises(RenderError, match="out of luck"):
        render(to_graphviz(module.graph), tmp_path / "x.svg")
    assert (tmp_path / "x.svg").read_text(encoding="utf-8") == "old"


def test_the_system_dot_takes_the_place_of_a_missing_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_dot(tmp_path, "echo drawn by the system", monkeypatch)
    assert b"drawn by the system" not in draw(graphviz.Digraph(), "svg")
    no_bundled_graphviz(monkeypatch)
    assert draw(graphviz.Digraph(), "svg") == b"drawn by the system\n"


def test_without_any_graphviz_the_error_says_what_to_install(
    module: idsl.Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    no_bundled_graphviz(monkeypatch)
    with pytest.raises(RenderError, match="install"):
        draw(to_graphviz(module.graph), "svg")


def test_a_notebook_shows_the_folded_network() -> None:
    picture = ElementTree.fromstring(idsl.load("googlenet")._repr_svg_())
    words = "".join(picture.itertext())
    assert "inception_3a" in words
    assert "6,998,552 parameters" in words
