"""`preprocess`: what the shipped specs say is what their sources do, from Python and in ONNX."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import onnx
import pytest
import sklearn.datasets
from click.testing import CliRunner, Result
from onnx_samples import distance, run, shapes_of_values
from PIL import Image

import inception_dsl as idsl
from inception_dsl.backends.onnx import OnnxError
from inception_dsl.cli.main import incept
from inception_dsl.photographs import PhotographError
from inception_dsl.weights import calibrated_weights

PHOTOGRAPHS = sorted((Path(sklearn.datasets.__file__).parent / "images").glob("*.jpg"))
SPEC = """
layer conv(n: int) {{ conv2d(n, 3x3, padding=same)  relu() }}
network small(classes: int = 10) {{
    input {name}: {shape}
    conv(8)
    conv(12)
    global_avg_pool()
    linear(classes)
    {preprocess}
}}
"""
CAFFE = 'preprocess { channels = "bgr"  range = [0, 255]  mean = [104, 117, 123] }'
CENTRED = "preprocess { range = [-1, 1] }"
NORMALISED = "preprocess { mean = [0.5, 0.4, 0.3]  std = [0.2, 0.25, 0.3] }"


def network(preprocess: str, shape: str = "3x24x32", name: str = "image") -> idsl.Network:
    return idsl.load(SPEC.format(name=name, shape=shape, preprocess=preprocess))


# The sources' own


TIMM = {
    "inception_v3": "inception_v3.tf_in1k",
    "inception_v4": "inception_v4.tf_in1k",
    "inception_resnet_v2": "inception_resnet_v2.tf_in1k",
    "nasnet_a_large": "nasnetalarge.tf_in1k",
    "xception": "legacy_xception.tf_in1k",
}


@pytest.mark.parametrize("spec", TIMM)
def test_specs_after_timm_prepare_as_timm_does(timm: ModuleType, spec: str) -> None:
    from timm.data import create_transform, resolve_data_config

    source = timm.models.get_pretrained_cfg(TIMM[spec]).to_dict()
    transform = create_transform(**resolve_data_config(pretrained_cfg=source))
    ours = idsl.load(spec).preprocess
    assert ours is not None
    for path in PHOTOGRAPHS:
        np.testing.assert_allclose(ours(path), transform(Image.open(path)).numpy(), atol=1e-5)


TORCHVISION = {
    "alexnet": "AlexNet_Weights",
    "googlenet_torchvision": "GoogLeNet_Weights",
    "vgg16": "VGG16_Weights",
    "resnet50": "ResNet50_Weights",
    "resnet152": "ResNet152_Weights",
    "mobilenet_v2": "MobileNet_V2_Weights",
    "efficientnet_b0": "EfficientNet_B0_Weights",
}


@pytest.mark.parametrize("spec", TORCHVISION)
def test_specs_after_torchvision_prepare_as_torchvision_does(
    torchvision: ModuleType, spec: str
) -> None:
    weights = getattr(torchvision.models, TORCHVISION[spec]).IMAGENET1K_V1
    ours = idsl.load(spec).preprocess
    assert ours is not None
    for path in PHOTOGRAPHS:
        expected = weights.transforms()(Image.open(path))
        if spec == "googlenet_torchvision":  # its module goes on, with these weights, as here
            expected = torchvision.models.GoogLeNet(
                num_classes=1, aux_logits=False, transform_input=True, init_weights=False
            )._transform_input(expected[None])[0]
        np.testing.assert_allclose(ours(path), expected.numpy(), atol=1e-5)


def test_googlenet_prepares_as_caffe_does(torchvision: ModuleType) -> None:
    from torchvision.transforms import v2

    ours = idsl.load("googlenet").preprocess
    assert ours is not None
    for path in PHOTOGRAPHS:
        cropped = v2.CenterCrop(224)(v2.Resize(256)(Image.open(path)))
        blue_first = np.asarray(cropped, np.float32)[:, :, ::-1] - [104, 117, 123]
        np.testing.assert_allclose(ours(path), blue_first.transpose(2, 0, 1), atol=1e-4)


# From Python


def test_a_photograph_may_be_a_file_an_image_or_an_array() -> None:
    ours = idsl.load("googlenet").preprocess
    assert ours is not None
    image = Image.open(PHOTOGRAPHS[0])
    expected = ours(PHOTOGRAPHS[0])
    assert (expected.shape, expected.dtype) == ((3, 224, 224), np.float32)
    for photo in (str(PHOTOGRAPHS[0]), image, np.asarray(image)):
        np.testing.assert_array_equal(ours(photo), expected)
    grey = network('preprocess { channels = "grey" }', "1x24x32").preprocess
    assert grey is not None
    plain = np.asarray(image.convert("L"))
    np.testing.assert_array_equal(grey(plain), grey(plain[:, :, None]))


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros((3, 40, 40), np.uint8), "uint8, 3x40x40"),
        (np.zeros((40, 40, 3), np.float32), "float32, 40x40x3"),
        (np.zeros((0, 40, 3), np.uint8), "0x40x3"),
        (np.uint8(3), "a single value"),
    ],
)
def test_an_array_that_is_no_photograph_is_refused(array: Any, words: str) -> None:
    ours = network(CENTRED).preprocess
    assert ours is not None
    with pytest.raises(PhotographError, match=words):
        ours(array)


def test_a_spec_that_says_nothing_of_photographs_has_none() -> None:
    assert network("").preprocess is None
    assert network(CENTRED, "5x24x32").preprocess is None


def test_another_input_wins_over_the_size_of_the_spec() -> None:
    ours = idsl.load("googlenet", input=(3, 224, 256)).preprocess
    assert ours is not None
    assert (ours.size, ours.resize) == ((224, 256), (256, 292))
    assert ours(PHOTOGRAPHS[0]).shape == (3, 224, 256)


# In ONNX


def scaled(pixels: np.ndarray, preprocess: str) -> np.ndarray:
    """What the model should get for these pixels, by the meaning of the words."""
    values = pixels.astype(np.float64)
    if preprocess == CAFFE:
        values = values[..., ::-1] - [104, 117, 123]
    elif preprocess == CENTRED:
        values = values / 127.5 - 1
    else:
        values = (values / 255 - [0.5, 0.4, 0.3]) / [0.2, 0.25, 0.3]
    return values.transpose(0, 3, 1, 2).astype(np.float32)


def photographs(height: int, width: int) -> np.ndarray:
    crops = [
        np.asarray(Image.open(path))[100 : 100 + height, 200 : 200 + width] for path in PHOTOGRAPHS
    ]
    return np.stack(crops)


@pytest.mark.parametrize("functions", [False, True])
@pytest.mark.parametrize("preprocess", [CAFFE, CENTRED, NORMALISED])
def test_a_baked_model_takes_photographs_as_decoded(preprocess: str, functions: bool) -> None:
    net = network(preprocess)
    weights = calibrated_weights(net.graph)
    plain = net.to_onnx(weights=weights)
    baked = net.to_onnx(weights=weights, functions=functions, bake_preprocess=True)
    onnx.checker.check_model(baked, full_check=True)
    (photo,) = baked.graph.input
    assert photo.name == "photo"
    assert photo.type.tensor_type.elem_type == onnx.TensorProto.UINT8
    assert shapes_of_values([photo]) == {"photo": ["batch", 24, 32, 3]}
    pixels = photographs(24, 32)
    expected = run(plain, scaled(pixels, preprocess))[0]
    assert distance(run(baked, pixels)[0], expected) < 1e-6
    assert baked.graph.initializer == plain.graph.initializer


def test_what_is_baked_stands_below_one_prefix_and_is_declared() -> None:
    baked = network(CAFFE).to_onnx(bake_preprocess=True, batch=2)
    first = [node for node in baked.graph.node if node.name.startswith("preprocess/")]
    assert [node.op_type for node in first if node.op_type != "Constant"] == [
        "Gather", "Cast", "Add", "Transpose",
    ]  # fmt: skip
    assert first == baked.graph.node[: len(first)]
    assert list(first[-1].output) == ["image"]
    declared = shapes_of_values(baked.graph.value_info)
    del baked.graph.value_info[:]
    inferred = onnx.shape_inference.infer_shapes(baked, check_type=True, strict_mode=True)
    found = shapes_of_values(inferred.graph.value_info)
    assert {name: found[name] for name in declared} == declared
    made = {out for node in first if node.op_type != "Constant" for out in node.output}
    assert made <= declared.keys()


def test_googlenet_baked_gives_the_logits_of_its_own_preparation() -> None:
    net = idsl.load("googlenet")
    weights = calibrated_weights(net.graph)
    assert net.preprocess is not None
    prepared = np.stack([net.preprocess(path) for path in PHOTOGRAPHS])
    sides = [Image.open(path).resize((383, 256), Image.Resampling.BILINEAR) for path in PHOTOGRAPHS]
    pixels = np.stack([np.asarray(side.crop((80, 16, 304, 240))) for side in sides])
    expected = run(net.to_onnx(weights=weights), prepared)[0]
    found = run(net.to_onnx(weights=weights, bake_preprocess=True), pixels)[0]
    assert distance(found, expected) < 1e-6


def test_baking_in_half_precision_and_without_weights() -> None:
    net = network(NORMALISED)
    weights = calibrated_weights(net.graph)
    pixels = photographs(24, 32)
    full = run(net.to_onnx(weights=weights, bake_preprocess=True), pixels)[0]
    half = net.to_onnx(weights=weights, bake_preprocess=True, dtype="float16")
    onnx.checker.check_model(half, full_check=True)
    assert distance(run(half, pixels)[0], full) < 5e-3
    bare = net.to_onnx(weights=False, bake_preprocess=True)
    assert not bare.graph.initializer
    arrays = [weights[value.name] for value in bare.graph.input[1:]]
    assert distance(run(bare, pixels, *arrays)[0], full) < 1e-6


def test_a_grey_photograph_has_one_channel_and_a_free_name() -> None:
    net = network("preprocess { range = [-1, 1] }", "1x24x32", name="photo")
    baked = net.to_onnx(bake_preprocess=True)
    onnx.checker.check_model(baked, full_check=True)
    assert shapes_of_values(baked.graph.input) == {"photo_2": ["batch", 24, 32, 1]}
    pixels = photographs(24, 32)[..., :1]
    expected = run(net.to_onnx(), scaled(pixels, CENTRED))[0]
    assert distance(run(baked, pixels)[0], expected) < 1e-6


@pytest.mark.parametrize(
    ("preprocess", "shape", "words"),
    [("", "3x24x32", "no `preprocess`"), (CENTRED, "5x24x32", "5x24x32")],
)
def test_without_photographs_there_is_nothing_to_bake(
    preprocess: str, shape: str, words: str
) -> None:
    with pytest.raises(OnnxError, match=f"nothing to bake: .*{words}"):
        network(preprocess, shape).to_onnx(bake_preprocess=True)


def test_metadata_tell_a_stranger_all_there_is_to_do() -> None:
    found = {}
    for baked in (False, True):
        model = idsl.load("inception_v3").to_onnx(weights=False, bake_preprocess=baked)
        entries = {entry.key: entry.value for entry in model.metadata_props}
        found[baked] = json.loads(entries["inception_dsl.preprocess"])
    said = found[False]
    image = Image.open(PHOTOGRAPHS[0])
    scale = said["resize"][0] / image.height
    size = int(image.width * scale), said["resize"][0]
    resized = image.resize(size, Image.Resampling[said["interpolation"].upper()])
    height, width = said["size"]
    left, top = (size[0] - width) / 2, (size[1] - height) / 2
    box = round(left), round(top), round(left) + width, round(top) + height
    assert said["channels"] == "rgb"
    values = np.asarray(resized.crop(box)) * np.asarray(said["gain"]) + np.asarray(said["shift"])
    ours = idsl.load("inception_v3").preprocess
    assert ours is not None
    np.testing.assert_allclose(ours(PHOTOGRAPHS[0]), values.transpose(2, 0, 1), atol=1e-6)
    steps = found[True]["steps"]
    assert said["steps"]["before"] == steps["before"] + steps["inside"]
    assert "341x341" in steps["before"][0]


# On the command line


def command(*arguments: object) -> Result:
    return CliRunner().invoke(incept, [str(each) for each in arguments])


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "small.incept"
    path.write_text(SPEC.format(name="image", shape="3x24x32", preprocess=CAFFE), "utf-8")
    return path


def test_compile_bakes(spec: Path) -> None:
    done = command("compile", spec, "--to", "onnx", "--bake-preprocess", "--batch", "2")
    assert done.exit_code == 0, done.stderr
    model = onnx.load("small.onnx")
    assert shapes_of_values(model.graph.input) == {"photo": [2, 24, 32, 3]}


@pytest.mark.parametrize(
    ("to", "options", "words"),
    [("torch", [], "--bake-preprocess is for --to onnx"), ("onnx", ["--input", "5x9x9"], "5x9x9")],
)
def test_compile_refuses_what_it_cannot_bake(
    spec: Path, to: str, options: list[str], words: str
) -> None:
    done = command("compile", spec, "--to", to, "--bake-preprocess", *options)
    assert done.exit_code == 2
    assert words in done.stderr
    assert [path.name for path in Path.cwd().iterdir()] == ["small.incept"]


def test_run_says_when_the_spec_is_silent(spec: Path) -> None:
    assert "ImageNet" not in command("run", spec, PHOTOGRAPHS[0]).stderr
    spec.write_text(SPEC.format(name="image", shape="3x24x32", preprocess=""), "utf-8")
    assert "as is usual for ImageNet" in command("run", spec, PHOTOGRAPHS[0]).stderr


@pytest.mark.parametrize(
    ("photo", "words"),
    [("nowhere.jpg", "No such file"), (".", "directory"), ("small.incept", "no picture")],
)
def test_run_says_why_a_photograph_cannot_be_read(spec: Path, photo: str, words: str) -> None:
    for backend in ("torch", "onnx"):
        done = command("run", spec, PHOTOGRAPHS[0], photo, "--backend", backend)
        assert (done.exit_code, done.stdout) == (2, "")
        assert f"error: cannot read {photo}: " in done.stderr
        assert words in done.stderr
