"""`incept compile` and `incept run`: what lands on disk, and what the photographs give."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import sklearn.datasets
import torch
from click.testing import CliRunner, Result
from PIL import Image
from safetensors.numpy import load_file, save_file

import inception_dsl as idsl
from inception_dsl.cli.main import incept
from inception_dsl.cli.run import class_names
from inception_dsl.weights import calibrated_weights

PHOTOGRAPHS = sorted((Path(sklearn.datasets.__file__).parent / "images").glob("*.jpg"))
SMALL = """
layer conv(filters: int) {
    conv2d(filters, 3x3, padding=same)
    batch_norm()
    relu()
}

head classifier(classes: int) {
    global_avg_pool()
    linear(classes)
}

network small(classes: int = 1000) {
    input image: 3x32x32
    conv(8)
    aux early = classifier(classes)
    conv(16)
    classifier(classes)
}
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(incept, [str(each) for each in arguments])


def refused(result: Result) -> str:
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "small.incept"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture
def weights(small: Path) -> Path:
    path = small.with_name("given.safetensors")
    save_file(calibrated_weights(idsl.load(small).graph), path)
    return path


def test_compile_to_torch_writes_source_that_runs_alone(small: Path) -> None:
    result = run("compile", small, "--to", "torch")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    assert "wrote small.py" in result.stderr
    assert sorted(path.name for path in Path.cwd().iterdir()) == ["small.incept", "small.py"]
    model = runpy.run_path("small.py")["Small"]().eval()
    assert model(torch.zeros(2, 3, 32, 32)).shape == (2, 1000)


def test_compile_to_torch_writes_the_weights_beside_the_source(small: Path, weights: Path) -> None:
    result = run("compile", small, "--to", "torch", "-o", "net.py", "--weights", weights)
    assert result.exit_code == 0, result.stderr
    assert "load_state_dict" in result.stderr
    model = runpy.run_path("net.py")["Small"]()
    beside = {key: torch.from_numpy(value) for key, value in load_file("net.safetensors").items()}
    model.load_state_dict(beside)
    image = torch.randn(1, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    expected = idsl.load(small).to_torch(weights=calibrated_weights(idsl.load(small).graph))
    with torch.inference_mode():
        assert torch.equal(model.eval()(image), expected.eval()(image))


def test_compile_to_onnx_puts_the_weights_inside(small: Path, weights: Path) -> None:
    assert run("compile", small, "--to", "onnx", "--weights", weights).exit_code == 0
    model = onnx.load("small.onnx")
    onnx.checker.check_model(model, full_check=True)
    given = load_file(weights)
    inside = {each.name: onnx.numpy_helper.to_array(each) for each in model.graph.initializer}
    assert inside.keys() < given.keys()
    assert all(np.array_equal(given[name], value) for name, value in inside.items())
    assert not [name for name in inside if name.startswith("early")]


def test_compile_to_onnx_without_weights_takes_them_as_inputs(small: Path) -> None:
    assert run("compile", small, "--to", "onnx", "--no-weights").exit_code == 0
    model = onnx.load("small.onnx")
    assert not model.graph.initializer
    assert len(model.graph.input) > 1


def test_compile_passes_on_how_to_write_onnx(small: Path) -> None:
    options = ("--functions", "--batch", "4", "--dtype", "float16", "--opset", "23")
    result = run("compile", small, "--to", "onnx", "-o", "x.onnx", *options)
    assert result.exit_code == 0, result.stderr
    model = onnx.load("x.onnx")
    assert model.functions
    assert next(each.version for each in model.opset_import if not each.domain) == 23
    kind = model.graph.input[0].type.tensor_type
    assert kind.elem_type == onnx.TensorProto.FLOAT16
    assert [extent.dim_value for extent in kind.shape.dim] == [4, 3, 32, 32]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--to", "torch", "--functions"], "--to onnx"),
        (["--to", "torch", "--batch", "2"], "--to onnx"),
        (["--to", "tflite"], "torch"),
        ([], "--to"),
        (["--to", "onnx", "--batch", "0"], "dynamic"),
        (["--to", "onnx", "--dtype", "int7"], "int7"),
        (["--to", "onnx", "--opset", "7"], "7"),
        (["--to", "onnx", "--weights", "nowhere.npz"], "nowhere.npz"),
        (["--to", "onnx", "--weights", "small.incept"], "safetensors"),
        (["--to", "onnx", "--weights", "x.npz", "--no-weights"], "exclude"),
        (["--to", "torch", "-o", "nowhere/x.py"], "nowhere/x.py"),
    ],
)
def test_what_cannot_be_compiled_leaves_nothing_behind(
    small: Path, options: list[str], words: str
) -> None:
    assert words in refused(run("compile", small, *options))
    assert [path.name for path in Path.cwd().iterdir()] == ["small.incept"]


