"""The memory plan of an inference as a table."""

from __future__ import annotations

from inception_dsl.analysis.memory import memory
from inception_dsl.analysis.memory_plan import memory_plan
from inception_dsl.backends.table.one_line import one_line
from inception_dsl.ir.graph import CheckedGraph

__all__ = ["render_memory_plan"]

_HEADS = ("feature map", "shape", "offset_bytes", "bytes", "lies in")


def render_memory_plan(checked: CheckedGraph) -> str:
    """Where each feature map of one image lies, and the memory with the plan and without."""
    plan, graph = memory_plan(checked), checked.graph
    lines = [_HEADS] + [
        (
            one_line(path),
            str(graph[path].out),
            f"{place.offset_bytes:,}",
            f"{place.bytes:,}",
            _shared(place.shared),
        )
        for path, place in plan.places.items()
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    table = [
        "  ".join(
            cell.rjust(width) if 0 < i < 4 else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    freed = memory(checked).peak_bytes
    total = [
        f"each with memory of its own  {plan.total_bytes:>15,} bytes",
        f"freed behind its last reader {freed:>15,} bytes at the peak",
        f"in one arena                 {plan.arena_bytes:>15,} bytes, "
        f"{plan.total_bytes / plan.arena_bytes:.1f} times less than without a plan",
    ]
    return "\n".join([*table, "", *total]) + "\n"


def _shared(why: str) -> str:
    words = {"view": "its operand", "in place": "its operand, written over", "concat": "the concat"}
    return words.get(why, "")
