"""A network as a reader wants to see it: parts opened down to a depth, the rest one line each.

Tables print an outline as rows and figures draw it as boxes, so both fold alike.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from itertools import chain, groupby, pairwise

from inception_dsl.analysis.instances import Instances
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.regions import Region

__all__ = ["Outline", "Part", "UnknownPart", "outline"]

_WIRING = ("network", "group", "branch", "residual", "shortcut", "repeat", "iteration")


class UnknownPart(ValueError):
    """A path that names no part of the network."""


@dataclass(frozen=True, eq=False)
class Part:
    """A node, a closed region, or an open region with its own parts.

    `paths` are the nodes that it stands for. Equal neighbours are one part that shows the first of
    them, `times` says how many: rounds of a repeat, or, in figures, modules in a row, whose own
    regions `copies` has.
    """

    path: str
    region: Region | None
    paths: tuple[str, ...]
    open: bool = False
    parts: tuple[Part, ...] = ()
    times: int = 1
    copies: tuple[Region, ...] = ()

    def leaves(self) -> Iterator[Part]:
        """The nodes and closed regions in it, in the order of the spec."""
        if not self.open:
            yield self
        for part in self.parts:
            yield from part.leaves()


@dataclass(frozen=True)
class Outline:
    """The whole network as parts. `rounds` says for each node which round of which run it is in."""

    root: Part
    rounds: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)

    def shows(self, source: str, reader: str) -> bool:
        """Whether the edge between two nodes is part of the rounds that are shown.

        Inside a run of equal rounds it stays within one of them; from outside it enters the first.
        """
        of_source = dict(self.rounds.get(source, ()))
        return all(of_source.get(run, 0) == turn for run, turn in self.rounds.get(reader, ()))


def outline(
    checked: CheckedGraph,
    depth: int | None,
    *,
    closed_sections: Collection[str] = (),
    expand: Sequence[str] = (),
    joined: bool = False,
    told: Mapping[str, str] | None = None,
) -> Outline:
    """The network with `depth` levels of definitions opened, all of them for None.

    A layer is one box until everything is opened. Branches, residuals, groups and repeats are
    wiring and always open; so are sections, but for the `closed_sections` (`stem`, `head`).
    `expand` opens the regions at these paths, and what is around them. `joined` makes one part of
    equal closed modules that follow each other; where everything is open it does so with open
    ones, and with the rounds of a repeat. `told` is what is told of nodes and regions by their
    paths: rounds of which the same is told are one part, open as well.

    Raises: UnknownPart for a path in `expand` that names no region.
    """
    regions = {region.path: region for region in checked.graph.root.walk()}
    opened: set[str] = set()
    for path in expand:
        if path not in regions:
            raise UnknownPart(f"there is no `{path}` to open; {_instead(path, regions)}")
        region: Region | None = regions[path]
        while region is not None:
            opened.add(region.path)
            region = region.parent
    return _Builder(checked, depth, closed_sections, opened, joined, told).build()


def told_inside(region: Region, told: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What is told of a region and all in it, by their paths from there."""
    paths = (*(inner.path for inner in region.walk()), *region.nodes())
    return tuple((path.removeprefix(region.path), told[path]) for path in paths if path in told)


def _instead(path: str, regions: Mapping[str, Region]) -> str:
    """What could have been meant, else what a path looks like in this network."""
    uses = [
        region.path
        for region in regions.values()
        if region.definition is not None and region.definition.name == path
    ]
    if uses:
        return f"parts have paths, and the first `{path}` is `{uses[0]}`"
    if near := get_close_matches(path, regions, 1):
        return f"the nearest is `{near[0]}`"
    paths = [path for path, region in regions.items() if region.parent is not None]
    return f"parts have paths, such as `{paths[0]}`" if paths else "the network has no parts"


