"""The raw figures of a machine: a JSON file each, from which everything printed is computed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.plan import dtype_of
from inception_dsl.engines.runner import TOLERANCE
from inception_dsl.engines.timing import Timing
from inception_dsl.whole_file import whole_file

__all__ = ["Entry", "Result", "Way", "read_results", "result_file", "write_result"]


@dataclass(frozen=True)
class Way:
    """One way to run a network, as measured; `raw` lacks what could not be."""

    name: str
    raw: Mapping[str, Any]

    @property
    def timing(self) -> Timing | None:
        """The times of its rounds."""
        return Timing(tuple(self.raw["rounds_ms"])) if "rounds_ms" in self.raw else None

    @property
    def wrong(self) -> bool:
        """Whether it computes something else."""
        error = self.raw.get("relative_error", 0.0)
        return not error <= TOLERANCE[dtype_of(self.name)]

    @property
    def finding(self) -> str:
        """What is wrong with it; empty if nothing is."""
        if "fault" in self.raw:
            return f"fails: {self.raw['fault']}"
        if self.wrong:
            return f"computes something else: relative error {self.raw['relative_error']:.2g}"
        return ""

    def over(self, other: Way) -> float:
        """How many times faster it is than another."""
        assert self.timing
        assert other.timing
        return self.timing.ratio(other.timing)


@dataclass(frozen=True)
class Entry:
    """A network at a batch, run in several ways in turn."""

    raw: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The network."""
        return str(self.raw["name"])

    @property
    def batch(self) -> int:
        """Images at once."""
        return int(self.raw["batch"])

    @property
    def title(self) -> str:
        """The network, and the batch or the look of its figure."""
        return f"{self.name}, {self.raw.get('look') or f'batch {self.batch}'}"

    @property
    def device(self) -> str:
        """Where it ran: `cpu` or `cuda`."""
        return str(self.raw.get("device", "cpu"))

    @property
    def ways(self) -> dict[str, Way]:
        """All ways that this machine has, in the order of the plan."""
        rows = self.raw["rows"].items()
        return {name: Way(name, row) for name, row in rows if "unavailable" not in row}

    def right(self, names: Iterable[str]) -> list[Way]:
        """Those of some ways that were measured and compute the network."""
        ways = self.ways
        found = [ways[name] for name in names if name in ways]
        return [way for way in found if way.timing and not way.wrong]

    def fastest(self, dtype: str = "float32") -> list[Way]:
        """Our way with the least median time in a type, if there is one."""
        mine = [n for n in self.ways if n.startswith("ours") and dtype_of(n) == dtype]
        return sorted(self.right(mine), key=lambda way: median(way.raw["rounds_ms"]))[:1]

    def share_of_roof(self, way: Way) -> float | None:
        """What a way reaches of the machine's best multiply-adds a second in its type."""
        roof = self.raw.get("roof", {}).get(dtype_of(way.name))
        if not roof or not way.timing:
            return None
        return float(self.raw["macs"] * self.batch / (way.timing.median_ms / 1e3) / roof)


@dataclass(frozen=True)
class Result:
    """All that was measured on one machine."""

    raw: Mapping[str, Any]

    @property
    def machine(self) -> str:
        """The machine as it names itself."""
        return str(self.raw["machine"])

    @property
    def inferences(self) -> list[Entry]:
        """Each network at each batch."""
        return [Entry(raw) for raw in self.raw.get("inference", {}).values()]

    @property
    def trainings(self) -> list[Entry]:
        """Each network's training step."""
        return [Entry(raw) for raw in self.raw.get("training", {}).values()]

    @property
    def drawings(self) -> list[Entry]:
        """Each network's figure, in each look."""
        return [Entry(raw) for raw in self.raw.get("drawing", {}).values()]

    def on(self, device: str, batch: int = 0) -> list[Entry]:
        """The inferences on a device, at a batch if it is said."""
        found = [entry for entry in self.inferences if entry.device == device]
        return [entry for entry in found if batch in (0, entry.batch)]


def read_results(folder: Path) -> list[Result]:
    """The results of all machines, by file name."""
    return [Result(json.loads(file.read_text("utf-8"))) for file in sorted(folder.glob("*.json"))]


def result_file(folder: Path, machine: str) -> Path:
    """Where the result of a machine lies."""
    return folder / f"{re.sub(r'[^a-z0-9]+', '-', machine.lower()).strip('-')}.json"


def write_result(folder: Path, raw: Mapping[str, Any]) -> None:
    """Keep what was measured, in one piece."""
    folder.mkdir(parents=True, exist_ok=True)
    with whole_file(result_file(folder, raw["machine"])) as partial:
        partial.write_text(json.dumps(_rounded(raw), indent=1) + "\n", encoding="utf-8")


def _rounded(raw: Any) -> Any:
    """Times to six digits: more is noise, and a long file."""
    if isinstance(raw, float):
        return float(f"{raw:.6g}")
    if isinstance(raw, Mapping):
        return {key: _rounded(value) for key, value in raw.items()}
    return [_rounded(value) for value in raw] if isinstance(raw, list) else raw
