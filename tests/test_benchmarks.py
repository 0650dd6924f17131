"""The page of benchmarks is what its raw figures say; nothing is measured here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import run
from benchmarks.goals import Goal, goals
from benchmarks.plan import (
    BASE,
    DEPTHS,
    DYNAMO,
    EXPORTED,
    LIBRARIES,
    OLDER,
    OURS_APART,
    OURS_DRAWN,
    STRUCTURE,
    TORCHVIEW,
    TORCHVIEW_APART,
    TORCHVIEW_MADE,
    WRITTEN,
)
from benchmarks.render import page
from benchmarks.results import Result, read_results, write_result

pytestmark = pytest.mark.text

ROOT = Path(__file__).parent.parent


def entry(name: str, batch: int, **ways: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name, "batch": batch, "rounds": 3, "macs": 1e9,
        "roof": {"float32": 100e9, "bfloat16": 200e9}, "rows": ways,
    }  # fmt: skip


def way(*rounds_ms: float, error: float = 1e-7, **more: Any) -> dict[str, Any]:
    return {"rounds_ms": list(rounds_ms), "relative_error": error, **more}


def raw() -> dict[str, Any]:
    first = entry(
        "inception_v3", 1,
        **{
            BASE: way(30.0, 60.0, 30.0, error=0.0),
            "torch.compile": way(24.0, 48.0, 24.0, prepare_s=30.0, peak_bytes=9e8),
            "torch.compile, frozen": way(10.0, 10.0, 10.0, error=0.61),
            EXPORTED[0]: way(19.0, 38.0, 19.0),
            EXPORTED[1]: {"fault": "RuntimeError: no | such operation"},
            "ours, torch": way(20.0, 40.0, 20.0, prepare_s=0.5, peak_bytes=4e8),
            "ours, onnxruntime": way(19.0, 38.0, 19.0),
            "ours, openvino": {"unavailable": "it is not installed"},
            "ours, torch, bfloat16": way(12.0, 24.0, 12.0, error=5e-3),
        },
    )  # fmt: skip
    seconds = {WRITTEN: 0.5, STRUCTURE: 0.01, DYNAMO: 8.0, OLDER: 1.2}
    emission = {
        name: {"seconds": [each] * 3, "peak_bytes": [each * 1e8] * 3}
        for name, each in seconds.items()
    }
    drawing = {
        "name": "inception_v3", "look": "folded", "rounds": 3, "versions": {"torchview": "0.2.7"},
        "rows": {
            OURS_DRAWN: {"rounds_ms": [10.0, 20.0, 10.0], "boxes": 15},
            TORCHVIEW: {"rounds_ms": [120.0, 240.0, 110.0], "boxes": 24},
            TORCHVIEW_MADE: {"rounds_ms": [120.0, 240.0, 110.0], "boxes": 24},
            OURS_APART: {"rounds_ms": [300.0, 300.0]},
            TORCHVIEW_APART: {"rounds_ms": [1500.0, 1500.0]},
        },
    }  # fmt: skip
    return {
        "machine": "Some (R) CPU, 2 cores, Linux x86_64",
        "date": "2026-01-02", "load": 0.1, "versions": {"python": "3.11.9", "torch": "2.13.0"},
        "inference": {"inception_v3, batch 1": first},
        "training": {}, "emission": emission,
        "drawing": {
            "inception_v3, folded": drawing,
            "inception_v3, fully open": {
                "name": "inception_v3", "look": "fully open", "rounds": 3,
                "missing": "there is no `dot` in the path",
                "rows": {OURS_DRAWN: {"rounds_ms": [50.0, 60.0, 50.0], "boxes": 323}},
            },
        },
        "cold": {"import torch": [1.0, 2.0], "incept check inception_v3": [0.2, 0.5]},
        "growth": [
            {"copies": 1, "operations": 260, "seconds": [0.1, 0.2]},
            {"copies": 2, "operations": 519, "seconds": [0.2, 0.5]},
        ],
        "arena": {"inception_v3": {"written": 9e7, "rewritten": 6e7, "arena": 1e7}},
    }  # fmt: skip


def found(text: str) -> Goal:
    (goal,) = [goal for goal in goals(Result(raw())) if text in f"{goal.text}; {goal.against}"]
    return goal


@pytest.mark.parametrize(
    ("goal", "measured", "verdict"),
    [
        ("torch engine, float32, batch 1: 1.3", "inception_v3 1.50", "met"),
        ("torch engine, float32, batch 1: 1.12", "inception_v3 1.20", "met"),
        ("prepared in under 2 s", "inception_v3 0.50", "met"),
        ("best CPU engine, float32, batch 1", "inception_v3 1.58", "met"),
        ("1.0 or better everywhere", "inception_v3 1 1.00", "met"),
        ("CPU bfloat16", "inception_v3 2.50", "met"),
        ("torch engine, float32, batch 8", "not measured", ""),
        ("H100 bfloat16, batch 1:", "not measured: no GPU", ""),
        ("training step", "not measured", ""),
        (
            "SVG, folded: 10 times faster; torchview's `draw_graph` and `dot`, imports done",
            "inception_v3 12.00",
            "met",
        ),
        (
            "SVG, folded: 10 times faster; torchview's `draw_graph` and `dot`, a process each",
            "inception_v3 5.00 (missed)",
            "missed",
        ),
        (
            "SVG, fully open: 3 times faster; torchview's `draw_graph` and `dot`, a process each",
            "not measured: there is no `dot` in the path",
            "",
        ),
        ("arena", "6.00", "met"),
        ("cold `incept check`", "4.50", "met"),
        ("with weights: 8 times", "16.00", "met"),
        ("structure only: 300", "800", "met"),
        ("with weights: 1.5", "2.40", "met"),
        ("twice the operations", "519 2.25 (missed)", "missed"),
    ],
)
def test_a_goal_is_computed_from_the_rounds(goal: str, measured: str, verdict: str) -> None:
    assert (found(goal).measured, found(goal).verdict) == (measured, verdict)


def test_a_way_that_fails_or_is_wrong_is_a_finding_and_no_peer() -> None:
    text = page([Result(raw())])
    assert "- inception_v3, batch 1: torch.compile, frozen computes something else" in text
    assert "relative error 0.61" in text
    assert "- inception_v3, batch 1: exported, OpenVINO fails: RuntimeError" in text
    assert "ours, openvino" not in text


def test_a_figure_is_set_beside_the_peer_that_was_timed_as_it_was() -> None:
    text = page([Result(raw())])
    assert f"| {OURS_DRAWN} | 10.0 | 10.0 to 18.0 | 12.00 | 15 |" in text
    assert f"| {OURS_APART} | 300.0 | 300.0 to 300.0 | 5.00 |  |" in text


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    tables = [block.splitlines() for block in page([Result(raw())]).split("\n\n")]
    tables = [lines for lines in tables if lines and lines[0].startswith("|")]
    assert len(tables) >= 7
    for lines in tables:
        cells = {line.replace("\\|", "").count("|") for line in lines if line}
        assert len(cells) == 1, lines


def test_a_result_survives_its_file(tmp_path: Path) -> None:
    write_result(tmp_path, raw())
    (file,) = tmp_path.iterdir()
    assert file.name == "some-r-cpu-2-cores-linux-x86-64.json"
    assert json.loads(file.read_text(encoding="utf-8")) == raw()
    assert page(read_results(tmp_path)) == page([Result(raw())])


def test_the_page_is_what_the_results_give() -> None:
    kept = read_results(ROOT / "benchmarks/results")
    file = ROOT / "benchmarks/README.md"
    assert not kept or file.read_text(encoding="utf-8") == page(kept)


def test_figures_of_other_versions_are_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = run.start(tmp_path)
    begun["arena"] = {"inception_v3": {}}
    write_result(tmp_path, begun)
    assert "arena" in run.start(tmp_path)
    monkeypatch.setattr(run, "python_version", lambda: "3.0")
    assert "arena" not in run.start(tmp_path)


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_plan_measures_what_the_goals_compare(depth: str) -> None:
    plans = DEPTHS[depth].inferences
    assert {plan.name for plan in plans} <= set(LIBRARIES)
    for plan in plans:
        assert BASE in plan.ways
        assert len(set(plan.ways)) == len(plan.ways)
    assert {1, 8} <= {plan.batch for plan in plans}