class _Builder:
    """Builds parts from rows of regions of equal structure: the first is shown for all."""

    def __init__(
        self,
        checked: CheckedGraph,
        depth: int | None,
        closed_sections: Collection[str],
        opened: set[str],
        joined: bool,
        told: Mapping[str, str] | None,
    ) -> None:
        self.graph = checked.graph
        self.checked = checked
        self.depth, self.closed_sections, self.opened = depth, closed_sections, opened
        self.joined, self.told = joined, told
        self.rounds: dict[str, tuple[tuple[str, int], ...]] = {}

    @cached_property
    def instances(self) -> Instances:
        """Which regions are equal."""
        return Instances(self.checked)

    def build(self) -> Outline:
        root = self.region([self.graph.root], 0)
        assert root is not None, "a network has at least its input"
        return Outline(root, self.rounds)

    def region(self, row: list[Region], level: int, times: int = 1) -> Part | None:
        shown = row[0]
        paths = tuple(path for region in row for path in region.nodes())
        if not paths:
            return None
        if not self._opens(shown, level):
            return Part(shown.path, shown, paths, times=times)
        inner = level + (shown.kind == "instance")
        parts = tuple(
            self._repeat(row, inner) if shown.kind == "repeat" else self._body(row, inner)
        )
        return Part(shown.path, shown, paths, open=True, parts=parts, times=times)

    def _body(self, row: list[Region], level: int) -> Iterator[Part]:
        columns = list(zip(*(region.children for region in row), strict=True))
        start = 0
        while start < len(columns):
            nodes = [child for child in columns[start] if isinstance(child, str)]
            if nodes:
                yield Part(nodes[0], None, tuple(nodes))
                start += 1
                continue
            times = self._run((columns[i][0] for i in range(start, len(columns))), level)
            run = [list(copies) for copies in zip(*columns[start : start + times], strict=True)]
            if part := self._copies(run, level, times):
                yield part
            start += times

    def _run(self, children: Iterable[Region | str], level: int) -> int:
        """How many of the first children are closed copies of the first, in a chain."""
        times = 1
        for before, region in pairwise(children):
            if not (
                self.joined
                and isinstance(before, Region)
                and isinstance(region, Region)
                and region.kind == "instance"
                and not self._opens_alone(before, level)
                and not self._opens_alone(region, level)
                and region.call == before.call
                and len(before.outputs) == 1
                and region.inputs == before.outputs
                and self._only_reader(before.outputs[0], region)
                and self.instances.equal(before) == self.instances.equal(region)
                and self._told(before) == self._told(region)
            ):
                break
            times += 1
        return times

    def _only_reader(self, path: str, region: Region) -> bool:
        inside = set(region.nodes())
        return all(reader in inside for reader in self.graph.readers(path))

    def _copies(self, run: list[list[Region | str]], level: int, times: int) -> Part | None:
        """Equal neighbours as one part; `run` has them for each region of a row."""
        rows = [[child for child in row if isinstance(child, Region)] for row in run]
        if times > 1:
            self._number(rows)
        part = self.region(list(chain.from_iterable(rows)), level, times)
        return replace(part, copies=tuple(rows[0])) if part and times > 1 else part

    def _repeat(self, row: list[Region], level: int) -> Iterator[Part]:
        """The rounds of a repeat, equal neighbours as one part."""
        rounds = [
            [child for child in region.children if isinstance(child, Region)] for region in row
        ]
        start = 0
        for _, equal in groupby(rounds[0], self._round_key):
            times = len(list(equal))
            run = [each[start : start + times] for each in rounds]
            if times > 1:
                self._number(run)
            if part := self.region(list(chain.from_iterable(run)), level, times):
                yield part
            start += times

    def _number(self, run: list[list[Region]]) -> None:
        """Note for each node of some equal neighbours in which of them it is."""
        place = run[0][0].path
        for turn, region in ((turn, region) for row in run for turn, region in enumerate(row)):
            for path in region.nodes():
                self.rounds[path] = (*self.rounds.get(path, ()), (place, turn))

    def _round_key(self, iteration: Region) -> object:
        opened = iteration.path in self.opened
        everything = self.depth is None and not self.joined
        if everything or (opened and self.told is None):
            return iteration.path
        return self.instances.equal(iteration), self._told(iteration), opened

    def _told(self, region: Region) -> object:
        return told_inside(region, self.told) if self.told else ()

    def _opens_alone(self, region: Region, level: int) -> bool:
        return self.depth is not None and self._opens(region, level)

    def _opens(self, region: Region, level: int) -> bool:
        if self.depth is None or region.kind in _WIRING or region.path in self.opened:
            return True
        if region.kind == "section":
            return region.role not in self.closed_sections
        return region.role != "layer" and level < self.depth
