"""The compiler itself: its cold start, how its time grows, the memory it plans. Prints JSON."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from time import perf_counter

from benchmarks.plan import CHECK, IMPORT, LIBRARIES

STEPS = {
    IMPORT: "import torch",
    CHECK: "import sys; sys.argv = ['incept', 'check', 'inception_v3']\n"
    "from inception_dsl.cli.main import main\nmain()",
}
"""Programs of which each run is a process of its own, from its start to its end."""

COPIES = (1, 2, 4, 8, 16, 32, 64, 128)
_MODULES = 3 * ["inception_a(64)"] + 4 * ["inception_b(192)"] + 2 * ["inception_c()"]


def cold(rounds: int) -> dict[str, list[float]]:
    """Seconds of each program, which take turns, behind one run of each that fills the caches."""
    found: dict[str, list[float]] = {name: [] for name in STEPS}
    for turn in range(rounds + 1):
        for name, code in STEPS.items():
            start = perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
            if turn:
                found[name].append(perf_counter() - start)
    return found


def growth(rounds: int) -> list[dict[str, object]]:
    """Operations, and seconds from the text to the checked graph, of more and more copies.

    The sizes take turns, so that a slow moment does not fall on one alone.
    """
    import inception_dsl as idsl

    seconds: dict[int, list[float]] = {copies: [] for copies in COPIES}
    operations: dict[int, int] = {}
    for _ in range(rounds):
        for copies in COPIES:
            text = grown(copies)
            start = perf_counter()
            network = idsl.load(text)
            seconds[copies].append(perf_counter() - start)
            operations[copies] = len(network.graph.graph)
    return [
        {"copies": copies, "operations": operations[copies], "seconds": seconds[copies]}
        for copies in COPIES
    ]


def grown(copies: int) -> str:
    """The modules of inception_v3 that keep the grid, so many times, one after the other."""
    from inception_dsl.shipped import shipped_folder

    text = (shipped_folder() / "inception_v3.incept").read_text("utf-8")
    head, _, _ = text.partition("network inception_v3")
    lines = [f"    {module}" for module in copies * _MODULES]
    return "\n".join([head, "network grown {", "    input image: 192x17x17", *lines, "}", ""])


def arena() -> dict[str, dict[str, int]]:
    """Bytes of the feature maps of one image: each by itself, as written and rewritten; planned."""
    import inception_dsl as idsl
    from inception_dsl.analysis.memory_plan import memory_plan

    found = {}
    for name in LIBRARIES:
        network = idsl.load(name)
        plan = memory_plan(network.optimized("torch-cpu"))
        found[name] = {
            "written": network.activation_bytes,
            "rewritten": plan.total_bytes,
            "arena": plan.arena_bytes,
        }
    return found


def main() -> None:
    """Print what the argument names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=("cold", "growth", "arena"))
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    steps = {
        "cold": lambda: cold(given.rounds),
        "growth": lambda: growth(given.rounds),
        "arena": arena,
    }
    print(json.dumps({"found": steps[given.step]()}))


if __name__ == "__main__":
    main()
