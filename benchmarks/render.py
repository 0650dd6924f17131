"""The results of all machines as a page of tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.goals import goals
from benchmarks.plan import (
    BASE,
    EAGER,
    LIBRARIES,
    OURS_APART,
    TORCHVIEW,
    TORCHVIEW_APART,
)
from benchmarks.results import Entry, Result, Way

__all__ = ["page"]

_PREFACE = Path(__file__).with_name("preface.md")

Rows = Sequence[Sequence[str]]


def page(results: Sequence[Result]) -> str:
    """The whole page: a section for each machine."""
    return "\n".join(
        [_PREFACE.read_text("utf-8"), *(line for result in results for line in _section(result))]
    )


def _section(result: Result) -> Iterator[str]:
    raw = result.raw
    versions = ", ".join(f"{name} {number}" for name, number in raw["versions"].items())
    yield f"## {result.machine}\n"
    yield f"Measured {raw['date']}, load {raw['load']:.1f} at the start. {versions}.\n"
    yield "### Goals\n"
    yield "Ratios are of times unless said otherwise: how many times faster we are.\n"
    told = [[goal.text, goal.against, goal.measured, goal.verdict] for goal in goals(result)]
    yield _table(("to reach", "against", "measured", ""), told, "lll")
    if findings := list(_findings(result)):
        yield "### Findings\n"
        yield "\n".join(f"- {finding}" for finding in findings) + "\n"
    yield from _inference(result)
    yield from _training(result)
    yield from _drawing(result)
    yield from _compiler(raw)


def _findings(result: Result) -> Iterator[str]:
    for entry in (*result.inferences, *result.trainings, *result.drawings):
        for way in entry.ways.values():
            if way.finding:
                yield f"{entry.title}: {way.name} {way.finding}."


def _inference(result: Result) -> Iterator[str]:
    if not result.inferences:
        return
    yield "### Inference\n"
    for entry in result.inferences:
        roofs = ", ".join(f"{dtype} {macs / 1e9:.0f}" for dtype, macs in entry.raw["roof"].items())
        yield f"#### {entry.title}\n"
        yield (
            f"{entry.raw['rounds']} rounds, speed-ups over {BASE}; weights of "
            f"{LIBRARIES.get(entry.name, entry.name)}; roof in G multiply-adds a second: {roofs}.\n"
        )
        head = ("", "ms", "10 to 90 %", "speed-up", "roof", "error", "prepared", "peak")
        rows = [_cells(entry, way, BASE) for way in entry.ways.values()]
        yield _table(head, rows, "l")


def _training(result: Result) -> Iterator[str]:
    if not result.trainings:
        return
    yield "### Training step\n"
    yield (
        "Forward and backward, with auxiliary heads and without dropout; `error` is that of the "
        "first loss.\n"
    )
    for entry in result.trainings:
        yield f"#### {entry.title}\n"
        yield f"{entry.raw['rounds']} rounds, speed-ups over {EAGER}.\n"
        head = ("", "ms", "10 to 90 %", "speed-up", "error")
        rows = [_cells(entry, way, EAGER) for way in entry.ways.values()]
        yield _table(head, [[*row[:4], row[5]] for row in rows], "l")


def _drawing(result: Result) -> Iterator[str]:
    if not result.drawings:
        return
    yield "### Figures\n"
    yield (
        "A network's figure as SVG. torchview's is `draw_graph(..., device=\"meta\")` of the "
        "library's module, which it traces without data, laid out by the system's `dot`: folded "
        "with `depth=1`, fully open with `depth=100, expand_nested=True`. A process is what a user "
        "would write, imports and the file included, and its speed-up is over torchview's "
        "process; all others are over torchview with the module in memory.\n"
    )
    for entry in result.drawings:
        told = [f"{entry.raw['rounds']} rounds of processes, three times as many within one"]
        told += [f"{name} {number}" for name, number in entry.raw.get("versions", {}).items()]
        yield f"#### {entry.title}\n"
        yield f"{', '.join(told)}.\n"
        rows = []
        for way in entry.ways.values():
            base = TORCHVIEW_APART if way.name in (OURS_APART, TORCHVIEW_APART) else TORCHVIEW
            rows.append([*_cells(entry, way, base)[:4], str(way.raw.get("boxes", ""))])
        yield _table(("", "ms", "10 to 90 %", "speed-up", "boxes"), rows, "l")


def _cells(entry: Entry, way: Way, base: str) -> list[str]:
    raw, timing = way.raw, way.timing
    name = f"{way.name} (see findings)" if way.finding else way.name
    times = ["", "", ""]
    if timing:
        low, high = timing.spread_ms
        times = [f"{timing.median_ms:.1f}", f"{low:.1f} to {high:.1f}", ""]
        reference = entry.ways.get(base)
        if reference and reference.timing:
            times[2] = f"{way.over(reference):.2f}"
    share = entry.share_of_roof(way)
    return [
        name,
        *times,
        "" if share is None else f"{share:.0%}",
        f"{raw['relative_error']:.0e}" if "relative_error" in raw else "",
        f"{raw['prepare_s']:.1f} s" if "prepare_s" in raw else "",
        _megabytes(raw["peak_bytes"]) if "peak_bytes" in raw else "",
    ]


def _compiler(raw: Mapping[str, Any]) -> Iterator[str]:
    if emission := raw.get("emission"):
        yield "### ONNX of inception_v3\n"
        yield "Written to a file, from the checked graph or module and its weights in memory.\n"
        rows = [
            [way, f"{median(found['seconds']):.3f} s", _megabytes(median(found["peak_bytes"]))]
            if "fault" not in found
            else [f"{way}: {found['fault'][0]}", "", ""]
            for way, found in emission.items()
        ]
        yield _table(("", "time", "peak"), rows, "l")
    if cold := raw.get("cold"):
        yield "### Cold start\n"
        yield "A process each, from its start to its end.\n"
        rows = [[f"`{name}`", f"{median(found) * 1e3:.0f} ms"] for name, found in cold.items()]
        yield _table(("", "time"), rows, "l")
    if growth := raw.get("growth"):
        yield "### From text to checked graph\n"
        yield "The inception modules of inception_v3, written out so many times.\n"
        rows = [
            [str(each["copies"]), f"{each['operations']:,}", f"{median(each['seconds']):.3f} s"]
            for each in growth
        ]
        yield _table(("copies", "operations", "time"), rows, "")
    if arena := raw.get("arena"):
        yield "### Feature maps of one image\n"
        yield "Each in memory of its own, as written and rewritten for the torch engine; planned.\n"
        rows = [
            [name, *(_megabytes(found[key]) for key in ("written", "rewritten", "arena"))]
            for name, found in arena.items()
        ]
        yield _table(("", "as written", "rewritten", "arena"), rows, "l")


def _megabytes(count: float) -> str:
    return f"{count / 1e6:.0f} MB" if count >= 1e8 else f"{count / 1e6:.1f} MB"


def _table(head: Sequence[str], rows: Rows, left: str) -> str:
    """A table of Markdown, its first columns aligned as `left` has letters, the others right."""
    rules = ["---" if place < len(left) else "---:" for place in range(len(head))]
    lines = [head, rules, *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
