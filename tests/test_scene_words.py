"""What figures say: captions, the facts that were asked for, legends, hostile words."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from scene_checks import faults
from scene_samples import MODULE, drawn, network, shipped

import inception_dsl as idsl
from inception_dsl.backends.figure import FigureOptions, figure
from inception_dsl.backends.figure.options import FACTS, Direction, Fact
from inception_dsl.backends.figure.scene import Route, Shape


@pytest.mark.parametrize("name", shipped())
def test_the_caption_has_the_totals(name: str) -> None:
    net = network(name)
    assert net
    scene = figure(net.graph)
    said = " ".join(item.text for item in scene.items if not isinstance(item, Shape | Route))
    for total in (f"{net.params:,} parameters", f"{net.macs:,} multiply-adds", f"{net.name}:"):
        assert total in said
        assert total in scene.description


def test_the_caption_of_a_module_has_its_own_totals() -> None:
    net = network("googlenet")
    assert net
    scene = figure(net.graph, FigureOptions(module="inception_3a"))
    graph = net.graph.graph
    region = next(each for each in graph.root.walk() if each.path == "inception_3a")
    arrays = [array for path in region.nodes() for array in graph.parameters(path).values()]
    params = sum(array.size for array in arrays if array.trainable)
    assert f"{params:,} parameters" in scene.description
    assert "192×28×28 → 256×28×28" in scene.description


FLOAT = 4
WRITTEN: dict[Fact, tuple[str, str]] = {
    # of a closed `conv(64, 1x1)` on 192x28x28, and what betrays any of the kind
    "kernel": ("conv 1×1, 64", r"1×1,"),
    "shape": ("64×28×28", r"×28×28"),
    "params": (f"{192 * 64 + 2 * 64:,} params", "params"),
    "macs": ("9.63 M macs", "macs"),
    "memory": (f"{3 * 64 * 28 * 28 * FLOAT / 1000:.0f} kB", "[kM]B"),
    "rf": ("sees 1×1", "sees"),
}


@pytest.mark.parametrize("fact", FACTS)
def test_a_box_says_what_was_asked_for_and_nothing_else(fact: Fact) -> None:
    drawing = drawn(idsl.load(MODULE), FigureOptions(depth=1, show=(fact,)))
    said = drawing.words("mixed.branch_1.conv")
    everything = " ".join(drawing.words(path) for path in drawing.boxes if path != "x")
    for other, (words, sign) in WRITTEN.items():
        assert (words in said) == (other == fact)
        assert bool(re.search(sign, everything)) == (other == fact)


def test_facts_stand_in_the_order_asked_for() -> None:
    net = idsl.load(MODULE)
    for show in combinations(FACTS[1:], 3):
        for order in (show, show[::-1]):
            said = drawn(net, FigureOptions(depth=1, show=order)).words("mixed.branch_1.conv")
            places = [said.index(WRITTEN[fact][0]) for fact in order]
            assert places == sorted(places)


def test_the_legend_shows_the_roles_that_are_present() -> None:
    net = network("googlenet")
    assert net
    for options in (FigureOptions(), FigureOptions(depth=1), FigureOptions(module="inception_3a")):
        scene = figure(net.graph, options)
        boxes = [shape for shape in scene.shapes() if shape.path and shape.role != "input"]
        swatches = [shape.style for shape in scene.shapes() if shape.kind == "swatch"]
        looks = {shape.style for shape in boxes if shape.kind != "header"}
        assert len(swatches) == len(set(swatches))
        assert set(swatches) == looks
    scene = figure(net.graph, FigureOptions(legend=False))
    assert not [shape for shape in scene.shapes() if shape.kind == "swatch"]


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("inception_v3", FigureOptions(module="inception_a"), ["convolution", "pool", "concat"]),
        (
            "inception_resnet_v2",
            FigureOptions(module="inception_resnet_a"),
            ["convolution", "other operation", "concat, add"],
        ),
        (
            "mobilenet_v2",
            FigureOptions(module="inverted_residual"),
            ["block", "convolution", "add"],
        ),
        (
            "efficientnet_b0",
            FigureOptions(module="squeeze_excite", depth=None),
            ["convolution", "pool", "other operation", "mul"],
        ),
    ],
)
def test_the_legend_says_only_what_is_drawn(
    name: str, options: FigureOptions, words: list[str]
) -> None:
    net = network(name)
    assert net
    scene = figure(net.graph, options)
    assert [shape.role for shape in scene.shapes() if shape.kind == "swatch"] == words


def test_a_layer_says_the_kernel_of_its_separable_convolution() -> None:
    net = network("xception")
    assert net
    path = "middle_flow.repeat.0.middle.residual.separable"
    for show, words in ((("kernel",), "separable 3×3, 728"), ((), "separable")):
        drawing = drawn(net, FigureOptions(depth=1, show=show))
        assert drawing.words(path) == words


def test_a_pool_with_weights_is_drawn_as_a_pool() -> None:
    net = network("lenet5")
    assert net
    boxes = {shape.path: shape.role for shape in figure(net.graph).shapes()}
    assert boxes["s2"] == boxes["s4"] == "pool"


def test_two_figures_of_one_network_say_which_is_which() -> None:
    net = network("inception_v3")
    assert net
    other = idsl.load("inception_v3", bn_scale=False)
    for caption in (True, False):
        scene = net.diff(other).figure(caption=caption)
        said = [item.text for item in scene.items if not isinstance(item, Shape | Route)]
        assert [words for words in said if "bn_scale" in words] == [
            "bn_scale = true",
            "bn_scale = false",
        ]
    scene = net.diff(net).figure(module="inception_a")
    said = [item.text for item in scene.items if not isinstance(item, Shape | Route)]
    assert {"before", "after"} < set(said)


HOSTILE = ("</text><script>", r"\input{x} %$#_&~^", "a\x00\x1b[31m\u202e", "🂡" * 60, "w" * 900, "")


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("direction", ["TB", "LR"])
def test_hostile_words_keep_to_their_boxes(hostile: str, direction: Direction) -> None:
    net = idsl.load(
        f"## {hostile}\nblock named(text: string) {{ conv1d(8, 3) -> concat {{ branch relu() "
        f'branch relu() }} }}\nnetwork n {{ input x: 1x40   one = named("{hostile}") }}'
    )
    for depth in (0, None):
        assert faults(drawn(net, FigureOptions(depth=depth, direction=direction))) == []
