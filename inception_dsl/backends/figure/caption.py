"""What stands below a figure: its legend, and its caption with the totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import fsum
from typing import Literal

from inception_dsl.analysis.cost import cost, total
from inception_dsl.analysis.outline import Part
from inception_dsl.backends.figure.colors import HEAT_WORDS, Colors
from inception_dsl.backends.figure.content import Content, crossed
from inception_dsl.backends.figure.measure import text_width
from inception_dsl.backends.figure.options import FigureOptions
from inception_dsl.backends.figure.scene import Item, Scene, Shape, Style, Text, moved
from inception_dsl.backends.figure.typeset import CAPTION_SIZE, FACT_SIZE

__all__ = ["PAD", "below", "captions", "legend_of", "title_lines"]

PAD = 10.0
_SPACE = 14.0  # above the legend
_SWATCH = 9.0
_NARROWEST = 190.0  # a legend is not folded further than that
_STEPS = 24


def captions(content: Content, root: Part, options: FigureOptions) -> list[str]:
    """Name and totals: of the network's main path, or of the one module that is drawn."""
    checked, graph = content.checked, content.checked.graph
    if options.module is None:
        all_of_it = cost(checked, content.costs)
        aux = f" + {all_of_it.aux_params:,} of auxiliary heads" if all_of_it.aux_params else ""
        shapes = crossed(f"{checked.input_map} → {checked.output_map}")
        return [
            f"{graph.name}: {shapes}, depth {all_of_it.depth}",
            f"{all_of_it.params:,} parameters{aux}",
            f"{all_of_it.macs:,} multiply-adds",
        ]
    region = root.region
    assert region is not None, "a module is a region"
    costs = total(content.costs, list(region.nodes()))
    inputs = ", ".join(str(graph[path].out) for path in region.inputs)
    outputs = ", ".join(str(graph[path].out) for path in region.outputs)
    return [
        crossed(region.call or region.segment),
        f"{region.path} in {graph.name}" if region.call else f"in {graph.name}",
        crossed(f"{inputs} → {outputs}"),
        f"{costs.params:,} parameters, {costs.macs:,} multiply-adds",
    ]


def below(drawing: Scene, titles: Sequence[str], colors: Colors, options: FigureOptions) -> Scene:
    """The figure with its legend and caption, and room around."""
    lines = list(title_lines(titles, colors)) if options.caption else []
    width = max(drawing.width, _NARROWEST, *(line.width for line in lines))
    aside = (width - drawing.width) / 2 + PAD
    drawn = [moved(item, aside, PAD) for item in drawing.items]
    items: list[Item] = []
    y = drawing.height
    legend, height = legend_of(colors, options, width) if options.legend else ([], 0.0)
    if legend:
        items += [moved(item, 0, y + _SPACE) for item in legend]
        y += _SPACE + height
    y += 8 if lines else 0
    for line in lines:
        y += line.size * 1.35
        items.append(replace(line, x=width / 2, y=y))
    return Scene(
        width + 2 * PAD,
        y + 2 * PAD,
        (*drawn, *(moved(item, PAD, PAD) for item in items)),
        colors.palette.background,
        titles[0],
        ". ".join(titles),
    )


def title_lines(titles: Sequence[str], colors: Colors) -> Iterator[Text]:
    """The lines of a caption, the first in bold, not yet in their places."""
    for number, title in enumerate(titles):
        bold = number == 0
        size = CAPTION_SIZE if bold else FACT_SIZE + 0.5
        ink = colors.palette.ink if bold else colors.palette.faint
        yield Text(title, 0, 0, size, ink, text_width(title, size, bold), bold)


def legend_of(colors: Colors, options: FigureOptions, width: float) -> tuple[list[Item], float]:
    """What the colours mean, centred in a width, from its own top; and its height."""
    if options.heat is not None:
        return _scale(colors, options, width)
    entries = colors.legend()
    lines: list[list[tuple[str, Style, float]]] = [[]]
    for word, style in entries:
        size = _SWATCH + 4 + text_width(word, FACT_SIZE) + 12
        if lines[-1] and fsum(each for _, _, each in lines[-1]) + size - 12 > width:
            lines.append([])
        lines[-1].append((word, style, size))
    items: list[Item] = []
    for row, line in enumerate(lines):
        x = (width - (fsum(each for _, _, each in line) - 12)) / 2
        y = row * 14.0
        for word, style, size in line:
            radius = 4.5 if style == colors.palette.role("norm") else 1.0
            items.append(Shape("swatch", x, y, _SWATCH, _SWATCH, style, radius, role=word))
            items.append(_note(word, x + _SWATCH + 4, y + 7.2, colors, "start"))
            x += size
    return items, len(lines) * 14.0 - 5 if entries else 0.0


def _scale(colors: Colors, options: FigureOptions, width: float) -> tuple[list[Item], float]:
    """The ramp of colours, from nothing to the largest share of any box."""
    assert options.heat is not None
    long = min(width - 20, 180.0)
    step, x = long / _STEPS, (width - long) / 2
    items: list[Item] = [
        Shape(
            "scale", x + place * step, 14, step + 0.3, 8,
            Style(colors.heat_at(place / (_STEPS - 1))[1].fill, None),
        )
        for place in range(_STEPS)
    ]  # fmt: skip
    items.append(Shape("scale", x, 14, long, 8, Style(None, colors.palette.line.line, 0.6)))
    items.append(_note(HEAT_WORDS[options.heat], width / 2, 8, colors, "middle"))
    for place in (0.0, 0.5, 1.0):
        label, _ = colors.heat_at(place)
        items.append(_note(label, x + place * long, 31, colors, "middle"))
    return items, 33.0


def _note(
    text: str, x: float, y: float, colors: Colors, anchor: Literal["start", "middle"]
) -> Text:
    size = text_width(text, FACT_SIZE)
    return Text(text, x, y, FACT_SIZE, colors.palette.faint, size, anchor=anchor)
