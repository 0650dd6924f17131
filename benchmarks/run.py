"""Measure this machine, and write the page of tables from all machines' results."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from platform import python_version
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks.plan import (
    DEPTHS,
    DRAWN,
    DYNAMO,
    LIBRARIES,
    LOOKS,
    OLDER,
    STRUCTURE,
    WRITTEN,
    Depth,
    Inference,
)
from benchmarks.render import page
from benchmarks.results import read_results, result_file, write_result
from inception_dsl.engines.machine import machine, versions
from inception_dsl.whole_file import whole_file

HERE = Path(__file__).resolve().parent
PARTS = ("inference", "training", "drawing", "compiler")
PACKAGES = (
    "inception-dsl", "torch", "torchvision", "timm", "onnx", "onnxruntime", "openvino",
    "onnxscript", "numpy",
)  # fmt: skip


class Measuring:
    """Processes one after the other, and what they printed."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw
        self._start = perf_counter()

    def ask(self, title: str, module: str, *arguments: object) -> dict[str, Any]:
        """What a program of this folder prints; its fault, if it does not come to its end."""
        print(f"{perf_counter() - self._start:6.0f} s  {title} ... ", end="", flush=True)
        start = perf_counter()
        command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]
        done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True)
        lines = done.stdout.splitlines()
        if done.returncode or not lines:
            last = (done.stderr.strip() or "no message").splitlines()[-1]
            found = {"fault": f"ended with {done.returncode}: {last[:100]}"}
        else:
            found = json.loads(lines[-1])
        print(found.get("fault") or f"{perf_counter() - start:.0f} s", flush=True)
        return found

    def inference(self, plan: Inference) -> None:
        """Each way alone where the plan says so, then those that came through side by side."""
        title = f"{plan.name}, batch {plan.batch}"
        found: dict[str, dict[str, Any]] = {way: {} for way in plan.ways}
        with TemporaryDirectory() as caches:
            common = ("--batch", plan.batch, "--caches", caches)
            if plan.alone:
                for way in plan.ways:
                    found[way] = self.ask(f"{title}: {way}", "inference", plan.name, way, *common)
            ways = [way for way, row in found.items() if not {"fault", "unavailable"} & set(row)]
            rounds = ("--rounds", plan.rounds)
            told = f"{title}: side by side, {plan.rounds} rounds"
            entry = self.ask(told, "inference", plan.name, *ways, *common, *rounds)
        rows = entry.get("rows") or dict.fromkeys(ways, entry)
        kept = entry if "rows" in entry else _failed(plan.name, plan.batch)
        kept["rows"] = {way: row | rows.get(way, {}) for way, row in found.items()}
        self.raw["inference"][f"{plan.name}, batch {plan.batch}"] = kept

    def training(self, name: str, rounds: int) -> None:
        """A training step in each form."""
        entry = self.ask(f"{name}: training step", "training", name, "--rounds", rounds)
        if "rows" not in entry:
            entry = _failed(name, 8) | {"rows": {"all of them": entry}}
        self.raw["training"][name] = entry

    def drawing(self, name: str, rounds: int) -> None:
        """A figure, folded and fully open."""
        for look in LOOKS:
            told = f"{name}: figure, {look}"
            entry = self.ask(told, "drawing", name, look, "--rounds", rounds)
            if "missing" in entry:
                print(f"          torchview not measured: {entry['missing']}")
            if "rows" not in entry:
                entry = {"name": name, "look": look, "rounds": 0, "rows": {"all of them": entry}}
            self.raw.setdefault("drawing", {})[f"{name}, {look}"] = entry

    def compiler(self, rounds: int, emissions: int) -> None:
        """ONNX files, in a process each time; cold starts, growth and the memory plan."""
        ways: dict[str, dict[str, Any]] = {}
        for turn in range(emissions):
            for way in (WRITTEN, STRUCTURE, DYNAMO, OLDER):
                told = f"ONNX of inception_v3: {way}, {turn + 1} of {emissions}"
                for key, value in self.ask(told, "emission", way).items():
                    ways.setdefault(way, {}).setdefault(key, []).append(value)
        self.raw["emission"] = ways
        for part in ("cold", "growth", "arena"):
            found = self.ask(part, "compile_side", part, "--rounds", rounds)
            self.raw.pop(part, None)  # what does not come to its end now is not known
            if "found" in found:
                self.raw[part] = found["found"]


def _failed(name: str, batch: int) -> dict[str, Any]:
    return {"name": name, "batch": batch, "rounds": 0, "macs": 0, "roof": {}}


def start(folder: Path) -> dict[str, Any]:
    """This machine's result so far, or a new one where a version is not what it was."""
    told = {"python": python_version()} | versions(PACKAGES)
    stamp: dict[str, Any] = {"machine": str(machine()), "versions": told}
    file = result_file(folder, stamp["machine"])
    raw = json.loads(file.read_text("utf-8")) if file.exists() else {}
    if raw.get("versions") != told:
        raw = {"inference": {}, "training": {}}
    now = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "load": os.getloadavg()[0]}
    return stamp | now | {key: value for key, value in raw.items() if key not in stamp | now}


def write_page(into: Path) -> None:
    """The page of all machines."""
    with whole_file(into / "README.md") as partial:
        partial.write_text(page(read_results(into / "results")), encoding="utf-8")
    print(f"wrote {into / 'README.md'}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the arguments ask for; without any, everything."""
    given = _parser().parse_args(arguments)
    given.into.mkdir(parents=True, exist_ok=True)
    depth: Depth = DEPTHS["quick" if given.quick else "full" if given.full else "usual"]
    results = given.into / "results"
    if not given.render:
        measuring = Measuring(start(results))
        rounds = given.rounds or depth.rounds
        if "inference" in given.parts:
            for plan in depth.inferences:
                if plan.name in given.models and plan.batch in (given.batches or [plan.batch]):
                    measuring.inference(replace(plan, rounds=given.rounds or plan.rounds))
                    write_result(results, measuring.raw)
        if "training" in given.parts:
            for name in depth.training:
                if name in given.models:
                    measuring.training(name, rounds)
                    write_result(results, measuring.raw)
        if "drawing" in given.parts:
            for name in DRAWN:
                if name in given.models:
                    measuring.drawing(name, rounds)
                    write_result(results, measuring.raw)
        if "compiler" in given.parts:
            measuring.compiler(rounds, depth.emissions)
            write_result(results, measuring.raw)
    write_page(given.into)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    depth = parser.add_mutually_exclusive_group()
    depth.add_argument("--quick", action="store_true", help="two networks, few rounds")
    depth.add_argument("--full", action="store_true", help="every mode and batch of all networks")
    parser.add_argument("--models", nargs="+", choices=LIBRARIES, default=list(LIBRARIES))
    parser.add_argument("--batches", nargs="+", type=int, help="of those that the depth has")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--rounds", type=int, help="instead of those that the depth has")
    parser.add_argument("--into", type=Path, default=HERE, help="where README.md and results/ go")
    parser.add_argument("--render", action="store_true", help="only write README.md anew")
    return parser


if __name__ == "__main__":
    main()
