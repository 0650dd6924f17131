"""How figures look to all eyes: contrast, roles told apart, the ramp of heat."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from color_checks import EYES, contrast, grounds, lightness, looks_different
from scene_samples import network

from inception_dsl.backends.figure import FigureOptions, figure
from inception_dsl.backends.figure.options import HEATS, THEMES, Heat, Mark, Theme
from inception_dsl.backends.figure.scene import Route, Scene, Shape
from inception_dsl.backends.figure.themes import THEMES as PALETTES

ALL_ROLES = (FigureOptions(), FigureOptions(depth=1), FigureOptions(depth=None))
MARKED: dict[str, Mark] = {
    "conv1": "added", "inception_3a": "removed", "inception_3b": "changed", "head": "moved"
}  # fmt: skip


def scenes(theme: Theme) -> list[Scene]:
    """Figures that between them have every colour of a theme that type stands on."""
    net = network("googlenet")
    assert net
    return [
        *(figure(net.graph, replace(options, theme=theme)) for options in ALL_ROLES),
        *(figure(net.graph, FigureOptions(depth=1, theme=theme, heat=heat)) for heat in HEATS),
        figure(net.graph, FigureOptions(theme=theme), MARKED),
    ]


@pytest.mark.parametrize("theme", THEMES)
def test_all_type_can_be_read_on_its_ground(theme: Theme) -> None:
    for scene in scenes(theme):
        for text, ground in grounds(scene):
            assert contrast(text.color, ground) >= 4.5, (text, ground)


@pytest.mark.parametrize("theme", THEMES)
def test_lines_can_be_seen_on_the_page(theme: Theme) -> None:
    palette = PALETTES[theme]
    styles = [palette.line, *palette.roles.values(), *palette.marks.values()]
    for style in styles:
        if style is not palette.marks["same"]:
            assert style.line
            assert contrast(style.line, palette.background) >= 3


FORMS = {"input": "round", "norm": "round", "combine": "bar"}
"""The roles whose boxes have a form of their own."""


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("theme", THEMES)
def test_roles_and_marks_are_told_apart_by_all_eyes(theme: Theme, eyes: str) -> None:
    palette = PALETTES[theme]
    for (one, a), (other, b) in combinations(palette.roles.items(), 2):
        if FORMS.get(one) == FORMS.get(other):
            assert looks_different(a, b, palette.background, eyes), (one, other)
    for (mark, a), (another, b) in combinations(palette.marks.items(), 2):
        assert looks_different(a, b, palette.background, eyes), (mark, another)


@pytest.mark.parametrize("theme", THEMES)
def test_the_ramp_of_heat_runs_one_way_in_lightness(theme: Theme) -> None:
    palette = PALETTES[theme]
    steps = [lightness(palette.heat(place / 50).fill or "") for place in range(51)]
    differences = [b - a for a, b in pairwise(steps)]
    falling = lightness(palette.background) > 50
    assert all((each < 0) == falling and each for each in differences)
    assert abs(steps[-1] - steps[0]) > 50


@pytest.mark.parametrize("heat", HEATS)
def test_the_hottest_box_has_the_end_of_the_ramp_and_the_others_their_place(heat: Heat) -> None:
    net = network("googlenet")
    assert net
    scene = figure(net.graph, FigureOptions(heat=heat, show=("params",)))
    boxes = {shape.path: shape for shape in scene.shapes() if shape.path and shape.role != "input"}
    closed = [shape for shape in boxes.values() if shape.kind == "box"]
    scale = [shape.style.fill for shape in scene.shapes() if shape.kind == "scale"]
    assert PALETTES["light"].ramp[-1] in {shape.style.fill for shape in closed}
    assert scale[0] == PALETTES["light"].ramp[0]
    assert PALETTES["light"].ramp[-1] in scale
    said = [item.text for item in scene.items if not isinstance(item, Shape | Route)]
    percents = [float(text.removesuffix(" %")) for text in said if text.endswith(" %")]
    assert percents[0] == 0
    assert percents[2] == pytest.approx(2 * percents[1], rel=0.01)
    if heat == "params":
        counts = {
            shape.path: int(found[1].replace(",", ""))
            for shape in closed
            if (found := re.search(r"([\d,]+) params", " ".join(t.text for t in shape.texts)))
        }
        order = sorted(counts, key=counts.__getitem__)
        shades = [lightness(boxes[path].style.fill or "") for path in order]
        assert shades == sorted(shades, reverse=True)
        assert percents[2] == pytest.approx(100 * max(counts.values()) / sum(counts.values()), 0.01)
