"""What the project set out to reach, and whether the figures of a machine reach it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from benchmarks.plan import (
    BASE,
    CHECK,
    COMPILED,
    DYNAMO,
    EAGER,
    EXPORTED,
    FOLDED,
    IMPORT,
    OLDER,
    OPEN,
    OURS_APART,
    OURS_DRAWN,
    STRUCTURE,
    TORCHVIEW_APART,
    TORCHVIEW_MADE,
    WRITTEN,
)
from benchmarks.results import Entry, Result, Way

__all__ = ["Figure", "Goal", "goals"]

TORCH = "ours, torch"
V3, RESNET = "inception_v3", "inception_resnet_v2"
GPU_PEERS = ("torch.compile, max-autotune", "eager, CUDA graph")


@dataclass(frozen=True)
class Figure:
    """A number beside the one that was wanted, both as they are shown: to two decimals."""

    what: str
    value: float
    wanted: float
    at_most: bool = False

    @property
    def met(self) -> bool:
        """Whether it is at least, or at most, what was wanted."""
        value = round(self.value, 2)
        return value <= self.wanted if self.at_most else value >= self.wanted

    def __str__(self) -> str:
        shown = f"{self.value:.0f}" if self.value >= 100 else f"{self.value:.2f}"
        return f"{self.what} {shown}".strip() + ("" if self.met else " (missed)")


@dataclass(frozen=True)
class Goal:
    """A goal, what it is against, and every figure that it is about."""

    text: str
    against: str
    figures: tuple[Figure, ...]
    absent: str = "not measured"

    @property
    def measured(self) -> str:
        """The figures, or why there are none."""
        return "; ".join(map(str, self.figures)) or self.absent

    @property
    def verdict(self) -> str:
        """Whether all figures meet the goal; nothing where there are none."""
        if not self.figures:
            return ""
        return "met" if all(figure.met for figure in self.figures) else "missed"


def goals(result: Result) -> list[Goal]:
    """Every goal, with the figures of one machine."""
    return [*_cpu(result), *_gpu(result), *_training(result), *_drawing(result), *_compiler(result)]


def _cpu(result: Result) -> Iterator[Goal]:
    eager, first, eighth = f"PyTorch {BASE}", result.on("cpu", 1), result.on("cpu", 8)
    yield Goal(
        "torch engine, float32, batch 1: 1.3 (inception_resnet_v2 1.2)",
        eager,
        tuple(
            figure
            for entry in first
            for figure in _over([entry], _torch, [BASE], 1.2 if entry.name == RESNET else 1.3)
        ),
    )
    yield Goal("torch engine, float32, batch 8: 1.13", eager, _over(eighth, _torch, [BASE], 1.13))
    yield Goal(
        "torch engine, float32, batch 1: 1.12",
        f"`{COMPILED}`, default",
        _over(first, _torch, [COMPILED], 1.12),
    )
    yield Goal("torch engine prepared in under 2 s", *_preparation(first))
    yield Goal(
        "best CPU engine, float32, batch 1: 1.45", eager, _over(first, Entry.fastest, [BASE], 1.45)
    )
    yield Goal(
        "best CPU engine, float32, batch 8: 1.25", eager, _over(eighth, Entry.fastest, [BASE], 1.25)
    )
    yield Goal(
        "best CPU engine, float32: 1.0 or better everywhere",
        "ONNX Runtime and OpenVINO on the exporter's file",
        _over(result.on("cpu"), Entry.fastest, EXPORTED, 1.0, batches=True),
    )
    yield Goal(
        "CPU bfloat16, batch 1: 2.3",
        f"{eager}, float32",
        _over(first, lambda entry: entry.fastest("bfloat16"), [BASE], 2.3),
    )


def _gpu(result: Result) -> Iterator[Goal]:
    for batches, text, wanted in (
        (range(1, 2), "batch 1", 1.4),
        (range(8, 9), "batch 8", 1.2),
        (range(128, 1 << 20), "batch 128 and more", 1.1),
    ):
        entries = [entry for entry in result.on("cuda") if entry.batch in batches]
        yield Goal(
            f"H100 bfloat16, {text}: {wanted}",
            "`torch.compile` max-autotune, and eager under a CUDA graph",
            _over(entries, lambda each: each.fastest("bfloat16"), GPU_PEERS, wanted, batches=True),
            absent="not measured: no GPU",
        )


def _training(result: Result) -> Iterator[Goal]:
    yield Goal(
        "training step, batch 8: 1.3",
        "PyTorch eager",
        _over(result.trainings, Entry.fastest, [EAGER], 1.3),  # fused siblings where they pay
    )


def _drawing(result: Result) -> Iterator[Goal]:
    for look, wanted in ((FOLDED, 10.0), (OPEN, 3.0)):
        entries = [entry for entry in result.drawings if entry.raw.get("look") == look]
        missing = [entry.raw["missing"] for entry in entries if "missing" in entry.raw]
        absent = ": ".join(["not measured", *missing[:1]])
        for own, peer, told in (
            (OURS_DRAWN, TORCHVIEW_MADE, "imports done; ours reads the text, it makes the module"),
            (OURS_APART, TORCHVIEW_APART, "a process each"),
        ):
            found = _over(entries, lambda entry, own=own: entry.right([own]), [peer], wanted)
            against = f"torchview's `draw_graph` and `dot`, {told}"
            yield Goal(
                f"from spec to SVG, {look}: {wanted:.0f} times faster", against, found, absent
            )


def _compiler(result: Result) -> Iterator[Goal]:
    arena, cold = result.raw.get("arena", {}), result.raw.get("cold", {})
    v3 = arena.get(V3)
    yield Goal(
        "activations' arena, inception_v3, batch 1: 3 times smaller",
        "sum of all activations of the rewritten network",
        (Figure("", v3["rewritten"] / v3["arena"], 3.0),) if v3 else (),
    )
    yield Goal(
        "a cold `incept check` of inception_v3: 4 times faster",
        "`import torch` alone",
        (Figure("", _ratio(cold[IMPORT], cold[CHECK]), 4.0),) if cold else (),
    )
    yield from _emission(result.raw.get("emission", {}))
    steps = result.raw.get("growth", [])
    yield Goal(
        "from text to checked graph: at most 2.2 times the time for twice the operations",
        "itself",
        tuple(
            Figure(
                f"{large['operations']:,}",
                _ratio(large["seconds"], small["seconds"]),
                2.2,
                at_most=True,
            )
            for small, large in pairwise(steps)
        ),
    )


def _emission(found: Mapping[str, Mapping[str, Any]]) -> Iterator[Goal]:
    dynamo, older = "`torch.onnx.export` (dynamo)", "`torch.onnx.export` (older)"
    for text, against, own, other, figure, wanted in (
        ("with weights: 8 times faster", dynamo, WRITTEN, DYNAMO, "seconds", 8.0),
        ("with weights: less peak memory", dynamo, WRITTEN, DYNAMO, "peak_bytes", 1.01),
        ("structure only: 300 times faster", dynamo, STRUCTURE, DYNAMO, "seconds", 300.0),
        ("with weights: 1.5 times faster", older, WRITTEN, OLDER, "seconds", 1.5),
    ):
        mine, theirs = found.get(own, {}), found.get(other, {})
        ratio: tuple[Figure, ...] = ()
        if all("seconds" in row and "fault" not in row for row in (mine, theirs)):
            ratio = (Figure("", _ratio(theirs[figure], mine[figure]), wanted),)
        yield Goal(f"ONNX of inception_v3, {text}", against, ratio)


def _preparation(entries: Iterable[Entry]) -> tuple[str, tuple[Figure, ...]]:
    figures, peers = [], []
    for entry in entries:
        own, peer = (entry.ways.get(name, Way(name, {})) for name in (TORCH, COMPILED))
        if "prepare_s" in own.raw:
            figures.append(Figure(entry.name, own.raw["prepare_s"], 2.0, at_most=True))
        if "prepare_s" in peer.raw:
            peers.append(f"{peer.raw['prepare_s']:.0f} s")
    told = f" ({', '.join(peers)})" if peers else ""
    return f"`{COMPILED}`, default{told}", tuple(figures)


def _over(
    entries: Iterable[Entry],
    own: Callable[[Entry], Sequence[Way]],
    peers: Sequence[str],
    wanted: float,
    *,
    batches: bool = False,
) -> tuple[Figure, ...]:
    """Per entry, our way over the peer that it gains least on; a peer that is wrong is none."""
    found = []
    for entry in entries:
        ratios = [way.over(peer) for way in own(entry) for peer in entry.right(peers)]
        if ratios:
            what = f"{entry.name} {entry.batch}" if batches else entry.name
            found.append(Figure(what, min(ratios), wanted))
    return tuple(found)


def _torch(entry: Entry) -> list[Way]:
    return entry.right([TORCH])


def _ratio(other: Sequence[float], own: Sequence[float]) -> float:
    """The median of the quotients, round by round."""
    return median(one / two for one, two in zip(other, own, strict=True))
