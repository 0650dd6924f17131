"""`incept bench`, and the rewrites and engines of `show`, `compile` and `run`."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from click.testing import CliRunner, Result
from PIL import Image
from safetensors.torch import load_file, save_file

import inception_dsl as idsl
from inception_dsl.cli.main import incept

SPEC = """network small(classes: int = 4) {
    input image: 3x32x32
    aux side = top(classes)
    concat {
        branch conv2d(8, 1x1, bias=false) -> batch_norm() -> relu()
        branch conv2d(4, 1x1, bias=false) -> batch_norm() -> relu()
    }
    top(classes)
}
head top(classes: int) {
    global_avg_pool()
    dropout(0.5)
    linear(classes)
}
"""


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "small.incept"
    path.write_text(SPEC)
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(incept, list(map(str, arguments)))


def test_bench_fits_eighty_columns_and_has_a_row_for_each_way(spec: Path) -> None:
    found = run("bench", spec, "--rounds", "3", "--svg", "bars.svg")
    assert found.exit_code == 0, found.output
    lines = found.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert "small, batch 1, float32" in lines[0]
    for way in ("PyTorch  ", "PyTorch channels-last ", "torch engine "):
        (row,) = (line for line in lines if line.lstrip().startswith(way) and "%" in line)
        assert "…" not in row
    words = "".join(ElementTree.parse("bars.svg").getroot().itertext())
    assert "small, batch 1, float32: milliseconds" in words
    assert "torch engine" in words


def test_bench_in_json_has_every_rounds_time(spec: Path) -> None:
    found = run("bench", spec, "--rounds", "4", "--batch", "2", "--threads", "1", "--format=json")
    told = json.loads(found.stdout)
    assert (told["network"], told["batch"], told["rounds"], told["threads"]) == ("small", 2, 4, 1)
    ran = [row for row in told["rows"] if not row["fault"]]
    assert {"PyTorch", "PyTorch channels-last", "torch engine"} <= {row["name"] for row in ran}
    for row in ran:
        assert len(row["timing"]["rounds_ms"]) == 4
        assert row["relative_error"] < 1e-5
    (base,) = (row for row in ran if row["name"] == "PyTorch channels-last")
    assert base["speedup"] == 1


def test_bench_tells_what_it_could_not_run(spec: Path) -> None:
    found = run("bench", spec, "--rounds", "3", "--dtype", "float16")
    assert found.exit_code == 0, found.output
    assert "not run: onnxruntime engine: its kernels for CPUs have no float16" in found.stdout


def test_show_optimized_has_what_is_left(spec: Path) -> None:
    written = run("show", spec, "--format", "csv").stdout
    optimized = run("show", spec, "--format", "csv", "--stage", "optimized").stdout
    assert "batch_norm" in written + run("show", spec, "--format", "json").stdout
    assert "side" in written
    assert "side" not in optimized
    left = run("show", spec, "--format", "json", "--stage", "optimized").stdout
    assert "batch_norm" not in left
    assert run("show", spec, "--format", "json", "--target", "torch").stdout == left
    siblings = run("show", spec, "--format", "json", "--passes", "fuse_siblings").stdout
    assert '"siblings"' in siblings
    assert "batch_norm" in siblings


def test_show_memory_sums_up_the_arena(spec: Path) -> None:
    found = run("show", spec, "--memory", "--stage", "optimized").stdout
    # image, two convolutions written where their concat wants them, pool, linear
    assert f"in one arena                 {4 * (3 + 12) * 32 * 32:>15,} bytes" in found
    assert run("show", spec, "--memory", "--format", "json").exit_code == 2


@pytest.mark.parametrize("command", ["show", "compile"])
def test_a_pass_that_is_not_there_is_refused_with_a_near_name(spec: Path, command: str) -> None:
    to = ("--to", "onnx") if command == "compile" else ()
    found = run(command, spec, *to, "--passes", "fuse_sibling")
    assert found.exit_code == 2
    assert "a similar name exists: `fuse_siblings`" in found.stderr


def test_compile_optimize_takes_weights_of_the_network_as_written(spec: Path) -> None:
    model = idsl.load(spec).to_torch().eval()
    save_file({k: v for k, v in model.state_dict().items() if v.dim()}, "written.safetensors")
    found = run("compile", spec, "--to", "torch", "--optimize", "--weights", "written.safetensors")
    assert found.exit_code == 0, found.output
    source = Path("small.py").read_text()
    assert "BatchNorm" not in source
    assert "Dropout" not in source
    optimized = runpy.run_path("small.py")["Small"]().eval()
    optimized.load_state_dict(load_file("small.safetensors"))
    images = torch.randn(2, 3, 32, 32)
    with torch.no_grad():
        assert torch.allclose(optimized(images), model(images), atol=1e-5)


def test_run_with_an_engine_says_which_it_took(spec: Path) -> None:
    Image.fromarray(np.full((32, 32, 3), 99, np.uint8)).save("photo.png")
    plain = run("run", spec, "photo.png")
    found = run("run", spec, "photo.png", "--engine", "torch")
    assert found.exit_code == 0, found.output
    assert found.stdout == plain.stdout
    assert "torch: asked for" in found.stderr
    both = run("run", spec, "photo.png", "--engine", "torch", "--backend", "onnx")
    assert both.exit_code == 2
    assert "exclude each other" in both.stderr