@pytest.mark.parametrize("to", ["torch", "onnx"])
def test_weights_of_another_network_are_refused_by_name(
    small: Path, weights: Path, to: str
) -> None:
    given = load_file(weights)
    given["stray.weight"] = given.pop(next(iter(given)))
    save_file(given, weights)
    words = refused(run("compile", small, "--to", to, "--weights", weights))
    assert "stray.weight" in words
    assert not list(Path.cwd().glob("small.[op]*"))


def test_the_same_spec_gives_the_same_bytes(small: Path) -> None:
    for suffix, to in (("py", "torch"), ("onnx", "onnx")):
        for name in ("first", "second"):
            assert run("compile", small, "--to", to, "-o", f"{name}.{suffix}").exit_code == 0
        assert Path(f"first.{suffix}").read_bytes() == Path(f"second.{suffix}").read_bytes()


# run


def shown(result: Result) -> list[list[str]]:
    """The lines of a result, a list of words each: a photograph, then its classes."""
    assert result.exit_code == 0, result.stderr
    return [line.split(maxsplit=2) for line in result.stdout.splitlines()]


@pytest.mark.parametrize("backend", ["torch", "onnx"])
def test_run_shows_what_the_network_sees(small: Path, weights: Path, backend: str) -> None:
    result = run("run", small, *PHOTOGRAPHS, "--weights", weights, "--backend", backend)
    lines = shown(result)
    assert [line[0] for line in lines if len(line) == 1] == [str(path) for path in PHOTOGRAPHS]
    (line,) = result.stderr.splitlines()
    assert "as is usual for ImageNet" in line

    model = idsl.load(small).to_torch(weights=weights).eval()
    pixels = np.asarray(Image.open(PHOTOGRAPHS[0]).resize((53, 36), Image.Resampling.BILINEAR))
    cropped = pixels[2:34, 10:42] / 255  # of 36x53: the shorter side is 32 / 0.875
    image = (cropped - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    batch = torch.from_numpy(image).float().permute(2, 0, 1)[None]
    with torch.inference_mode():
        shares, indices = model(batch)[0].softmax(0).topk(5)
    names = class_names(1000)
    expected = [
        [f"{share:.2%}", str(index), names[index]]
        for share, index in zip(shares.tolist(), indices.tolist(), strict=True)
    ]
    assert lines[1:6] == expected


def test_run_says_when_the_weights_are_random(small: Path) -> None:
    result = run("run", small, PHOTOGRAPHS[0], "--top", "3", "--set", "classes=12")
    assert "random" in result.stderr
    lines = shown(result)
    assert len(lines) == 4
    assert {len(line) for line in lines[1:]} == {2}  # no names: these are not ImageNet's classes


def test_run_refuses_what_is_no_photograph_and_what_takes_none(small: Path) -> None:
    assert "cannot read" in refused(run("run", small, small))
    assert "nowhere.jpg" in refused(run("run", small, "nowhere.jpg"))
    assert "2x32x32" in refused(run("run", small, PHOTOGRAPHS[0], "--input", "2x32x32"))


def test_the_class_names_are_torchvisions(torchvision: object) -> None:
    from torchvision.models import GoogLeNet_Weights

    assert class_names(1000) == GoogLeNet_Weights.DEFAULT.meta["categories"]


def test_run_gives_the_same_classes_in_both_backends(small: Path) -> None:
    runs = [
        shown(run("run", "googlenet", *PHOTOGRAPHS, "--backend", backend))
        for backend in ("torch", "onnx")
    ]
    assert runs[0] == runs[1]


def test_onnx_runtime_loads_what_compile_wrote(small: Path, weights: Path) -> None:
    run("compile", small, "--to", "onnx", "--weights", weights)
    session = onnxruntime.InferenceSession("small.onnx", providers=["CPUExecutionProvider"])
    image = np.random.default_rng(0).standard_normal((2, 3, 32, 32), np.float32)
    (found,) = session.run(None, {session.get_inputs()[0].name: image})
    model = idsl.load(small).to_torch(weights=weights).eval()
    with torch.inference_mode():
        expected = model(torch.from_numpy(image)).numpy()
    assert np.linalg.norm(found - expected) / np.linalg.norm(expected) < 1e-5
