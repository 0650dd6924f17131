"""Figures as drawn: where everything stands, where lines run, what is opened."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from scene_checks import faults
from scene_drawing import Drawing
from scene_samples import MODULE, drawn, network, shipped

import inception_dsl as idsl
from inception_dsl.backends.figure import FigureError, FigureOptions, UnknownPart, figure
from inception_dsl.backends.figure.options import (
    FACTS,
    HEATS,
    THEMES,
    Direction,
)
from inception_dsl.backends.figure.scene import Item, Route, Shape
from tests.fuzz.generator import random_spec
from tests.fuzz.specs import load_files

SPECS, PER_TEST, FIGURES_EACH = 300, 25, 3


def modules(net: idsl.Network) -> list[str]:
    """Where each definition that is no layer is used first."""
    first: dict[str, str] = {}
    for region in net.graph.graph.root.walk():
        if region.definition and region.role != "layer":
            first.setdefault(region.definition.name, region.path)
    return list(first.values())


@pytest.mark.parametrize("direction", ["TB", "LR"])
@pytest.mark.parametrize("name", shipped())
def test_shipped_networks_are_drawn_without_a_fault(name: str, direction: Direction) -> None:
    net = network(name)
    assert net
    for depth in (0, 1, None):
        options = FigureOptions(depth=depth, direction=direction)
        assert faults(drawn(net, options)) == [], depth


@pytest.mark.parametrize("direction", ["TB", "LR"])
@pytest.mark.parametrize("name", shipped())
def test_their_modules_are_drawn_without_a_fault(name: str, direction: Direction) -> None:
    net = network(name)
    assert net
    for path in modules(net):
        options = FigureOptions(module=path, direction=direction)
        assert faults(drawn(net, options, path)) == [], path


def random_options(chance: Random, net: idsl.Network) -> tuple[FigureOptions, str | None]:
    """Some way of drawing a network, and the path of the module if it draws one alone."""
    regions = [region for region in net.graph.graph.root.walk() if region.parent is not None]
    full = [region.path for region in regions if any(region.nodes())]
    module = chance.choice(full) if full and chance.random() < 0.5 else None
    some = [region.path for region in chance.sample(regions, min(2, len(regions)))]
    return FigureOptions(
        depth=chance.choice((0, 1, 2, None)),
        expand=() if module or chance.random() < 0.5 else tuple(some),
        module=module,
        show=tuple(chance.sample(FACTS, chance.randint(0, len(FACTS)))),
        heat=chance.choice((None, *HEATS)),
        theme=chance.choice(THEMES),
        direction=chance.choice(("TB", "LR")),
        caption=chance.random() < 0.8,
        legend=chance.random() < 0.8,
        compact=chance.choice((0, 0, 1, 2)),
    ), module


@pytest.mark.parametrize("first", range(0, SPECS, PER_TEST))
def test_random_networks_are_drawn_without_a_fault(first: int) -> None:
    for seed in range(first, first + PER_TEST):
        net = load_files(random_spec(seed).files)
        chance = Random(seed)
        for _ in range(FIGURES_EACH):
            options, module = random_options(chance, net)
            assert faults(drawn(net, options, module)) == [], (seed, options)


# What the judgments above would find.


def without_lines(items: list[Item]) -> list[Item]:
    return [item for item in items if not isinstance(item, Route)]


def branches_swapped(items: list[Item]) -> list[Item]:
    places = {item.path: item.x for item in items if isinstance(item, Shape)}
    one, other = "mixed.branch_1.conv", "mixed.branch_2.conv"
    swapped = {one: places[other], other: places[one]}
    return [
        replace(item, x=swapped.get(item.path, item.x)) if isinstance(item, Shape) else item
        for item in items
    ]


def box_moved(items: list[Item]) -> list[Item]:
    return [
        replace(item, y=item.y + 40) if isinstance(item, Shape) and item.path == "x" else item
        for item in items
    ]


def box_dropped(items: list[Item]) -> list[Item]:
    return [
        item
        for item in items
        if not (isinstance(item, Shape) and item.path == "mixed.branch_2.conv_2")
    ]


def box_twice(items: list[Item]) -> list[Item]:
    return [*items, *(item for item in items if isinstance(item, Shape) and item.path == "x")]


def lines_backwards(items: list[Item]) -> list[Item]:
    return [
        replace(item, points=item.points[::-1]) if isinstance(item, Route) else item
        for item in items
    ]


def lines_shifted(items: list[Item]) -> list[Item]:
    return [
        replace(item, points=tuple((x + 60, y) for x, y in item.points))
        if isinstance(item, Route)
        else item
        for item in items
    ]


def type_grown(items: list[Item]) -> list[Item]:
    return [
        replace(item, texts=tuple(replace(text, size=30.0) for text in item.texts))
        if isinstance(item, Shape)
        else item
        for item in items
    ]


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (without_lines, "no line runs from x to mixed.branch_1.conv"),
        (branches_swapped, "mixed.branch_2 is not right of mixed.branch_1"),
        (branches_swapped, "`conv 1×1, 64` leaves the box of mixed.branch_2.conv"),
        (box_moved, "mixed overlaps x|x lies in the frame of mixed"),
        (box_dropped, "the boxes stand for"),
        (box_twice, "x is drawn twice"),
        (lines_backwards, "runs back"),
        (lines_shifted, "not at its source"),
        (type_grown, "leaves the box"),
    ],
)
def test_a_spoiled_figure_is_found_out(
    spoil: Callable[[list[Item]], list[Item]], complaint: str
) -> None:
    net = idsl.load(MODULE)
    scene = figure(net.graph, FigureOptions(depth=1))
    assert faults(Drawing(scene, net.graph)) == []
    spoiled = Drawing(replace(scene, items=tuple(spoil(list(scene.items)))), net.graph)
    assert any(re.search(complaint, fault) for fault in faults(spoiled))


# Sides, factors, repeats.


@pytest.mark.parametrize("direction", ["TB", "LR"])
@pytest.mark.parametrize("name", ["googlenet", "inception_v3", "bn_inception"])
@pytest.mark.parametrize("depth", [0, 1])
def test_auxiliary_heads_stand_beside_the_main_path(
    name: str, depth: int, direction: Direction
) -> None:
    net = network(name)
    assert net
    drawing = drawn(net, FigureOptions(depth=depth, direction=direction))
    heads = {head.path: head.weight for head in net.graph.graph.aux}
    beside = {
        path: rect.x0
        for path, rect in drawing.boxes.items()
        if heads.keys() & {path, *drawing.around(path)}
    }
    main = [rect.x1 for path, rect in drawing.boxes.items() if path not in beside]
    assert bool(beside) == bool(heads)
    assert all(left > max(main) for left in beside.values())
    for path, weight in heads.items():
        assert f"auxiliary, weight {weight:g}" in drawing.words(path)
    for route, _ in drawing.routes:
        entering = route.target in beside and route.source not in beside
        assert (route.kind == "aux") == entering == route.style.dashed


def test_a_scaled_residual_says_its_factor_and_has_its_shortcut_around() -> None:
    net = network("inception_resnet_v2")
    assert net
    drawing = drawn(net, FigureOptions(module="inception_resnet_a"))
    said = [drawing.words(path) for path in drawing.boxes]
    assert said.count("× 0.17") == 1
    (add,) = (path for path, shape in drawing.shapes.items() if shape.kind == "circle")
    assert drawing.words(add) == "+"
    (residual,) = (
        region
        for region in drawing.regions.values()
        if region.kind == "residual" and drawing.extent(region)
    )
    body = drawing.extent(residual)
    assert body
    lines = [points for route, points in drawing.routes if route.target == add]
    around = [
        points
        for points in lines
        if any(x < body.x0 or x > body.x1 for x, _ in points)
        and max(b[1] - a[1] for a, b in pairwise(points)) > body.y1 - body.y0
    ]
    assert len(lines) == 2
    assert len(around) == 1


def test_repeats_and_equal_neighbours_say_how_many_they_are() -> None:
    resnet, v3 = network("inception_resnet_v2"), network("inception_v4")
    assert resnet
    assert v3
    drawing = drawn(resnet, FigureOptions())
    assert [drawing.times(f"repeat{n}.0.block{b}") for n, b in (("", 35), ("_2", 17))] == [10, 20]
    drawing = drawn(v3, FigureOptions())
    assert [drawing.times(path) for path in drawing.boxes if "inception" in path] == [4, 7, 3]


@pytest.mark.parametrize("direction", ["TB", "LR"])
def test_a_tensor_that_is_operand_twice_has_two_lines(direction: Direction) -> None:
    net = idsl.load(
        "network n { input x: 8x8x8  a = relu()  add { branch a branch a }  b = relu()  "
        "concat { branch b branch b branch relu() }  c = relu()  "
        "mul { branch c branch relu() branch c branch relu() } }"
    )
    drawing = drawn(net, FigureOptions(direction=direction))
    assert faults(drawing) == []
    for source, target in (("a", "add"), ("b", "concat"), ("c", "mul")):
        ends = [
            points[-1]
            for route, points in drawing.routes
            if (route.source, route.target) == (source, target)
        ]
        assert len(set(ends)) == 2


@pytest.mark.parametrize("direction", ["TB", "LR"])
def test_cells_that_read_two_others_stand_straight_below_each_other(direction: Direction) -> None:
    net = network("nasnet_a_mobile")
    assert net
    drawing = drawn(net, FigureOptions(direction=direction))
    cells = [path for path in drawing.boxes if path.endswith((".cell", "reduction_1"))]
    assert len(cells) == 10
    middles = [drawing.boxes[path].middle for path in cells]
    assert all(abs(above - below) < 0.5 for above, below in pairwise(middles))


def test_each_output_of_a_closed_part_has_a_line_of_its_own() -> None:
    net = network("nasnet_a_mobile")  # its first cell reads both tensors of the stem
    assert net
    drawing = drawn(net, FigureOptions())
    ends = [points[-1] for route, points in drawing.routes if route.source == "stem"]
    assert len(ends) == 3
    assert len({point for point in ends if point[1] == min(y for _, y in ends)}) == 2


# What is opened.


def test_a_definition_is_shown_by_its_usual_use() -> None:
    net = network("resnet50")  # the first bottleneck of four has a projection, no other
    assert net
    scene = figure(net.graph, FigureOptions(module="bottleneck"))
    assert "conv2_x.repeat.1.bottleneck in resnet50" in scene.description
    assert scene == figure(net.graph, FigureOptions(module="conv2_x.repeat.1.bottleneck"))


def test_a_module_has_what_it_is_given_and_its_own_parts() -> None:
    net = network("inception_v3")
    assert net
    drawing = drawn(net, FigureOptions(module="mixed_6a"), "mixed_6a")
    inputs = {path for path in drawing.boxes if not drawing.inside(path, "mixed_6a")}
    assert inputs == {"mixed_5d.concat"}
    assert not drawing.frames


def test_expanding_opens_the_part_and_no_other() -> None:
    net = network("inception_v3")
    assert net
    closed = drawn(net, FigureOptions())
    opened = drawn(net, FigureOptions(expand=("mixed_6a",)))
    assert set(opened.frames) - set(closed.frames) == {"mixed_6a"}
    assert set(closed.boxes) - set(opened.boxes) == {"mixed_6a"}
    assert all(path.startswith("mixed_6a.") for path in set(opened.boxes) - set(closed.boxes))


@pytest.mark.parametrize(
    ("options", "nearest"),
    [
        (FigureOptions(expand=("mixed_6x",)), "mixed_6"),
        (FigureOptions(module="mixed_6x"), "mixed_6"),
        (FigureOptions(module="inception_aa"), "inception_a"),
    ],
)
def test_an_unknown_part_is_answered_with_the_nearest(options: FigureOptions, nearest: str) -> None:
    net = network("inception_v3")
    assert net
    with pytest.raises(UnknownPart, match=f"the nearest is `{nearest}"):
        figure(net.graph, options)


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("cats", "parts have paths, such as `"),
        ("inception_a", "the first `inception_a` is `mixed_5b`"),
    ],
)
def test_a_path_that_resembles_none_is_answered_with_an_example(path: str, hint: str) -> None:
    net = network("inception_v3")
    assert net
    with pytest.raises(UnknownPart, match=re.escape(hint)):
        figure(net.graph, FigureOptions(expand=(path,)))
    with pytest.raises(UnknownPart, match="it has `stem_v3`, `conv_bn`, "):
        figure(net.graph, FigureOptions(module="cats"))
    bare = idsl.load("network n { input x: 8x8x8  relu() }")
    with pytest.raises(UnknownPart, match="no parts"):
        bare.figure(expand=path)


@pytest.mark.parametrize("depth", [-1, "all", 1.5])
def test_a_depth_is_a_number_or_none(depth: object) -> None:
    with pytest.raises(ValueError, match="None for all"):
        idsl.load("lenet5").figure(depth=depth)


def test_a_figure_is_named_in_a_line() -> None:
    assert len(repr(idsl.load("googlenet").figure())) < 500


def test_lines_enter_a_part_in_the_order_of_what_reads_them_there() -> None:
    cell = """network n {
        input x: 8x16x16
        a = conv2d(8, 1x1)
        b = conv2d(8, 1x1)
        concat {
            branch add { branch a -> relu()  branch b }
            branch add { branch a            branch b -> relu() }
        }
    }"""  # `b` is read first, by the second `relu`, and stands right of `a`
    scene = idsl.load(cell).figure()
    (line,) = (r for r in scene.routes() if (r.source, r.target) == ("a", "branch_2.add"))
    across = [x for x, _ in line.points]
    assert across == sorted(across)  # to the right, and never back


def test_a_part_that_computes_nothing_is_refused() -> None:
    net = idsl.load("network n { input x: 8x8x8  add { branch {} branch relu() } }")
    with pytest.raises(FigureError, match="around it"):
        figure(net.graph, FigureOptions(module="branch_1"))
