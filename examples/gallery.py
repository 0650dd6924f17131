"""The gallery: every shipped network as a figure, and the parts that papers draw by themselves.

Writes specs/GALLERY.md, and the figures that it shows into specs/figures/.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import inception_dsl as idsl
from inception_dsl.analysis.usual import usual
from inception_dsl.ir.regions import Region
from inception_dsl.shipped import shipped_specs

SPECS = Path("specs")
COLUMNS = 5
SCALE = 0.8
"""Pixels for a point, of parts on the page: their type is equally large."""
WIDEST = 1500.0
"""Points beyond which a part is no figure to look at: LeNet's sixteen maps of table 1."""

INTRODUCTION = """\
# Gallery

Every network that ships, one box per module, as `incept draw NAME` draws it, and below the parts
that papers draw by themselves: `incept draw NAME --module PATH`, with the path that the figure
says. `make gallery` wrote this page.
"""


def main() -> None:
    """Draw everything, and write the page."""
    folder = SPECS / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.svg"):  # one may show a part that is no more
        file.unlink()
    networks = [idsl.load(name) for name in shipped_specs()]
    for network in networks:
        for file_name, path in figures(network).items():
            network.draw(folder / file_name, module=path)
    (SPECS / "GALLERY.md").write_text(page(networks), encoding="utf-8")
    print(f"wrote {SPECS / 'GALLERY.md'} and {folder}")


def figures(network: idsl.Network) -> dict[str, str | None]:
    """What is drawn, by the name of its file: the whole network, and the paths of its parts."""
    drawn: dict[str, str | None] = {f"{network.name}.svg": None}
    uses: dict[str, list[Region]] = {}
    for region in parts(network, network.graph.graph.root):
        assert region.definition
        uses.setdefault(region.definition.name, []).append(region)
    for name, regions in uses.items():
        path = usual(network.graph.graph, regions).path
        if network.figure(module=path).width <= WIDEST:
            drawn[f"{network.name}.{name}.svg"] = path
    return drawn


def parts(network: idsl.Network, region: Region) -> Iterator[Region]:
    """The outermost uses of definitions that are stems, or have branches."""
    for child in region.children:
        if not isinstance(child, Region):
            continue
        if child.definition and (child.role == "stem" or joins(network, child)):
            yield child
        else:
            yield from parts(network, child)


def joins(network: idsl.Network, region: Region) -> bool:
    """Whether a region joins branches itself, and not only in what it calls."""
    return any(
        child.definition is None and joins(network, child)
        if isinstance(child, Region)
        else network.graph.graph[child].op.combines
        for child in region.children
    )


def page(networks: list[idsl.Network]) -> str:
    """The page: all networks side by side, then the parts of each."""
    cells = []
    sections = []
    for network in networks:
        shown = []
        for file_name, path in figures(network).items():
            drawn = network.figure(module=path)
            size = f'width="{SCALE * drawn.width:.0f}"'
            if path is None:
                size = 'height="240"' if drawn.height > drawn.width else 'width="160"'
            shown.append(image(file_name, size))
        whole, *inside = shown
        link = f"#{network.name}" if inside else f"figures/{network.name}.svg"
        cells.append(f"{whole}<br>[{network.name}]({link})")
        if inside:
            sections.append("\n".join([f"## {network.name}", "", *inside, ""]))
    rows = [cells[start : start + COLUMNS] for start in range(0, len(cells), COLUMNS)]
    rows[-1] += [""] * (COLUMNS - len(rows[-1]))
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    table = "\n".join([f"|{'  |' * COLUMNS}", f"|{' :---: |' * COLUMNS}", *lines, ""])
    return "\n".join([INTRODUCTION, table, *sections])


def image(file_name: str, size: str) -> str:
    """A figure that leads to itself in full size."""
    name, _, part = file_name.removesuffix(".svg").partition(".")
    told = f"{part} of {name}" if part else name
    place = f"figures/{file_name}"
    return f'<a href="{place}"><img src="{place}" alt="{told}" align="top" {size}></a>'


if __name__ == "__main__":
    main()
