"""One arena for all feature maps of an inference: where each lies, and from when to when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from inception_dsl.analysis.memory import FLOAT32_BYTES, owner
from inception_dsl.ir.graph import CheckedGraph, Graph
from inception_dsl.ops.concat import Concat

__all__ = ["Buffer", "MemoryPlan", "Place", "memory_plan"]


@dataclass
class Buffer:
    """A range of the arena, taken from step `first` to step `last` of the main path.

    `offset_bytes` is where it begins; `paths` are the nodes whose results lie in it.
    """

    bytes: int
    first: int
    last: int
    paths: list[str] = field(default_factory=list)
    offset_bytes: int = 0

    def meets(self, other: Buffer) -> bool:
        """Whether both are needed at the same time."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True)
class Place:
    """Where a feature map lies in the arena: the first image at `offset_bytes`, the others each
    `image_bytes` further on. `shared` says why it lies in another's buffer.
    """

    offset_bytes: int
    image_bytes: int
    bytes: int
    shared: str = ""


@dataclass(frozen=True)
class MemoryPlan:
    """The arena of one inference, and what the feature maps take when each has memory of its own.

    `places` has every node of the main path, in order.
    """

    arena_bytes: int
    total_bytes: int
    buffers: tuple[Buffer, ...]
    places: dict[str, Place]


def memory_plan(
    checked: CheckedGraph, *, batch: int = 1, value_bytes: int = FLOAT32_BYTES
) -> MemoryPlan:
    """Lay out the feature maps of the main path in one arena.

    What only looks at its operand shares its memory; what works number by number writes over an
    operand that nothing reads later; with one image, what goes into a concat is written where the
    concat wants it, since the channels of an image lie one behind the other. Buffers are then
    placed, the largest first, at the lowest offset that is free while they are needed.

    Source: Pisarchyk and Lee, 2020, "Efficient memory management for deep neural net inference",
            section 4.3 (greedy by size).
    """
    layout = _Layout(checked.graph, batch, value_bytes)
    buffers = layout.buffers()
    placed: list[Buffer] = []
    for buffer in sorted(buffers, key=lambda each: (-each.bytes, each.first)):
        buffer.offset_bytes = _lowest(buffer, placed)
        placed.append(buffer)
    arena = max(buffer.offset_bytes + buffer.bytes for buffer in buffers)
    homes = {path: buffer for buffer in buffers for path in buffer.paths}
    places = {
        path: Place(
            homes[root].offset_bytes + start,
            layout.image_bytes(root),
            layout.bytes(path),
            shared,
        )
        for path, (root, start, shared) in layout.lies_in()
    }
    total = sum(layout.bytes(path) for path in layout.order if owner(layout.graph, path) == path)
    return MemoryPlan(arena, total, tuple(buffers), places)


def _lowest(buffer: Buffer, placed: list[Buffer]) -> int:
    offset = 0
    for other in sorted(placed, key=lambda each: each.offset_bytes):
        if other.meets(buffer):
            if offset + buffer.bytes <= other.offset_bytes:
                break
            offset = max(offset, other.offset_bytes + other.bytes)
    return offset


class _Layout:
    """Which feature maps share a buffer: a node lies in another's at an offset, or has its own."""

    def __init__(self, graph: Graph, batch: int, value_bytes: int) -> None:
        self.graph = graph
        main = graph.main()
        self.order = [path for path in graph.network if path in main]
        self._step = {path: step for step, path in enumerate(self.order)}
        self._batch = batch
        self._value_bytes = value_bytes
        self._inside: dict[str, tuple[str, int, str]] = {}
        self._last = self._last_readings()
        self._busy: dict[str, int] = {}
        for path in self.order:
            if owner(graph, path) != path:
                self._share_view(path)
            elif path != graph.input:
                self._overwrite(path)
            root, _ = self._root(path)
            self._busy[root] = max(self._busy.get(root, 0), self._last[path])
        if batch == 1:
            for path in self.order:
                if isinstance(graph[path].op, Concat) and owner(graph, path) == path:
                    self._write_in_place(path)

    def bytes(self, path: str) -> int:
        """The size of a node's result."""
        return self.image_bytes(path) * self._batch

    def image_bytes(self, path: str) -> int:
        """The size of a node's result for one image."""
        return self.graph[path].out.size * self._value_bytes

    def lies_in(self) -> Iterator[tuple[str, tuple[str, int, str]]]:
        """Each node: the one whose buffer its result lies in, from which byte on, and why."""
        for path in self.order:
            root, start = self._root(path)
            yield path, (root, start, self._inside[path][2] if path in self._inside else "")

    def buffers(self) -> list[Buffer]:
        """One for each node that lies in no other's."""
        found: dict[str, Buffer] = {}
        for path in self.order:
            root, _ = self._root(path)
            step = self._step[path]
            buffer = found.setdefault(root, Buffer(self.bytes(root), step, step))
            buffer.paths.append(path)
            buffer.first = min(buffer.first, step)
            buffer.last = max(buffer.last, self._last[path])
        return list(found.values())

    def _root(self, path: str) -> tuple[str, int]:
        start = 0
        while path in self._inside:
            path, offset, _ = self._inside[path]
            start += offset
        return path, start

    def _last_readings(self) -> dict[str, int]:
        """The step of each node's last reader; that of the result is the end."""
        last = dict(self._step)
        for path in self.order:
            for operand in self.graph.operands(path):
                last[operand] = max(last[operand], self._step[path])
        last[self.graph.output] = len(self.order)
        return last

    def _share_view(self, path: str) -> None:
        operand = self.graph.operands(path)[0]
        first = getattr(self.graph[path].op, "start", 0)
        grid = self.graph[path].out.size // self.graph[path].out.channels
        self._inside[path] = (operand, first * grid * self._value_bytes, "view")

    def _overwrite(self, path: str) -> None:
        """Lie where an operand lies that nothing needs any more."""
        node = self.graph[path]
        by_number = node.op.kind in ("activation", "norm") or node.op.name in ("add", "mul")
        if not by_number or node.op.name == "lrn":
            return
        operands = self.graph.operands(path)
        for operand in operands:
            place = self._root(operand)
            free = self._busy[place[0]] <= self._step[path]
            apart = all(self._root(other) in (place, (other, 0)) for other in operands)
            if self.graph[operand].out == node.out and free and apart:
                self._inside[path] = (operand, 0, "in place")
                return

    def _write_in_place(self, path: str) -> None:
        """Let the operands of a concat lie in its buffer, each that has one of its own."""
        start = 0
        for operand in self.graph.operands(path):
            root, offset = self._root(operand)
            whole = offset == 0 and self.bytes(root) == self.bytes(operand)
            if whole and root not in (self.graph.input, path) and self._root(path)[0] != root:
                self._inside[root] = (path, start, "concat")
            start += self.image_bytes(operand)
